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
      the \(Self.name(importance)) grows on average, its line a 95 % interval of that over the repeats. On \(grouped(importance.rows)) rows. Of \
      columns that say the same, each seems less important than both are together.</p>

      """
    return result + table.folded()
  }

  static func sentence(_ column: PermutationImportance.Column, of importance: PermutationImportance) -> String {
    if column.loss.mean <= 0 { return "Shuffling no column makes the model worse: it relies on none of them." }
    let isRegression = importance.isOfRegression
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

  private static func name(_ importance: PermutationImportance) -> String {
    importance.isOfRegression ? "RMSE" : "log loss"
  }

  private func bars(_ columns: ArraySlice<PermutationImportance.Column>) -> HTML {
    let all = importance.columns.map(importance.shown)
    let low = min(0, all.map { $0.interval?.lower ?? $0.mean }.min() ?? 0)
    let high = max(all.map { $0.interval?.upper ?? $0.mean }.max() ?? 0, 1e-12)
    func place(_ value: Double) -> Double { (value - low) / (high - low) * 100 }
    let isRegression = importance.isOfRegression
    let rows = columns.map { column -> HTML in
      let shown = importance.shown(column)
      let (start, end) = (place(min(0, shown.mean)), place(max(0, shown.mean)))
      var whisker: HTML = ""
      if let interval = shown.interval {
        whisker = """
          <path vector-effect="non-scaling-stroke" class="whisker" style="stroke:var(--ink)" \
          d="M\(place(interval.lower)) 5H\(place(interval.upper))"/>
          """
      }
      let metric: HTML =
        isRegression ? "" : "<td class=\"n wide\">\(Wording.change(-100 * column.metric.mean) + " pt")</td>"
      return """
        <tr><th scope="row">\(Wording.short(column.name, 60))</th>\
        <td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="bar" x="\(start)" y="0.5" width="\(end - start)" height="9"/>\(whisker)</svg></td>\
        <td class="n">\(Wording.change(abs(shown.mean) < 1e-6 * high ? 0 : shown.mean))</td>\(metric)</tr>

        """
    }
    let metric: HTML = isRegression ? "" : "<th scope=\"col\" class=\"n wide\">accuracy</th>"
    return """
      <table class="bars"><thead><tr><th scope="col">column</th>\
      <th scope="col">rise of the \(Self.name(importance)) when shuffled</th><th scope="col" class="n"></th>\(metric)</tr></thead>
      <tbody>\(rows)</tbody></table>

      """
  }

  private var table: HTMLTable {
    let isRegression = importance.isOfRegression
    return HTMLTable(
      columns: [
        .init("column", isNumber: false), .init("rise of the \(Self.name(importance))"), .init("95 % interval"),
        .init("deviation"), .init(isRegression ? "rise of the mean squared error" : "fall of the accuracy"),
      ],
      rows: importance.columns.map { column in
        let shown = importance.shown(column)
        return [
          "\(column.name)", "\(Wording.number(shown.mean))", "\(Wording.interval(shown.interval))",
          "\(Wording.number(shown.deviation))",
          "\(Wording.number(isRegression ? column.loss.mean : column.metric.mean))",
        ]
      })
  }
}
