/// How a text file writes a table, and what to do where it doesn't. What is nil is found out from the file.
public struct CSVFormat: Sendable, Equatable {
  /// What stands between two fields.
  public enum Delimiter: String, Sendable, Codable, CaseIterable {
    case comma = ","
    case semicolon = ";"
    case tab = "\t"
    case pipe = "|"

    var byte: UInt8 { rawValue.utf8.first! }
  }

  public var delimiter: Delimiter?
  /// Whether the first line holds the names of the columns. Without them the columns are called `column1`, `column2`, …
  public var hasHeader: Bool?

  /// nil: UTF-8, or Latin-1 where the file turns out not to be UTF-8, with a note.
  public var encoding: TextEncoding?
  /// Texts that say that a value is missing, beside nothing, `NA`, `N/A`, `null`, `NaN` and `?`: `-999`, `unknown`. One
  /// that is a number stands for it however it is written.
  public var missing: [String]
  /// Whether rows with another number of fields than there are columns, or with a broken quote, are passed over and
  /// counted; else they are errors.
  public var skipsBadRows: Bool

  public init(
    delimiter: Delimiter? = nil, hasHeader: Bool? = nil, encoding: TextEncoding? = nil, missing: [String] = [],
    skipsBadRows: Bool = false
  ) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
    self.encoding = encoding
    self.missing = missing
    self.skipsBadRows = skipsBadRows
  }

  /// With more texts that say that a value is missing.
  func adding(missing others: [String]) -> CSVFormat {
    var format = self
    format.missing += others
    return format
  }
}

/// The format that a file was read with, and why.
public struct FoundFormat: Sendable, Equatable, Codable {
  public var delimiter: CSVFormat.Delimiter
  public var delimiterReason: String
  public var hasHeader: Bool
  public var headerReason: String
}
