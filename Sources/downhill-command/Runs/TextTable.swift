/// A table for people: columns as wide as what is in them, numbers to the right.
struct TextTable {
  struct Column {
    let title: String
    let isNumber: Bool
    let cells: [String]
  }

  private let columns: [Column]

  init(_ columns: [Column]) { self.columns = columns }

  var text: String {
    let rows = columns.first?.cells.count ?? 0
    // Where all is ASCII, as it nearly always is, characters are bytes.
    let widths = columns.map { column in ([column.title] + column.cells).map(\.width).max() ?? 0 }
    var text = ""
    text.reserveCapacity((rows + 1) * widths.reduce(2 * widths.count, +))
    for row in -1..<rows {
      // Spaces are written when something follows them.
      var gap = 0
      for (column, width) in zip(columns, widths) {
        let cell = row < 0 ? column.title : column.cells[row]
        let padding = width - cell.width
        if column.isNumber { gap += padding }
        if !cell.isEmpty {
          text.append(spaces: gap)
          text += cell
          gap = 0
        }
        gap += 2 + (column.isNumber ? 0 : padding)
      }
      if row < rows - 1 { text += "\n" }
    }
    return text
  }
}

extension String {
  /// In columns of a terminal.
  fileprivate var width: Int { utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count }

  fileprivate mutating func append(spaces count: Int) { for _ in 0..<count { append(" ") } }
}
