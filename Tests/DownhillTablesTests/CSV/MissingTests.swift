import DownhillTables
import Foundation
import Testing

@Suite("Marks of missing values") struct MissingTests {
  @Test("given texts are missing in every kind of column, numbers however they are written")
  func marks() throws {
    let text = "n,word,code\n-999,none,-999\n1,red,a\n-999.0,NONE,b\n \"-999\" ,blue,-9.99e2\n2,none,999\n"
    let table = try table(text, format: CSVFormat(missing: ["-999", "none"]), target: "word")
    #expect(texts(table["n"]) == [nil, "1", nil, nil, "2"])
    #expect(texts(table["word"]) == [nil, "red", "NONE", "blue", nil])
    #expect(texts(table["code"]) == [nil, "a", "b", nil, "999"])
    #expect(table["n"]?.kind == .numeric)
    #expect(table.schema.missing == ["-999", "none"])
  }

  @Test("a mark that stands among numbers keeps them numbers, also where the loop in C reads them")
  func inference() throws {
    let rows = (0..<3000).map { $0 % 5 == 0 ? "unknown,\($0)" : "\($0),-1" }
    let table = try table("a,b\n" + rows.joined(separator: "\n"), format: CSVFormat(missing: ["unknown", "-1"]))
    #expect(table["a"]?.kind == .numeric && table["a"]?.missingCount == 600)
    #expect(table["b"]?.kind == .numeric && table["b"]?.missingCount == 2400)
  }

  @Test("the schema remembers them: streams and whole files read by it do the same")
  func schema() throws {
    let schema = try table("n,word\n-1,x\n2,y\n", format: CSVFormat(missing: ["-1"]), target: "word").schema
    let text = "n,word\n-1,x\n3,-1\n"
    let whole = try Table(contentsOf: .text(text), schema: schema)
    #expect(texts(whole["n"]) == [nil, "3"] && texts(whole["word"]) == ["x", nil])
    let chunk = try TableStream(.text(text), schema: schema).next(rows: 10)
    #expect(texts(chunk?["n"]) == [nil, "3"] && texts(chunk?["word"]) == ["x", nil])
  }

  @Test("a schema written before there were marks is read as one without")
  func olderSchemas() throws {
    let text = #"{"columns":[{"name":"n","kind":"numeric","reason":"as asked","isNumberCode":false}]}"#
    let schema = try JSONDecoder().decode(Schema.self, from: Data(text.utf8))
    #expect(schema == Schema([ColumnSchema(name: "n", kind: .numeric, reason: "as asked")]))
    let marked = Schema(schema.columns, missing: ["-1"])
    #expect(try JSONDecoder().decode(Schema.self, from: JSONEncoder().encode(marked)) == marked)
  }
}
