import DownhillTables
import Testing

@Suite("CSV") struct CSVTests {
  @Test("quotes hold delimiters, quotes and line ends; lines are counted as the file has them")
  func quoting() throws {
    let table = try table("name,n\n\"a,b\",1\n\"say \"\"hi\"\"\",2\n\"two\r\nlines\",3\n\"\"\"\",4\nlast,5")
    #expect(texts(table["name"]) == ["a,b", "say \"hi\"", "two\r\nlines", "\"", "last"])
    #expect(texts(table["n"]) == ["1", "2", "3", "4", "5"])
    #expect(table.lines == [2, 3, 4, 6, 7])
  }

  @Test("lines end in LF, CRLF or CR", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) throws {
    for tail in ["", end, end + end + end] {
      let table = try table(["a,b", "1,x", "2,\"y\"", "3,z"].joined(separator: end) + tail)
      #expect(texts(table["a"]) == ["1", "2", "3"])
      #expect(texts(table["b"]) == ["x", "y", "z"])
      #expect(table.lines == [2, 3, 4])
    }
  }

  @Test("empty lines are passed over and still counted")
  func emptyLines() throws {
    let table = try table("\n\na,b\n\n1,2\n\n\n3,4\n\n")
    #expect(table.lines == [5, 8])
  }

  @Test("blanks around a field don't count, inside quotes they do")
  func blanks() throws {
    let table = try table("a, b ,c\n 1 ,\t x y ,\" q \"\n2 , \"z\" , w\n")
    #expect(table.schema.names == ["a", "b", "c"])
    #expect(texts(table["a"]) == ["1", "2"])
    #expect(texts(table["b"]) == ["x y", "z"])
    #expect(texts(table["c"]) == [" q ", "w"])
  }

  @Test("a quote inside an unquoted field is an ordinary character")
  func innerQuote() throws {
    #expect(texts(try table("a,b\n5\" pipe,1\nx\"\"y,2\n")["a"]) == ["5\" pipe", "x\"\"y"])
  }

  @Test("a byte order mark is passed over")
  func byteOrderMark() throws {
    let table = try table("\u{FEFF}a,b\n1,2\n")
    #expect(table.schema.names == ["a", "b"])
    let quoted = try DownhillTablesTests.table("\u{FEFF}\"a\",b\n1,x\n2,\n")
    #expect(quoted.schema.names == ["a", "b"])
  }

  @Test(
    "missing marks are known in any case, quoted or not",
    arguments: ["", "NA", "na", "N/A", "n/a", "null", "NULL", "NaN", "nan", "?", "\"\"", "\"NA\"", "\"?\"", "  "])
  func missing(mark: String) throws {
    let table = try table("n,t,b\n1,x,yes\n\(mark),\(mark),\(mark)\n2.5,y,no\n3,x,no\n")
    #expect(texts(table["n"]) == ["1", nil, "2.5", "3"])
    #expect(texts(table["t"]) == ["x", nil, "y", "x"])
    #expect(texts(table["b"]) == ["yes", nil, "no", "no"])
    #expect(table.columns.map(\.kind) == [.numeric, .categorical, .boolean])
    #expect(table.columns.map(\.missingCount) == [1, 1, 1])
    #expect(table.rows(withValueIn: "t") == [0, 2, 3])
  }

  @Test("other words are values", arguments: ["None", "-", "NAN1", "nil", "missing", "N.A.", "n a"])
  func notMissing(text: String) throws {
    #expect(texts(try table("t,n\nx,1\n\(text),2\n")["t"]) == ["x", text])
  }

  @Test("a column that turns to text late keeps its first rows as they were written")
  func lateText() throws {
    let rows = (0..<500).map { "0\($0).0,\($0),\($0 < 400 ? "1.50" : "b\($0 % 3)")" }
    let text = "zip,n,c\n" + rows.joined(separator: "\n") + "\nK1A,500,b0\n"
    let table = try table(text, overrides: SchemaOverrides(categorical: ["zip"]))
    #expect(texts(table["zip"])[...2] == ["00.0", "01.0", "02.0"])
    #expect(table["zip"]?.text(500) == "K1A")
    #expect(texts(table["c"])[398...401] == ["1.50", "1.50", "b1", "b2"])
    #expect(
      table.schema["c"]?.reason == "4 distinct texts; 400 of 501 values are numbers, but line 402 has \"b1\"")
  }

  @Test("a file, a pipe and text in memory give the same table")
  func sources() throws {
    let text = "a,b\n1,x\n2,y\n3,x\n"
    let file = try TemporaryFile(Array(text.utf8))
    let fromText = try table(text)
    var fromFile = try Table(contentsOf: TableSource(path: file.path))
    #expect(fromFile.source == file.path)
    fromFile.source = "t.csv"
    #expect(fromFile == fromText)
    #expect(TableSource(path: "-") == .descriptor(0, name: "standard input"))
  }
}
