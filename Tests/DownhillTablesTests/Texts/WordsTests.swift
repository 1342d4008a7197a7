import DownhillTables
import Testing

@Suite("Words of texts") struct WordsTests {
  @Test(
    "letters and digits that stand together are words, in small letters, of any script",
    arguments: [
      ("Braund, Mr. Owen Harris", ["braund", "mr", "owen", "harris"]), ("", []), (" -- ,;", []),
      ("A/5 21171", ["a", "5", "21171"]), ("Größe: 5 µm – ÄRMEL", ["größe", "5", "µm", "ärmel"]),
      ("Привет, МИР!", ["привет", "мир"]), ("x\u{0}y\ttab\n", ["x", "y", "tab"]), ("don't", ["don", "t"]),
    ])
  func words(text: String, words: [String]) { #expect(Words.of(text) == words) }

  private let titles = ["Mr.", "Mrs.", "Miss", "Dr.", "Master", "Rev.", "Mr."]

  private func kind(_ texts: [String], overrides: SchemaOverrides = SchemaOverrides()) throws -> ColumnKind? {
    let rows = texts.enumerated().map { "\"\($1)\",\($0 % 3)" }
    let table = try Table(
      contentsOf: .text((["t,y"] + rows).joined(separator: "\n") + "\n"), overrides: overrides, target: "y")
    return table.schema["t"]?.kind
  }

  @Test("texts that nearly all differ are text where they share words, and names of rows where they don't")
  func inferred() throws {
    let names = (0..<200).map { "Smith\($0), \(titles[$0 % 7]) Ann\($0 * 31 % 977)" }
    #expect(try kind(names) == .text)
    #expect(try kind((0..<200).map { "k\($0 * 7919)-\($0 * 104_729 % 9973)" }) == .identifier)
    #expect(try kind((0..<200).map { "IMG \($0).png" }) == .identifier)
    #expect(try kind((0..<200).map { "\(titles[$0 % 7])" }) == .categorical)
    #expect(try kind(Array(names.prefix(19))) == .categorical)
  }

  @Test("the user decides: texts it is, or categories; a target isn't")
  func overridden() throws {
    let keys = (0..<200).map { "k\($0)" }
    #expect(try kind(keys, overrides: SchemaOverrides(texts: ["t"])) == .text)
    #expect(try kind(keys, overrides: SchemaOverrides(categorical: ["t"])) == .categorical)
    #expect(throws: TableError.self) { try kind(keys, overrides: SchemaOverrides(texts: ["y"])) }
    #expect(throws: TableError.self) { try kind(keys, overrides: SchemaOverrides(categorical: ["t"], texts: ["t"])) }
  }
}
