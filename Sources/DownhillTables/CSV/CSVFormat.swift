/// How a text file writes a table. What is nil is found out from the file.
public struct CSVFormat: Sendable, Equatable, Codable {
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

  public init(delimiter: Delimiter? = nil, hasHeader: Bool? = nil) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
  }
}

/// The format that a file was read with, and why.
public struct FoundFormat: Sendable, Equatable, Codable {
  public var delimiter: CSVFormat.Delimiter
  public var delimiterReason: String
  public var hasHeader: Bool
  public var headerReason: String
}
