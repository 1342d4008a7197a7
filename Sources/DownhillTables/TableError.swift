/// What went wrong with data, and where: it says what was found, what was expected and what to do.
public struct TableError: Error, Sendable, Equatable {
  /// The sort of fault, for those who must react to it (a command's exit code, say).
  public enum Kind: String, Sendable {
    /// The file is not there, may not be read, or is a folder.
    case cannotOpen
    /// Reading started and failed.
    case cannotRead
    /// The bytes are not a well-formed table or array.
    case malformed
    /// The bytes are not text in the encoding that was expected.
    case encoding
    /// The file is well formed, but doesn't fit what was asked of it: a value or a column that the schema demands.
    case mismatch
    /// The request can't be met: an unknown column name, a share of rows that is not between 0 and 1.
    case badRequest
    /// An optional library is not installed.
    case missingLibrary
  }

  public var kind: Kind
  /// The file as the user named it; nil: no one file is to blame.
  public var file: String?
  /// The line of the file, from 1; of a compressed file, unpacked.
  public var line: Int?
  /// The column's number, from 1.
  public var columnNumber: Int?
  public var column: String?
  /// One paragraph: what was found, what was expected, what to do.
  public var message: String

  public init(
    _ kind: Kind, file: String? = nil, line: Int? = nil, columnNumber: Int? = nil, column: String? = nil,
    _ message: String
  ) {
    self.kind = kind
    self.file = file
    self.line = line
    self.columnNumber = columnNumber
    self.column = column
    self.message = message
  }
}

extension TableError: CustomStringConvertible {
  /// `penguins.csv:17: column 3 "bill_depth_mm": …`
  public var description: String {
    var place = file ?? ""
    if let line { place += ":\(line)" }
    if !place.isEmpty { place += ": " }
    if let columnNumber {
      place += "column \(columnNumber)" + (column.map { " \"\($0)\"" } ?? "") + ": "
    } else if let column {
      place += "column \"\(column)\": "
    }
    return place + message
  }
}

/// A piece of a file for a message: at most `limit` characters, nothing unprintable, in quotes.
package func excerpt(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int = 40) -> String {
  // A character takes at most four bytes here, so this much is enough to see whether something was cut.
  let text = String(decoding: bytes.prefix(4 * limit + 4), as: UTF8.self)
  return excerpt(text, limit: limit)
}

package func excerpt(_ text: String, limit: Int = 40) -> String {
  var shown = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == limit { return "\"\(shown)…\"" }
    count += 1
    switch scalar {
    case "\n": shown += "\\n"
    case "\r": shown += "\\r"
    case "\t": shown += "\\t"
    case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): shown += "·"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return "\"\(shown)\""
}

/// "1 row", "2 rows".
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
