/// A table of a page: words to the left, numbers to the right.
struct HTMLTable {
  struct Column {
    let title: String
    let isNumber: Bool
    /// Whether it holds lists of words, which want some room.
    var isWide = false

    init(_ title: String, isNumber: Bool = true, isWide: Bool = false) {
      (self.title, self.isNumber, self.isWide) = (title, isNumber, isWide)
    }
  }

  let columns: [Column]
  let rows: [[HTML]]
  var caption: String?

  var html: HTML {
    let head = columns.map { column -> HTML in
      column.isNumber
        ? "<th scope=\"col\" class=\"n\">\(column.title)</th>" : "<th scope=\"col\">\(column.title)</th>"
    }
    let body = rows.map { row -> HTML in
      let cells = zip(columns, row).enumerated().map { index, cell -> HTML in
        if index == 0 && !cell.0.isNumber { return "<th scope=\"row\">\(cell.1)</th>" }
        if cell.0.isWide { return "<td class=\"w\">\(cell.1)</td>" }
        return cell.0.isNumber ? "<td class=\"n\">\(cell.1)</td>" : "<td>\(cell.1)</td>"
      }
      return "<tr>\(cells)</tr>\n"
    }
    // A caption would be no wider than the table.
    let caption: HTML = caption.map { "<p class=\"by\">\($0)</p>\n" } ?? ""
    return
      "\(caption)<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead>\n<tbody>\(body)</tbody></table></div>\n"
  }

  /// Folded away, behind the figure that shows the same.
  func folded(_ title: String = "The numbers") -> HTML {
    "<details><summary>\(title)</summary>\(html)</details>\n"
  }
}
