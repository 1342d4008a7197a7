/// Columns of equally many rows.
public struct Table: Sendable, Equatable {
  /// The columns whose values are kept: all but the ignored ones.
  public var columns: [Column]
  /// For each row the line of the file on which it begins, from 1. Messages name rows by it.
  public var lines: ColumnStorage<Int32>
  /// What each column of the file is, ignored columns too, and why.
  public var schema: Schema
  /// Columns that were asked to be carried along, as texts.
  public var carried: [Column]
  /// Columns of the file that a given schema doesn't know; they were passed over.
  public var extraColumns: [String]
  /// What the file is called in messages.
  public var source: String
  /// How the file was written, and how that was found out; nil for a table made in memory. Of several files, the first.
  public var format: FoundFormat?
  /// Columns that were asked to be set aside: they are read and not learned from.
  public var aside: [Column] = []
  /// Rows of the file that were passed over, where that was asked for.
  public var skipped = SkippedRows()
  /// For each of them how many rows of the table come before it, where the table is a chunk of a stream.
  public var gaps: [Int32] = []
  /// What was noticed about the file, for people: how its bytes were read, say.
  public var notes: [String] = []
  /// The files, where there are several, and the number of each row's.
  var files: [String] = []
  var fileNumbers: ColumnStorage<Int32> = []
  /// Where there is room on a disk for what is made of a table that doesn't fit into memory; nil: it does.
  package internal(set) var scratchFolder: String?

  public var rowCount: Int { lines.count }

  /// A table from columns made in memory; its rows are numbered from 1.
  public init(_ columns: [Column], source: String = "table") {
    let rows = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == rows }, "columns of different lengths")
    precondition(Set(columns.map(\.name)).count == columns.count, "two columns of one name")
    self.init(
      columns: columns, lines: ColumnStorage((0..<Int32(rows)).map { $0 + 1 }),
      schema: Schema(
        columns.map { column in
          ColumnSchema(name: column.name, kind: column.kind, reason: "as given", booleanWords: column.booleanWords)
        }),
      source: source)
  }

  init(
    columns: [Column], lines: ColumnStorage<Int32>, schema: Schema, carried: [Column] = [], extraColumns: [String] = [],
    source: String, format: FoundFormat? = nil
  ) {
    self.columns = columns
    self.lines = lines
    self.schema = schema
    self.carried = carried
    self.extraColumns = extraColumns
    self.source = source
    self.format = format
  }

  /// The column of this name, if its values are kept. It is looked for; `placesByName` is for many names.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }

  /// Where each column stands.
  package var placesByName: [String: Int] {
    Dictionary(zip(columns.lazy.map(\.name), 0...), uniquingKeysWith: { first, _ in first })
  }

  /// Some of the rows, in the order given.
  public func select(rows: [Int32]) -> Table {
    var table = self
    table.columns = columns.map { $0.select(rows: rows) }
    table.carried = carried.map { $0.select(rows: rows) }
    table.aside = aside.map { $0.select(rows: rows) }
    table.lines = ColumnStorage(rows.map { lines[Int($0)] })
    if !files.isEmpty { table.fileNumbers = ColumnStorage(rows.map { fileNumbers[Int($0)] }) }
    return table
  }

  /// An error about the value of a row, with its place.
  package func error(_ kind: TableError.Kind, row: Int, column: String, _ message: String) -> TableError {
    TableError(
      kind, file: files.isEmpty ? source : files[Int(fileNumbers[row])], line: Int(lines[row]), column: column, message)
  }

  /// Where a row stands: its line, and the file where there are several.
  package func place(ofRow row: Int) -> (file: String?, line: Int) {
    (files.isEmpty ? nil : files[Int(fileNumbers[row])], Int(lines[row]))
  }

  /// Gives back the memory that columns in a file take since they were read.
  package func giveBack() {
    for column in columns + aside { column.values.giveBack() }
    lines.giveBack()
  }

  /// The table without some columns, say the target's.
  public func dropping(_ names: String...) -> Table {
    var table = self
    table.columns.removeAll { names.contains($0.name) }
    table.schema.columns.removeAll { names.contains($0.name) }
    return table
  }

  /// The rows whose value in a column is there, ascending; all rows if there is no such column.
  public func rows(withValueIn name: String) -> [Int32] {
    let all = (0..<Int32(rowCount)).map { $0 }
    switch self[name]?.values {
    case .numbers(let numbers): return zip(all, numbers).compactMap { $1.isNaN ? nil : $0 }
    case .categories(let codes, _): return zip(all, codes).compactMap { $1 < 0 ? nil : $0 }
    case .texts, nil: return all
    }
  }
}
