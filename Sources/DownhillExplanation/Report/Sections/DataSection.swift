internal import DownhillNetwork
internal import DownhillTables

/// What the columns hold.
struct DataSection: ReportSection {
  let columns: [ColumnSummary]
  let rows: Int
  let target: String

  var title: String { "The data" }

  private static let most = 60

  var content: HTML {
    if columns.isEmpty { return "" }
    let table = HTMLTable(
      columns: [
        .init("column", isNumber: false), .init("kind", isNumber: false), .init("missing"),
        .init("values", isNumber: false, isWide: true), .init("", isNumber: false),
      ],
      rows: columns.prefix(Self.most).map { column in
        let kind = column.name == target ? "target" : column.kind.rawValue
        let missing: HTML = column.missing > 0 ? "\(Wording.percent(column.missing))" : "<span class=\"quiet\">–</span>"
        return ["\(Wording.short(column.name, 60))", "\(kind)", missing, "\(Self.words(column))", Self.picture(column)]
      })
    let more: HTML =
      columns.count > Self.most ? "<p class=\"by\">And \(columns.count - Self.most) more columns.</p>\n" : ""
    return "<p class=\"by\">Of \(grouped(rows)) rows. Numbers: least, median, greatest.</p>\n\(table.html)\(more)"
  }

  private static func words(_ column: ColumnSummary) -> String {
    switch column.content {
    case .numbers(let least, let median, let greatest, _):
      [least, median, greatest].map { column.kind == .date ? String(dateText($0).prefix(10)) : Wording.datum($0) }
        .joined(separator: " · ")
    case .categories(let count, let names):
      names.map { "\(Wording.short($0.name, 20)) \(Wording.percent($0.share))" }.joined(separator: ", ")
        + (count > names.count ? " and \(count - names.count) more" : "")
    case .empty: "none"
    }
  }

  /// The histogram of numbers, small.
  private static func picture(_ column: ColumnSummary) -> HTML {
    guard case .numbers(_, _, _, let histogram) = column.content, let most = histogram.counts.max(), most > 0 else {
      return ""
    }
    let bars = histogram.counts.enumerated().map { index, count -> HTML in
      let height = 22 * Double(count) / Double(most)
      return "<rect class=\"bar\" x=\"\(Double(index) * 4)\" y=\"\(22 - height)\" width=\"3.2\" height=\"\(height)\"/>"
    }
    return """
      <svg viewBox="0 0 80 22" style="width:80px" role="img"><title>Histogram of \(column.name)</title>\(bars)</svg>
      """
  }
}
