internal import DownhillNetwork

/// Permutation importance, as a table with bars.
struct ImportanceSection: ReportSection {
  let importance: PermutationImportance

  var title: String { "What the model relies on" }

  /// More bars than this are folded away.
  private static let most = 20

  var content: HTML {
    let columns = importance.columns
    guard let first = columns.first else { return "" }
    var result: HTML = "<p>\(Self.sentence(first, of: importance))</p>\n"
    result += bars(columns.prefix(Self.most))
    if columns.count > Self.most {
      result +=
        "<details><summary>\(columns.count - Self.most) more columns</summary>\(bars(columns.dropFirst(Self.most)))</details>\n"
    }
    result += """
      <p class="by">Each column's values are handed out to the rows at random, \(importance.repeats) times, and all else stays: the bar is how much \
      the \(Self.name(importance.lossName)) grows on average, its line a 95 % interval of that over the repeats. On \(grouped(importance.rows)) rows. Of \
      columns that say the same, each seems less important than both are together.</p>

      """
    return result + table.folded()
  }

  static func sentence(_ column: PermutationImportance.Column, of importance: PermutationImportance) -> String {
    if column.loss.mean <= 0 { return "Shuffling no column makes the model worse: it relies on none of them." }
    let isRegression = importance.metricName == "rmse"
    let (from, to) =
      isRegression
      ? (importance.metric, importance.metric + column.metric.mean)
      : (importance.loss, importance.loss + column.loss.mean)
    return "Shuffling “\(column.name)” costs most: the \(isRegression ? "RMSE" : "log loss") goes from "
      + "\(Wording.number(from)) to \(Wording.number(to))"
      + (isRegression
        ? "."
        : ", and the accuracy from \(Wording.percent(importance.metric, decimals: 1)) to "
          + "\(Wording.percent(importance.metric - column.metric.mean, decimals: 1)).")
  }

  private static func name(_ loss: String) -> String { loss == "mse" ? "mean squared error" : "log loss" }

  private func bars(_ columns: ArraySlice<PermutationImportance.Column>) -> HTML {
    let all = importance.columns
    let low = min(0, all.map { $0.loss.interval?.lower ?? $0.loss.mean }.min() ?? 0)
    let high = max(all.map { $0.loss.interval?.upper ?? $0.loss.mean }.max() ?? 0, 1e-12)
    func place(_ value: Double) -> Double { (value - low) / (high - low) * 100 }
    let isRegression = importance.metricName == "rmse"
    let rows = columns.map { column -> HTML in
      let (start, end) = (place(min(0, column.loss.mean)), place(max(0, column.loss.mean)))
      var whisker: HTML = ""
      if let interval = column.loss.interval {
        whisker =
          "<path vector-effect=\"non-scaling-stroke\" class=\"whisker\" style=\"stroke:var(--ink)\" d=\"M\(place(interval.lower)) 5H\(place(interval.upper))\"/>"
      }
      let metric =
        isRegression
        ? Wording.change(column.metric.mean) : Wording.change(-100 * column.metric.mean) + " pt"
      return """
        <tr><th scope="row">\(Wording.short(column.name, 60))</th><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="bar" x="\(start)" y="0.5" width="\(end - start)" height="9"/>\(whisker)</svg></td>\
        <td class="n">\(Wording.change(column.loss.mean))</td><td class="n wide">\(metric)</td></tr>

        """
    }
    return """
      <table class="bars"><thead><tr><th scope="col">column</th><th scope="col">rise of the \(Self.name(importance.lossName)) when shuffled</th>\
      <th scope="col" class="n"></th><th scope="col" class="n wide">\(isRegression ? "RMSE" : "accuracy")</th></tr></thead>
      <tbody>\(rows)</tbody></table>

      """
  }

  private var table: HTMLTable {
    HTMLTable(
      columns: [
        .init("column", isNumber: false), .init("rise of the loss"), .init("95 % interval"), .init("deviation"),
        .init(importance.metricName == "rmse" ? "rise of the RMSE" : "fall of the accuracy"),
      ],
      rows: importance.columns.map { column in
        [
          "\(column.name)", "\(Wording.number(column.loss.mean))", "\(Wording.interval(column.loss.interval))",
          "\(Wording.number(column.loss.deviation))", "\(Wording.number(column.metric.mean))",
        ]
      })
  }
}
