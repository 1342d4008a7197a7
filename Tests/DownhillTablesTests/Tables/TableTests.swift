import DownhillTables
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Tables") struct TableTests {
  @Test("rows are selected with their lines, columns dropped with their schema")
  func selecting() throws {
    let all = try table("a,b,c\n1,x,5\n2,y,6\n3,x,7\n")
    let some = all.select(rows: [2, 0])
    #expect(texts(some["a"]) == ["3", "1"])
    #expect(texts(some["b"]) == ["x", "x"])
    #expect(some.lines == [4, 2])
    #expect(some["b"]?.distinctValues == ["x"])
    let fewer = all.dropping("a", "c")
    #expect(fewer.columns.map(\.name) == ["b"])
    #expect(fewer.schema.names == ["b"])
    #expect(all.rows == [0, 1, 2])
  }

  @Test("classes are ordered by value: numbers ascending, no before yes, text by Unicode scalars")
  func classes() throws {
    let all = try table(
      "n,b,t,m\n10,Yes,b,1\n9,No,B,\n-1,Yes,é,2\n10.0,,z,2\n", format: CSVFormat(delimiter: .comma, hasHeader: true))
    #expect(all["n"]?.classes == Classes(labels: ["-1", "9", "10"], codes: [2, 1, 0, 2]))
    #expect(all["b"]?.classes == Classes(labels: ["No", "Yes"], codes: [1, 0, 1, -1]))
    #expect(all["t"]?.classes == Classes(labels: ["B", "b", "z", "é"], codes: [1, 0, 3, 2]))
    #expect(all["m"]?.classes == Classes(labels: ["1", "2"], codes: [0, -1, 1, 1]))
    #expect(all["n"]?.distinctNumbers == [-1, 9, 10])
    let texts = Column(name: "k", kind: .identifier, values: .texts(["b", "a", "b"]))
    #expect(texts.classes == Classes(labels: ["a", "b"], codes: [1, 0, 1]))
  }

  @Test("texts that Swift takes for equal are one category")
  func canonicalEquivalence() throws {
    let table = try table("t,n\ncaf\u{E9},1\ncafe\u{301},2\nx,3\n")
    #expect(table["t"]?.distinctValues.count == 2)
    #expect(table["t"]?.classes.codes == [0, 0, 1])
  }

  @Test("a schema survives JSON")
  func coding() throws {
    let schema = try table("a,b,c,d\n1,x,yes,7\n2,y,no,7\n", overrides: SchemaOverrides(categorical: ["a"])).schema
    let copy = try JSONDecoder().decode(Schema.self, from: JSONEncoder().encode(schema))
    #expect(copy == schema)
    #expect(copy["c"]?.booleanWords == ["no", "yes"])
    #expect(copy["a"]?.isNumberCode == true)
  }

  @Test("a table can be made in memory")
  func inMemory() {
    let table = Table([
      Column(name: "x", kind: .numeric, values: .numbers([1, .nan])),
      Column(name: "b", kind: .boolean, values: .categories(codes: [1, 0], names: ["no", "yes"])),
    ])
    #expect(table.rowCount == 2)
    #expect(table.lines == [1, 2])
    #expect(table.schema["b"]?.booleanWords == ["no", "yes"])
    #expect(table == table)
  }

  @Test("a table of many columns and few rows is read, each kind decided by name")
  func wide() throws {
    let columns = 50_000
    let names = (0..<columns).map { "c\($0)" }
    let row = (0..<columns).map { "\($0 % 7)" }.joined(separator: ",")
    let text = names.joined(separator: ",") + "\n" + [String](repeating: row, count: 5).joined(separator: "\n") + "\n"
    let wide = try table(text, overrides: SchemaOverrides(numeric: names))
    #expect(wide.columns.count == columns && wide.rowCount == 5)
    #expect(texts(wide.columns[columns - 1]) == [String?](repeating: "\((columns - 1) % 7)", count: 5))
  }
}
