import DownhillTables
import Testing

@Suite("Random tables") struct RoundTripTests {
  private static let pieces = [
    "a", "Z", "7", ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "\r", " ", "é", "日本", "👩‍👩‍👧", "'", "\\", "=",
    "\u{FEFF}", "-1", "e",
  ]

  /// Any text that is neither missing nor, by canonical equivalence, another one.
  private static func nastyText(_ random: inout TestGenerator) -> String {
    "t" + (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
  }

  /// A writer by RFC 4180 that quotes what must be quoted, and sometimes what need not.
  private static func field(_ text: String, _ delimiter: Character, _ random: inout TestGenerator) -> String {
    let mustQuote =
      text.unicodeScalars.contains { "\"\r\n\t ".unicodeScalars.contains($0) } || text.contains(delimiter)
      || text.isEmpty
    guard mustQuote || Int.random(in: 0..<4, using: &random) == 0 else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  @Test("a table of nasty texts written by the book is read back equal", arguments: 0..<60)
  func readsBack(seed: Int) throws {
    var random = TestGenerator(state: UInt64(seed))
    let delimiter = CSVFormat.Delimiter.allCases[seed % 4]
    let end = ["\n", "\r\n", "\r"][seed % 3]
    let columnCount = Int.random(in: 1...6, using: &random)
    let rowCount = Int.random(in: 1...40, using: &random)
    let names = (0..<columnCount).map { "\($0)" + Self.nastyText(&random) }
    let rows = (0..<rowCount).map { _ in
      (0..<columnCount).map { _ in Int.random(in: 0..<8, using: &random) == 0 ? "" : Self.nastyText(&random) }
    }
    let text =
      ([names] + rows).map { row in
        row.map { Self.field($0, Character(delimiter.rawValue), &random) }.joined(separator: delimiter.rawValue)
      }.joined(separator: end) + (Bool.random(using: &random) ? end : "")

    let format = CSVFormat(delimiter: delimiter, hasHeader: true)
    let table = try table(text, format: format, overrides: SchemaOverrides(categorical: names))
    #expect(table.schema.names == names)
    #expect(table.rowCount == rowCount)
    for (index, name) in names.enumerated() {
      #expect(texts(table[name]).map { $0 ?? "" } == rows.map { $0[index] })
    }
    // The same again, byte by byte, with the texts carried along.
    let stored = try TemporaryFile(Array(text.utf8))
    let stream = try TableStream(.file(stored.path), format: format, schema: Schema([]), carrying: names, readSize: 5)
    var row = 0
    while let chunk = try stream.next(rows: 3) {
      for (index, column) in chunk.carried.enumerated() {
        #expect(texts(column) == rows[row..<row + chunk.rowCount].map { $0[index] })
      }
      row += chunk.rowCount
    }
    #expect(row == rowCount)
  }

  @Test("random bytes and damaged files give a table or an error, never a crash", arguments: 0..<8)
  func fuzz(seed: Int) throws {
    var random = TestGenerator(state: UInt64(1000 + seed))
    let sound = Array("id,x,\"y, z\",b\n1,2.5,\"a\"\"b\",yes\r\n2,NA,\"c\nd\",no\n3,1e5,é,\n4,7,e,yes\n".utf8)
    let alphabet: [UInt8] = [34, 44, 59, 10, 13, 32, 9, 49, 46, 45, 97, 0xC3, 0xA9, 0xFF, 0, 101]
    var tables = 0
    var errors = 0
    for _ in 0..<400 {
      var bytes = sound
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
      case 1: bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      case 2:
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = alphabet.randomElement(using: &random)!
        }
      default:
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes.insert(contentsOf: bytes[..<place].suffix(10), at: Int.random(in: 0...bytes.count, using: &random))
      }
      let stored = try TemporaryFile(bytes)
      do throws(TableError) {
        let table = try Table(contentsOf: .file(stored.path))
        #expect(table.columns.allSatisfy { $0.count == table.rowCount })
        #expect(table.rowCount > 0)
        let again = try TableStream(.file(stored.path), format: CSVFormat(), schema: table.schema, readSize: 3)
        var rows = 0
        while let chunk = try again.next(rows: 2) { rows += chunk.rowCount }
        #expect(rows == table.rowCount)
        tables += 1
      } catch {
        #expect(!error.message.isEmpty && error.file == stored.path)
        errors += 1
      }
    }
    #expect(tables > 20 && errors > 20)
  }
}
