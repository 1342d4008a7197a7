import DownhillTables
import Testing

/// A broken file, and where and how its fault is reported.
struct Broken: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  var kind = TableError.Kind.malformed
  var line: Int?
  var columnNumber: Int?
  var column: String?
  var fragment: String

  init(
    _ name: String, _ text: String, _ line: Int?, _ columnNumber: Int? = nil, _ column: String? = nil,
    says fragment: String
  ) {
    self.init(name, bytes: Array(text.utf8), line, columnNumber, column, says: fragment)
  }

  init(
    _ name: String, _ kind: TableError.Kind = .malformed, bytes: [UInt8], _ line: Int?, _ columnNumber: Int? = nil,
    _ column: String? = nil,
    says fragment: String
  ) {
    (self.name, self.bytes, self.line, self.columnNumber, self.column) = (name, bytes, line, columnNumber, column)
    self.fragment = fragment
    self.kind = kind
  }

  var testDescription: String { name }
}

private let latin1 = Array("a,b\n1,x\n2,caf".utf8) + [0xE9] + Array(" x\n3,y\n".utf8)

private let utf8 = CSVFormat(encoding: .utf8)

@Suite("Broken CSV files") struct BrokenCSVTests {
  static let files: [Broken] = [
    Broken("empty", "", nil, says: "the file is empty"),
    Broken("only line ends", "\n\r\n\n", nil, says: "the file is empty"),
    Broken("only a byte order mark", bytes: [0xEF, 0xBB, 0xBF], nil, says: "the file is empty"),
    Broken("header only", "a,b,c\n", 1, says: "column names and no rows"),
    Broken("header and empty lines", "\na,b,c\n\n\n", 2, says: "below line 2"),
    Broken(
      "a field too few", "a,b,c\n1,2,3\n4,5\n", 3,
      says: "2 fields on this line, but the column names on line 1 are 3. It begins \"4,5\""),
    Broken(
      "a field too many", "a,b\n1,2\n3,4,5\n", 3, says: "3 fields on this line, but the column names on line 1 are 2"),
    Broken("one field", "a,b\n1,2\nhello\n3,4\n", 3, says: "1 field on this line"),
    Broken("cut off in the last line", "a,b,c\n1,2,3\n4,5,6\n7,", 4, says: "2 fields on this line"),
    Broken("ragged after an embedded newline", "a,b\n\"x\ny\",1\n2\n", 4, says: "1 field on this line"),
    Broken("ragged without a header", "1,2\n3,4\n5,6,7\n", 3, says: "but line 1 has 2"),
    Broken("ragged with CR", "a,b\r1,2\r3\r", 3, says: "1 field on this line"),
    Broken(
      "a delimiter at the end of the lines", "a,b,\n1,2,\n", 1, 3, says: "perhaps the line ends in a delimiter too many"
    ),
    Broken(
      "quote never closed", "a,b\n1,x\n2,\"y\n3,z\n4,w\n", 3, 2,
      says: "the quote that opens here is never closed: \"\"y\\n3,z"),
    Broken("quote never closed in the header", "a,\"b\n1,2\n", 1, 2, says: "never closed"),
    Broken("quote never closed at the end", "a,b\n1,2\n3,\"", 3, 2, says: "never closed"),
    Broken("odd number of quotes", "a,b\n1,\"x\"\"\n2,y\n", 2, 2, says: "never closed"),
    Broken("text after a closing quote", "a,b\n1,\"x\"y\n", 2, 2, says: "text after the closing quote: \"y"),
    Broken("quote closed by a later line's quote", "a,b\n1,\"x\n2,\"y\"\n", 3, 2, says: "(the quote opened on line 2)"),
    Broken("text before a later quote", "a,b,c\n\"1\" 2,3,4\n", 2, 1, says: "text after the closing quote: \"2,3,4"),
    Broken("two columns of one name", "a,b,a\n1,2,3\n", 1, 3, "a", says: "column 1 has the same name"),
    Broken("same name but for quotes", "a,\"a\"\n1,2\n", 1, 2, "a", says: "same name"),
    Broken("a column without a name", "a,,c\n1,2,3\n", 1, 2, says: "the column has no name"),
    Broken("a column of blanks for a name", "a,\"\",c\n1,2,3\n", 1, 2, says: "the column has no name"),
    Broken("UTF-16, little endian", bytes: [0xFF, 0xFE, 0x61, 0, 0x2C, 0], nil, says: "UTF-16"),
    Broken("UTF-16, big endian", bytes: [0xFE, 0xFF, 0, 0x61, 0, 0x2C], nil, says: "UTF-16"),
    Broken("UTF-16 without a mark", bytes: [0x61, 0, 0x2C, 0, 0x62, 0], nil, says: "zero bytes"),
    Broken("Latin 1", .encoding, bytes: latin1, 3, 2, says: "the byte 0xE9 is not UTF-8"),
    Broken("overlong UTF-8", .encoding, bytes: Array("a,b\n1,".utf8) + [0xC0, 0xAF, 0x0A], 2, 2, says: "0xC0"),
    Broken(
      "a surrogate in UTF-8", .encoding, bytes: Array("a,b\n1,".utf8) + [0xED, 0xA0, 0x80, 0x0A], 2, 2, says: "0xED"),
    Broken("UTF-8 cut off", .encoding, bytes: Array("a,b\n1,".utf8) + [0xE2, 0x82], 2, 2, says: "0xE2"),
    Broken("gzip", bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], nil, says: "breaks off"),
    Broken("IDX", bytes: [0, 0, 8, 3, 0, 0, 0, 1], nil, says: "is an IDX file"),
    Broken("a spreadsheet", bytes: [0x50, 0x4B, 3, 4, 20, 0], nil, says: "spreadsheet"),
    Broken("Parquet", bytes: Array("PAR1".utf8) + [0x15, 4], nil, says: "Parquet"),
    Broken("machine code", bytes: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], nil, says: "not text"),
    Broken(
      "a zero byte deep in the file",
      bytes: Array(("a,b\n" + String(repeating: "1,2\n", count: 5000)).utf8) + [0x33, 0, 0x2C, 0x34, 10],
      5002, 1, says: "zero byte"),
  ]

  @Test("each is reported at its place, with what was expected", arguments: files)
  func reports(file: Broken) throws {
    let stored = try TemporaryFile(file.bytes)
    let error = try #require(
      failure { () throws(TableError) in try Table(contentsOf: .file(stored.path), format: utf8) })
    #expect(error.kind == file.kind)
    #expect(error.file == stored.path)
    #expect(error.line == file.line)
    #expect(error.columnNumber == file.columnNumber)
    #expect(error.column == file.column)
    #expect(error.message.contains(file.fragment), "\(error.message)")
    #expect(!error.message.contains("\n"))
  }

  @Test("the same faults are found when the file is read in chunks", arguments: files, [7, 1 << 16])
  func reportsInChunks(file: Broken, readSize: Int) throws {
    let stored = try TemporaryFile(file.bytes)
    let whole = failure { () throws(TableError) in try Table(contentsOf: .file(stored.path), format: utf8) }
    // Two columns that aren't read, for the file that has no header and goes by position.
    let schema = Schema(["column1", "column2"].map { ColumnSchema(name: $0, kind: .ignored, reason: "as asked") })
    let chunked = failure { () throws(TableError) in
      let stream = try TableStream(.file(stored.path), format: utf8, schema: schema, readSize: readSize)
      while try stream.next(rows: 2) != nil {}
    }
    #expect(chunked == whole)
  }

  @Test("an error reads as file, line, column and one sentence after the other")
  func description() throws {
    let error = failure { () throws(TableError) in
      try table("a,b\n1,2\n3,x\n", overrides: SchemaOverrides(numeric: ["b"]))
    }
    #expect(
      error?.description
        == "t.csv:3: column 2 \"b\": \"x\" where a number was expected. The column was asked to be numeric. Mend the "
        + "value, or leave the column out of the numeric ones.")
  }

  @Test("files that can't be opened say why")
  func cannotOpen() {
    let absent = failure { () throws(TableError) in try Table(contentsOf: .file("/nowhere/x.csv")) }
    #expect(absent?.kind == .cannotOpen)
    #expect(absent?.message.contains("No such file") == true)
    let folder = failure { () throws(TableError) in try Table(contentsOf: .file("/tmp")) }
    #expect(folder?.kind == .cannotOpen)
    #expect(folder?.message.contains("is a folder") == true)
    let closed = failure { () throws(TableError) in try Table(contentsOf: .descriptor(9999, name: "pipe")) }
    #expect(closed?.kind == .cannotOpen)
    #expect(failure { () throws(TableError) in try Table(contentsOf: .file("a\0b")) }?.kind == .cannotOpen)
  }

  @Test("long and unprintable content is shown cut and escaped")
  func excerpts() throws {
    let error = failure { () throws(TableError) in
      try table("a,b\n1,2\n" + String(repeating: "\u{1}é", count: 5000) + "\n")
    }
    #expect(error?.message.contains("It begins \"" + String(repeating: "·é", count: 20) + "…\"") == true)
  }
}
