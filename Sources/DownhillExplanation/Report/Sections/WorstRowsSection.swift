internal import DownhillNetwork

/// The rows that the model errs most on: as a table, or as pictures.
struct WorstRowsSection: ReportSection {
  let rows: [WorstRow]

  var title: String { "Where it is most wrong" }

  var content: HTML {
    if rows.isEmpty { return "" }
    return """
      <p>\(sentence)</p>
      \(rows.contains { $0.image != nil } ? pictures : table)
      """
  }

  private var sentence: String {
    let wrong = rows.count { !$0.isRight }
    if wrong == 0 { return "None of the rows is wrong; these are those that the model is least sure of." }
    return
      "The rows with the greatest losses: mistakes in the data, something that no column tells, or what the model has "
      + "not learned."
      + (wrong < rows.count
        ? " Only \(wrong) \(wrong == 1 ? "is" : "are") wrong; of the others the model is least sure." : "")
  }

  private var pictures: HTML {
    let items = rows.map { row -> HTML in
      let picture: HTML =
        row.image.map {
          "<img src=\"\($0.dataURL)\" alt=\"\(Self.place(row)), true: \(row.truth), predicted: \(row.prediction)\">"
        } ?? ""
      return """
        <li>\(picture)<b>\(row.truth)</b><br>\(Self.verdict(row))<br><span class="quiet">\(Self.place(row))</span></li>

        """
    }
    return "<ul class=\"pictures\">\(items)</ul>\n"
  }

  private var table: HTML {
    let names = rows.first?.values.map(\.column) ?? []
    let isRegression = rows.contains { $0.residual != nil }
    let columns =
      [HTMLTable.Column(rows.contains { $0.line != nil } ? "line" : "row")]
      + (isRegression
        ? [.init("true"), .init("predicted"), .init("residual")]
        : [
          .init("true", isNumber: false), .init("predicted", isNumber: false), .init("its prob."), .init("of the true"),
        ])
      + names.enumerated().map { index, name in
        HTMLTable.Column(
          Wording.short(name, 24), isNumber: rows.allSatisfy { $0.values[index].text.map { Double($0) != nil } ?? true }
        )
      }
    return HTMLTable(
      columns: columns,
      rows: rows.map { row in
        let place: HTML = row.file == nil ? "\(grouped(row.line ?? row.row))" : "\(Self.place(row))"
        let judgement: [HTML] =
          isRegression
          ? ["\(row.truth)", "\(row.prediction)", "\(Wording.change(row.residual ?? .nan, digits: 3))"]
          : [
            "\(row.truth)",
            row.isRight ? "\(row.prediction)" : "<span class=\"wrong\">\(row.prediction)</span>",
            "\(Wording.percent(row.probability ?? .nan))", "\(Wording.percent(row.probabilityOfTruth ?? .nan))",
          ]
        return [place] + judgement
          + row.values.map { value in value.text.map { "\(Wording.short($0, 60))" } ?? "<span class=\"quiet\">–</span>"
          }
      }
    ).html
  }

  /// What the model says of a picture. Where few rows are wrong, some that are right are among the worst.
  private static func verdict(_ row: WorstRow) -> HTML {
    let sureness = row.probability.map { ", \(Wording.percent($0))" } ?? ""
    if row.residual != nil { return "<span class=\"wrong\">predicted \(row.prediction)</span>" }
    return row.isRight
      ? "<span class=\"quiet\">found, but by \(Wording.percent(row.probability ?? .nan)) only</span>"
      : "<span class=\"wrong\">taken for \(row.prediction + sureness)</span>"
  }

  /// Where to look it up.
  static func place(_ row: WorstRow) -> String {
    switch (row.file, row.line) {
    case (let file?, let line?): "\(file), line \(grouped(line))"
    case (let file?, nil): file
    case (nil, let line?): "line \(grouped(line))"
    case (nil, nil): "image \(grouped(row.row))"
    }
  }
}
