import DownhillTables
import Testing

@Suite("Tables in Latin-1") struct EncodingTests {
  /// 100 rows of ASCII, then é, €, curly quotes and ß as Windows-1252 has them.
  private static let bytes =
    Array(("word,n\n" + (0..<100).map { "plain,\($0)\n" }.joined()).utf8)
    + Array("caf".utf8) + [0xE9] + Array(",1\n".utf8) + [0x80, 0x20, 0x93, 0xDF, 0x94] + Array(",2\n".utf8)
  private static let expected = [String](repeating: "plain", count: 100) + ["café", "€ “ß”"]
  private static let note =
    "102: column 1: the byte 0xE9 is not UTF-8 text, so the file is read as Latin-1 (Windows-1252)."

  @Test(
    "a file that is not UTF-8 is read as Latin-1, and a note says where it shows", arguments: [1, 3], [30, 1 << 20])
  func fallsBack(threads: Int, stretch: Int) throws {
    let file = try TemporaryFile(Self.bytes)
    let table = try Table(contentsOf: .file(file.path), target: "word", threads: threads, stretch: stretch)
    #expect(texts(table["word"]) == Self.expected)
    #expect(table.notes == ["\(file.path):\(Self.note)"])
    #expect(try DownhillTablesTests.table("a\nü\n").notes.isEmpty)
  }

  @Test("a stream turns to Latin-1 where it must", arguments: [3, 16, 1 << 20])
  func stream(readSize: Int) throws {
    let file = try TemporaryFile(Self.bytes)
    let schema = Schema([ColumnSchema(name: "word", kind: .categorical, reason: "")])
    let stream = try TableStream(.file(file.path), schema: schema, readSize: readSize)
    var words: [String?] = []
    while let chunk = try stream.next(rows: 10) { words += texts(chunk["word"]) }
    #expect(words == Self.expected)
    #expect(stream.notes == ["\(file.path):\(Self.note)"])
  }

  @Test("a bad row that is passed over has a say in the encoding, however the file is read", arguments: [8, 1 << 20])
  func badRows(readSize: Int) throws {
    let format = CSVFormat(delimiter: .comma, hasHeader: true, skipsBadRows: true)
    let schema = Schema([
      ColumnSchema(name: "n", kind: .numeric, reason: ""), ColumnSchema(name: "word", kind: .categorical, reason: ""),
    ])
    func outcomes(_ before: [UInt8]) throws -> [[String?]] {
      let start = Array("n,word\n1,".utf8) + before + Array("\n2,\"x\"".utf8)
      let file = try TemporaryFile(start + [0xE9] + Array("\n3,caf".utf8) + [0xE9] + Array("\n4,y\n".utf8))
      func texts(_ table: Table?) -> [String?] {
        table.map { table in (0..<table.rowCount).map { table["word"]?.text($0) } } ?? ["refused"]
      }
      let whole = try? Table(contentsOf: .file(file.path), format: format, schema: schema)
      let stream = try TableStream(.file(file.path), format: format, schema: schema, readSize: readSize)
      var rows: [String?] = []
      do { while let chunk = try stream.next(rows: 1) { rows += texts(chunk) } } catch { rows = ["refused"] }
      return [texts(whole), rows]
    }
    #expect(try outcomes(Array("a".utf8)) == [["a", "café", "y"], ["a", "café", "y"]])
    // What comes before is UTF-8: every guess would garble some of it.
    #expect(try outcomes(Array("é".utf8)) == [["refused"], ["refused"]])
  }

  @Test("names of columns may be Latin-1")
  func names() throws {
    let file = try TemporaryFile([0xFC] + Array("ber,n\n1,2\n2,4\n".utf8))
    #expect(try Table(contentsOf: .file(file.path)).schema.names == ["über", "n"])
  }

  @Test("all 256 bytes are characters, those of Windows-1252 as Unicode's table has them")
  func allBytes() throws {
    let high = Array(UInt8(0x80)...UInt8(0xFF))
    let file = try TemporaryFile(Array("word\nx\n".utf8) + high + [0x0A])
    let table = try Table(
      contentsOf: .file(file.path), format: CSVFormat(delimiter: .comma, hasHeader: true, encoding: .latin1),
      target: "word")
    // What is left open in Windows-1252 are control characters.
    let special = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ"
    let rest = String(String.UnicodeScalarView((0xA0...0xFF).map { Unicode.Scalar($0)! }))
    #expect(texts(table["word"]) == ["x", special + rest])
    #expect(table.notes.isEmpty)
  }

  @Test("Latin-1 may be insisted on: then UTF-8 is taken for it")
  func insistedOn() throws {
    let file = try TemporaryFile(Array("word,n\né,1\nx,2\n".utf8))
    let table = try Table(contentsOf: .file(file.path), format: CSVFormat(encoding: .latin1), target: "word")
    #expect(texts(table["word"]) == ["Ã©", "x"])
  }

  @Test("UTF-8 with a wrong byte in it is refused: what comes before would be garbled", arguments: [4, 1 << 20])
  func mixed(readSize: Int) throws {
    let file = try TemporaryFile(Array("word,n\né,1\ncaf".utf8) + [0xE9] + Array(",2\n".utf8))
    let whole = failure { () throws(TableError) in try Table(contentsOf: .file(file.path)) }
    #expect(whole?.kind == .encoding && whole?.line == 3)
    #expect(whole?.message.contains("what comes before is UTF-8") == true)
    let streamed = failure { () throws(TableError) in
      let stream = try TableStream(
        .file(file.path), schema: Schema([ColumnSchema(name: "word", kind: .categorical, reason: "")]),
        readSize: readSize)
      while try stream.next(rows: 1) != nil {}
    }
    #expect(streamed == whole)
  }
}
