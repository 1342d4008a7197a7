import DownhillTables
import Testing

@Suite("Format detection") struct DetectionTests {
  @Test(
    "the delimiter is the one that cuts all lines alike",
    arguments: [
      ("a,b\n1,2\n", CSVFormat.Delimiter.comma), ("a;b\n1,5;2,5\n3,1;4,1\n", .semicolon),
      ("a\tb\n1,2\t3\n", .tab), ("a|b|c\n1|2|3\n", .pipe), ("\"x,y\";b;c\n\"1,2\";3;4\n", .semicolon),
      ("a\n1\n2\n", .comma),
      ("name;notes\nx;one, two, three\ny;four\n", .semicolon), ("a,b\nx|y,1\nz,2\n", .comma),
    ])
  func delimiters(text: String, expected: CSVFormat.Delimiter) throws {
    #expect(try table(text).format?.delimiter == expected)
  }

  @Test("one bad line doesn't change the delimiter")
  func badLine() throws {
    let error = failure { () throws(TableError) in try table("a;b;c\n1;2;3\n4;5\n6;7;8\n9;1;2\n") }
    #expect(error?.line == 3)
  }

  @Test(
    "the header is recognised, and the reason given",
    arguments: [
      ("a,b\n1,x\n2,y\n", true, "column 1 holds numbers below the text \"a\""),
      ("5.1,3.5,setosa\n4.9,3.0,setosa\n", false, "column 1 holds numbers, from the first line on"),
      ("shape,color\nround,red\nflat,red\nround,blue\n", true, "no text on the first line comes again below it"),
      ("x,s\nb,s\nx,y\n", false, "\"x\" on the first line comes again below"),
      ("0,1,2,3\n5.1,3.5,1.4,0.2\n4.9,3.0,1.4,0.2\n", true, "its numbers count the columns"),
      ("a,b\n", true, "no text on the first line comes again below it"),
      ("2019,x\nu,v\n", false, "\"2019\" on the first line is a number, not a name"),
    ])
  func headers(text: String, hasHeader: Bool, reason: String) throws {
    let format: FoundFormat? =
      text == "a,b\n" ? try table(text + "p,q\n").format : try table(text).format
    #expect(format?.hasHeader == hasHeader)
    #expect(format?.headerReason == reason)
  }

  @Test("both can be set")
  func overriding() throws {
    let table = try table("a,b|c\n1,2|3\n", format: CSVFormat(delimiter: .pipe, hasHeader: false))
    #expect(table.schema.names == ["column1", "column2"])
    #expect(texts(table["column1"]) == ["a,b", "1,2"])
    #expect(table.lines == [1, 2])
    #expect(table.format?.headerReason == "as asked")
  }

  @Test("the first column may have no name, as R and pandas write row labels")
  func rowLabels() throws {
    #expect(try table(",x,y\n0,1.5,a\n1,2.5,b\n").schema.names == ["column1", "x", "y"])
  }

  /// A file that begins with a line of more than 64 KB, which is more than the sample that most files are judged by.
  private static func longLines(_ delimiter: CSVFormat.Delimiter, first: (Int) -> String) -> String {
    let line = (0..<6_000).map(first).joined(separator: delimiter.rawValue)
    let row = (0..<6_000).map { "\($0 % 10).5" }.joined(separator: delimiter.rawValue)
    return "\(line)\n\(row)\n\(row)\n"
  }

  @Test("a first line longer than the sample is seen whole", arguments: [CSVFormat.Delimiter.comma, .semicolon, .tab])
  func longHeader(delimiter: CSVFormat.Delimiter) throws {
    let text = Self.longLines(delimiter) { "a_long_name_\($0)" }
    #expect(text.utf8.firstIndex(of: 0x0A).map { text.utf8.distance(from: text.startIndex, to: $0) }! > 70_000)
    let found = try table(text)
    #expect(found.format?.delimiter == delimiter && found.format?.hasHeader == true)
    #expect(found.schema.names.count == 6_000 && found.rowCount == 2)
    let stored = try TemporaryFile(Array(text.utf8))
    let stream = try TableStream(.file(stored.path), schema: Schema([]), readSize: 100)
    #expect(stream.format == found.format)
  }

  @Test("a first row longer than the sample is not taken for names", arguments: CSVFormat.Delimiter.allCases)
  func longFirstRow(delimiter: CSVFormat.Delimiter) throws {
    let found = try table(Self.longLines(delimiter) { "\($0).12345678" })
    #expect(found.format?.delimiter == delimiter && found.format?.hasHeader == false)
    #expect(found.schema.names.count == 6_000 && found.rowCount == 3)
  }

  @Test("a long first line with line ends in its quotes is one record")
  func longQuotedHeader() throws {
    let found = try table(Self.longLines(.semicolon) { "\"a long\nname \($0)\"" })
    #expect(found.format?.delimiter == .semicolon && found.schema.names.count == 6_000 && found.rowCount == 2)
  }
}
