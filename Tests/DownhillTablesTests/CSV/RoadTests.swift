import DownhillTables
import Testing

/// Plain rows go through a loop of their own, all others through a reader that knows all: neither may show.
@Suite("The two roads of a row") struct RoadTests {
  /// Rows of a number, a text and a number, read with a last field that is plain, and with one that is not, a carriage
  /// return in quotes: then the loop of plain rows leaves them to the reader that knows all.
  private func outcomes(_ rows: [String]) -> (plain: String, other: String) {
    let schema = Schema(
      [("a", .numeric), ("b", .categorical), ("c", .numeric), ("end", .categorical)].map {
        ColumnSchema(name: $0, kind: $1, reason: "")
      })
    func read(_ last: String) -> String {
      // Room behind the last row for the loop, which reads ahead.
      let all = rows + [String](repeating: "0,z,0", count: 30)
      let text = "a,b,c,end\n" + all.map { "\($0),\(last)\n" }.joined()
      do throws(TableError) {
        let table = try Table(
          contentsOf: .text(text), format: CSVFormat(delimiter: .comma, hasHeader: true), schema: schema,
          carrying: ["a", "b"], threads: 1, stretch: nil)
        return (table.columns.prefix(3) + table.carried).map { "\(texts($0))" }.joined(separator: "\n")
      } catch { return "column \(error.columnNumber ?? 0): \(error.message.prefix(20))" }
    }
    return (read("x"), read("\"\r\""))
  }

  @Test("random rows are the same to the loop of plain rows and to the reader that knows all", arguments: 0..<20)
  func roads(seed: Int) {
    let pieces = [
      "1", "27", "0", ".", "e", "-", "+", " ", "\t", "x\"", "é", "日", "👧", "NA", "x", ";", "000", "9007199254740993",
      "e-310", "E5", "\u{1}", "a b", "",
    ]
    var random = TestGenerator(state: UInt64(seed))
    func any(_ pieces: [String]) -> String {
      (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
    }
    func field() -> String {
      let isQuoted = Int.random(in: 0..<3, using: &random) == 0
      return isQuoted ? any([" "]) + "\"\(any(["\"\"", ",", "1", " ", "é", "NA"]))\"" + any([" "]) : any(pieces)
    }
    func number() -> String {
      let isPlain = Int.random(in: 0..<4, using: &random) > 0
      return any([" "]) + (isPlain ? "\(Double.random(in: -1...1, using: &random))" : field())
    }
    for _ in 0..<300 {
      let rows = (0..<2).map { _ in [number(), field(), number()].joined(separator: ",") }
      let (plain, other) = outcomes(rows)
      #expect(plain == other, "\(rows)")
    }
  }

  @Test("bytes are taken for text if, and only if, they are UTF-8")
  func encoding() throws {
    let pieces: [[UInt8]] = [
      [0x41], Array("é".utf8), Array("日".utf8), Array("👧".utf8), [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2],
      [0xE0, 0x9F, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBF], [0xE2, 0x82],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5],
      [0xF1, 0x80, 0x80], [0xFF],
    ]
    var random = TestGenerator(state: 5)
    for round in 0..<2_000 {
      let count = round % 3 + 1
      let bytes = (0..<count).flatMap { _ in pieces.randomElement(using: &random)! }
      let field = round % 2 == 0 ? bytes : [0x22] + bytes + [0x22]
      // Room behind the row for the loop, which reads ahead.
      let file = try TemporaryFile(
        Array("a,b\n".utf8) + field + Array((String(repeating: ",z\nw", count: 60) + ",z\n").utf8))
      let text = String(validating: bytes, as: UTF8.self)
      let table = try? Table(
        contentsOf: .file(file.path), format: CSVFormat(delimiter: .comma, hasHeader: true, encoding: .utf8))
      #expect(table.flatMap { texts($0["a"])[0] } == text, "\(bytes)")
    }
  }
}
