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
    lines += [rows, "  \(learning.recipe); seed \(learning.seed)", "", learning.network.description, ""]
    text = lines.joined(separator: "\n")
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
    for kind in [ColumnKind.numeric, .boolean, .categorical] {
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
