import DownhillTables
import Testing

@Suite("Several files as one table") struct SeveralFilesTests {
  private static func source(_ text: String, _ name: String) -> TableSource { .text(text, name: name) }

  @Test(
    "rows come file by file, columns by name, whatever their order, delimiter and stretch", arguments: [1, 3],
    [10, 1 << 20])
  func together(threads: Int, stretch: Int) throws {
    let table = try Table(
      contentsOf: [
        Self.source("n,word,late\n1,a,1\n2,b,2\n", "a.csv"), Self.source("late;n;word\nx;3;c\n4;4;a\n", "b.csv"),
      ], target: "word", threads: threads, stretch: stretch)
    #expect(texts(table["n"]) == ["1", "2", "3", "4"] && texts(table["word"]) == ["a", "b", "c", "a"])
    // A column of numbers in one file and texts in another is one of texts in both.
    #expect(texts(table["late"]) == ["1", "2", "x", "4"])
    #expect(table.schema["late"]?.reason.contains("line 2 of b.csv has \"x\"") == true)
    #expect(table.lines == [2, 3, 2, 3] && table.source == "a.csv and 1 more file")
    #expect(table.select(rows: [2]).error(.mismatch, row: 0, column: "n", "no").description.hasPrefix("b.csv:2: "))
  }

  @Test("a file with other columns is named, and what differs")
  func differences() throws {
    let first = Self.source("a,b\n1,2\n", "a.csv")
    func error(_ text: String) -> TableError? {
      failure { () throws(TableError) in try Table(contentsOf: [first, Self.source(text, "b.csv")]) }
    }
    let lacking = error("a,c\n1,2\n")
    #expect(
      lacking?.description.hasPrefix("b.csv:1: the file lacks \"b\" and has \"c\" besides, compared with a.csv.")
        == true,
      "\(String(describing: lacking))")
    #expect(error("1,2\n3,4\n")?.file == "b.csv")
    #expect(error("a,b\n1,2\n3\n")?.description.hasPrefix("b.csv:3: 1 field on this line") == true)
    #expect(error("a,b\n")?.file == "b.csv")
  }

  @Test("files without names go by position")
  func byPosition() throws {
    let table = try Table(contentsOf: [Self.source("1,x\n2,y\n", "a"), Self.source("3,z\n", "b")], target: "column2")
    #expect(texts(table["column1"]) == ["1", "2", "3"] && texts(table["column2"]) == ["x", "y", "z"])
  }

  @Test("they are read by a schema as well")
  func bySchema() throws {
    let schema = try table("n,word\n1,a\n2,b\n", target: "word").schema
    let table = try Table(
      contentsOf: [Self.source("word,n\nb,5\n", "a"), Self.source("n,id,word\n6,k,a\n", "b")], schema: schema)
    #expect(texts(table["n"]) == ["5", "6"] && texts(table["word"]) == ["b", "a"])
  }
}
