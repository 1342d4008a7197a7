import Downhill

/// Permutation importance as bars.
struct ImportanceText {
  let lines: [String]

  private static let most = 15
  private static let longestName = 22

  init(_ importance: PermutationImportance) {
    let columns = importance.columns.prefix(Self.most)
    let shown = columns.map(importance.shown)
    let names = columns.map { $0.name.shortened(to: Self.longestName) }
    // What is left of rounding is nothing.
    let least = 1e-6 * (shown.map { abs($0.mean) }.max() ?? 0)
    let rises = shown.map { Self.change(abs($0.mean) < least ? 0 : $0.mean) }
    let margins = shown.map { estimate in
      estimate.interval.map { "± \(Format.number(($0.upper - $0.lower) / 2, digits: 2))" } ?? ""
    }
    // Of a regression the RMSE says it all.
    let metrics = columns.map {
      importance.isOfRegression ? "" : "  accuracy " + Self.right(Self.fixed(-100 * $0.metric.mean) + " pt", 8)
    }
    let widths = [names, rises, margins, metrics].map { $0.map(\.count).max() ?? 0 }
    let bar = max(8, ExplanationText.width - widths.reduce(0, +) - 7)
    let most = shown.map(\.mean).max() ?? 0
    var lines = [
      "What it relies on: rise of the \(importance.isOfRegression ? "RMSE" : "log loss") when a column is shuffled",
      "  (\(importance.repeats) times, on \(grouped(importance.rows)) rows; ± is a 95 % interval over the times)",
    ]
    for (index, estimate) in shown.enumerated() {
      lines.append(
        "  \(Self.left(names[index], widths[0]))  "
          + Self.left(Self.bar(most > 0 ? estimate.mean / most : 0, width: bar), bar)
          + "  \(Self.right(rises[index], widths[1])) "
          + (metrics[index].isEmpty ? margins[index] : Self.left(margins[index], widths[2]) + metrics[index]))
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
