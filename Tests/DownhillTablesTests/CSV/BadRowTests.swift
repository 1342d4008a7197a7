import DownhillTables
import Testing

@Suite("Bad rows that are passed over") struct BadRowTests {
  private static let lenient = CSVFormat(delimiter: .comma, hasHeader: true, skipsBadRows: true)

  @Test("rows with a wrong number of cells or a broken quote are counted, and the first described as errors would be")
  func skips() throws {
    let text = "a,b\n1,x\n2\n3,y,z\n4,\"q\"r\n5,\"open\n6,w\n"
    let table = try table(text, format: Self.lenient, target: "b")
    #expect(texts(table["a"]) == ["1", "6"] && table.lines == [2, 7])
    #expect(table.skipped.count == 4 && table.skipped.first.map(\.line) == [3, 4, 5, 6])
    let strict = failure { () throws(TableError) in
      try DownhillTablesTests.table(text, format: CSVFormat(delimiter: .comma, hasHeader: true), target: "b")
    }
    #expect(table.skipped.first[0] == strict)
    #expect(table.skipped.report[0] == "4 bad rows skipped:" && table.skipped.report.count == 5)
  }

  @Test("text where a number is demanded stays an error")
  func otherFaults() throws {
    let error = failure { () throws(TableError) in
      try table("a,b\n1,2\nx,3\n", format: Self.lenient, overrides: SchemaOverrides(numeric: ["a"]))
    }
    #expect(error?.line == 3)
  }

  @Test("a file of bad rows only is an error that says so")
  func nothingLeft() throws {
    let error = failure { () throws(TableError) in try table("a,b\n1\n2\n", format: Self.lenient) }
    #expect(error?.message.contains("all 2 rows of the file are bad: 1 field on this line") == true)
  }

  /// Good rows, among them bad ones of every sort, with line ends in quotes near them.
  private static func file(seed: UInt64) -> String {
    var random = TestGenerator(state: seed)
    var text = "n,word,late\n"
    for row in 0..<400 {
      switch Int.random(in: 0..<12, using: &random) {
      case 0: text += "\(row)\n"
      case 1: text += "\(row),a,b,c\n"
      case 2: text += "\(row),\"a\"b,c\n"
      case 3: text += "\(row),\"two\nlines\",\(row)\n"
      case 4: text += "\(row),\"open,7\n"
      default: text += "\(row),w\(row % 5),\(row < 390 ? "\(row)" : "text")\n"
      }
    }
    return text
  }

  @Test("stretches, threads and streams pass over the same rows", arguments: [1, 2, 5], [20, 100, 1000])
  func everyRoad(threads: Int, stretch: Int) throws {
    for seed in 0..<4 as Range<UInt64> {
      let text = Self.file(seed: seed)
      let expected = try Table(contentsOf: .text(text), format: Self.lenient, target: "n", threads: 1)
      #expect(expected.skipped.count > 50)
      let table = try Table(
        contentsOf: .text(text), format: Self.lenient, target: "n", threads: threads, stretch: stretch)
      #expect(table == expected)

      let file = try TemporaryFile(Array(text.utf8))
      let stream = try TableStream(
        .file(file.path), format: Self.lenient, schema: expected.schema, readSize: stretch)
      var lines: [Int32] = []
      var gaps: [Int32] = []
      while let chunk = try stream.next(rows: 7) {
        #expect(chunk.rowCount + chunk.gaps.count <= 7)
        gaps += chunk.gaps.map { $0 + Int32(lines.count) }
        lines += chunk.lines
      }
      #expect(lines == expected.lines)
      #expect(stream.skipped.count == expected.skipped.count && gaps.count == expected.skipped.count)
      #expect(stream.skipped.first.map(\.line) == expected.skipped.first.map(\.line))
      #expect(gaps == gaps.sorted())
    }
  }
}
