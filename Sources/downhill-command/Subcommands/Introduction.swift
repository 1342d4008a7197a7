import Downhill

/// What is said before training: what the data are, what was chosen, and what will be trained.
struct Introduction {
  let text: String

  init(_ learning: Learning, _ examples: Examples) {
    var lines = [Self.data(examples)]
    lines += learning.notes.map { "  \($0)" }
    if case .table(let table) = examples.features {
      lines += Self.columns(table, target: examples.target.name).map { "  \($0)" }
    }
    var rows = "  rows: \(grouped(learning.trainingRows)) to train"
    if learning.validationRows > 0 { rows += ", \(grouped(learning.validationRows)) to validate" }
    if learning.testRows > 0 { rows += ", \(grouped(learning.testRows)) to test" }
    lines.append(rows)
    lines += Self.wrapped("\(learning.recipe); seed \(learning.seed)").map { "  \($0)" }
    lines += ["", learning.network.description, ""]
    text = lines.joined(separator: "\n")
  }

  /// A list in lines of at most 90 characters, broken behind commas.
  private static func wrapped(_ list: String) -> [String] {
    var lines = [""]
    for (index, part) in list.split(separator: ", ").enumerated() {
      if index > 0 { lines[lines.count - 1] += "," }
      if lines[lines.count - 1].count + part.count > 88 { lines.append(" ") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + part
    }
    return lines
  }

  private static func data(_ examples: Examples) -> String {
    switch examples.features {
    case .table(let table):
      "\(examples.source): \(grouped(examples.count)) rows, \(table.schema.columns.count) columns"
    case .images(let images):
      "\(examples.source): \(grouped(examples.count)) images of "
        + images.dimensions.map(String.init).joined(separator: " × ")
    }
  }

  /// The columns by kind; those left out with the reason.
  private static func columns(_ table: Table, target: String) -> [String] {
    let others = table.schema.columns.filter { $0.name != target }
    var lines: [String] = []
    for kind in [ColumnKind.numeric, .boolean, .categorical, .text, .date] {
      let names = others.filter { $0.kind == kind }.map(\.name)
      if names.isEmpty { continue }
      let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
      lines.append("\(names.count) \(kind.rawValue): \(shown)")
    }
    for column in others where column.kind == .identifier || column.kind == .ignored {
      lines.append("left out: \(column.name) (\(column.reason))")
    }
    return lines
  }
}
