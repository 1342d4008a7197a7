import Downhill

/// Permutation importance as bars.
struct ImportanceText {
  let lines: [String]

  private static let most = 15
  private static let longestName = 22

  init(_ importance: PermutationImportance) {
    let isRegression = importance.metricName == "rmse"
    let columns = importance.columns.prefix(Self.most)
    let names = columns.map { $0.name.shortened(to: Self.longestName) }
    let rises = columns.map { Self.change($0.loss.mean) }
    let margins = columns.map { column in
      column.loss.interval.map { "± \(Format.number(($0.upper - $0.lower) / 2, digits: 2))" } ?? ""
    }
    let metrics = columns.map {
      isRegression ? Self.change($0.metric.mean) : Self.fixed(-100 * $0.metric.mean) + " pt"
    }
    let widths = [names, rises, margins, metrics].map { $0.map(\.count).max() ?? 0 }
    let metric = isRegression ? "RMSE" : "accuracy"
    let bar = max(8, ExplanationText.width - widths.reduce(0, +) - metric.count - 11)
    let most = columns.map(\.loss.mean).max() ?? 0
    var lines = [
      "What it relies on: rise of the \(isRegression ? "mean squared error" : "log loss") when a column is shuffled",
      "  (\(importance.repeats) times, on \(grouped(importance.rows)) rows; ± is a 95 % interval over them)",
    ]
    for (index, column) in columns.enumerated() {
      lines.append(
        "  \(Self.left(names[index], widths[0]))  "
          + Self.left(Self.bar(most > 0 ? column.loss.mean / most : 0, width: bar), bar)
          + "  \(Self.right(rises[index], widths[1])) \(Self.left(margins[index], widths[2]))"
          + "  \(metric) \(Self.right(metrics[index], widths[3]))")
    }
    if importance.columns.count > Self.most { lines.append("  and \(importance.columns.count - Self.most) more") }
    self.lines = columns.isEmpty ? [] : lines
  }

  /// In eighths of a character.
  static func bar(_ share: Double, width: Int) -> String {
    let eighths = Int((min(max(share, 0), 1) * Double(8 * width)).rounded())
    let parts = Array(" ▏▎▍▌▋▊▉")
    return String(repeating: "█", count: eighths / 8) + (eighths % 8 > 0 ? String(parts[eighths % 8]) : "")
  }

  private static func change(_ value: Double) -> String {
    (value > 0 ? "+" : "") + Format.number(value, digits: 3)
  }

  private static func fixed(_ value: Double) -> String {
    (value > 0.05 ? "+" : "") + Format.fixed(value, decimals: 1)
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
