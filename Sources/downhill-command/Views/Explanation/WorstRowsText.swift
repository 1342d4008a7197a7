import Downhill

/// The worst rows as a table that is no wider than the window.
struct WorstRowsText {
  let lines: [String]

  private static let longestCell = 16

  init(_ rows: [WorstRow]) {
    if rows.isEmpty {
      lines = []
      return
    }
    let isRegression = rows[0].residual != nil
    let hasLines = rows[0].line != nil
    let place = hasLines ? "line" : "row"
    var columns = [
      TextTable.Column(title: place, isNumber: true, cells: rows.map { grouped($0.line ?? $0.row) }),
      TextTable.Column(
        title: "true", isNumber: isRegression, cells: rows.map { $0.truth.shortened(to: Self.longestCell) }),
      TextTable.Column(
        title: "predicted", isNumber: isRegression, cells: rows.map { $0.prediction.shortened(to: Self.longestCell) }),
    ]
    if !isRegression {
      columns.append(
        TextTable.Column(
          title: "prob.", isNumber: true, cells: rows.map { Format.fixed($0.probability ?? .nan, decimals: 3) }))
    }
    var width = 2 + columns.reduce(0) { $0 + 2 + Self.width($1) }
    if rows.contains(where: { $0.file != nil }) {
      let room = ExplanationText.width - width
      let files = rows.map { row in
        let name = row.file ?? ""
        return name.count <= room ? name : "…" + name.suffix(max(1, room - 1))
      }
      columns.append(TextTable.Column(title: "file", isNumber: false, cells: files))
      width += 2 + Self.width(columns[columns.count - 1])
    }
    for (index, value) in rows[0].values.enumerated() {
      let cells = rows.map { ($0.values[index].text ?? "–").shortened(to: Self.longestCell) }
      let column = TextTable.Column(
        title: value.column.shortened(to: Self.longestCell), isNumber: cells.allSatisfy { Double($0) != nil },
        cells: cells)
      // One that is too wide leaves room for narrower ones.
      if width + 2 + Self.width(column) > ExplanationText.width { continue }
      width += 2 + Self.width(column)
      columns.append(column)
    }
    lines =
      ["Where it is most wrong"] + TextTable(columns).text.split(separator: "\n").map { "  \($0)" }
  }

  private static func width(_ column: TextTable.Column) -> Int {
    ([column.title] + column.cells).map(\.count).max() ?? 0
  }
}
