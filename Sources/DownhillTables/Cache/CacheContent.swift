internal import DownhillFiles

/// What a cache says of itself, as JSON at its end.
struct CacheContent: Codable {
  /// What the table was read from, and how. A cache with another key is another table's.
  struct Key: Codable, Equatable {
    let version: Int
    let files: [FileStamp]
    let delimiter: String?
    let hasHeader: Bool?
    let encoding: TextEncoding?
    let missing: [String]
    let skipsBadRows: Bool
    let overrides: SchemaOverrides
    let target: String?
  }

  /// Values that stand in the file from a byte on.
  struct Region: Codable {
    let offset: Int
    let bytes: Int
    let checksum: UInt64
  }

  struct StoredColumn: Codable {
    let name: String
    let kind: ColumnKind
    /// The names of categories; nil: numbers.
    let names: [String]?
    let region: Region
  }

  /// A row that was passed over, as its error says it.
  struct BadRow: Codable {
    let kind: String
    let file: String?
    let line: Int?
    let message: String
  }

  let key: Key
  let rows: Int
  let schema: Schema
  var columns: [StoredColumn]
  /// Those set aside.
  var aside: [StoredColumn]
  var lines: Region
  /// Where there are several files.
  var fileNumbers: Region?
  let format: FoundFormat
  let skippedCount: Int
  let skippedFirst: [BadRow]
  let notes: [String]
}

extension CacheContent.BadRow {
  init(_ error: TableError) {
    self.init(kind: error.kind.rawValue, file: error.file, line: error.line, message: error.message)
  }

  var error: TableError {
    TableError(TableError.Kind(rawValue: kind) ?? .malformed, file: file, line: line, message)
  }
}

extension SkippedRows {
  init(_ content: CacheContent) {
    self.init()
    count = content.skippedCount
    first = content.skippedFirst.map(\.error)
  }
}
