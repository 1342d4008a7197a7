import DownhillTables
import Testing

/// Files are read in stretches, plain rows by a loop of their own: neither may show.
@Suite("Stretches of a file") struct StretchTests {
  /// A row's fields as the file writes them, what they mean, and how many lines they take.
  private struct Field {
    let written: String
    let text: String?
    var lines: Int { written.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }
  }

  private static let numbers: [Field] = [
    Field(written: "12.5", text: "12.5"), Field(written: "-3", text: "-3"), Field(written: " 7 ", text: "7"),
    Field(written: "\"4\"", text: "4"), Field(written: "", text: nil), Field(written: "NA", text: nil),
    Field(written: "1e300", text: "1e+300"), Field(written: "0.12345678901234567", text: "\(0.12345678901234567)"),
    Field(written: "123456789012345678901234567890", text: "1.2345678901234568e+29"),
    Field(written: "\"\"", text: nil), Field(written: "+.5", text: "0.5"), Field(written: " \t8", text: "8"),
    Field(written: "0.0012345678901234567", text: "\(0.0012345678901234567)"), Field(written: "\"6\"  ", text: "6"),
    Field(written: "1.2345678901234567e-12", text: "1.2345678901234567e-12"), Field(written: "  ", text: nil),
    // Halfway between two doubles to the 20th digit, and a little more.
    Field(written: "9007199254740993.00000000000000000000001", text: "9.007199254740994e+15"),
  ]
  private static let texts: [Field] = [
    Field(written: "plain", text: "plain"), Field(written: "\"a, b\"", text: "a, b"),
    Field(written: "\"says \"\"hi\"\"\"", text: "says \"hi\""), Field(written: "\"two\nlines\"", text: "two\nlines"),
    Field(written: "\"three\n\n\"\"lines\"", text: "three\n\n\"lines"), Field(written: "  blanks ", text: "blanks"),
    Field(written: "größe", text: "größe"), Field(written: "\"né, e\"", text: "né, e"), Field(written: "", text: nil),
    Field(written: "5\" pipe", text: "5\" pipe"), Field(written: "\"a\tb\"", text: "a\tb"),
    Field(written: "?", text: nil), Field(written: "日本 語\t", text: "日本 語"), Field(written: " \"q\" ", text: "q"),
    Field(written: "\" q \"", text: " q "), Field(written: "👩‍👩‍👧", text: "👩‍👩‍👧"), Field(written: "a\tb", text: "a\tb"),
    Field(written: "\",\n,\n\"", text: ",\n,\n"), Field(written: "null", text: nil),
    Field(written: String(repeating: "long ", count: 40) + "end", text: String(repeating: "long ", count: 40) + "end"),
  ]

  private struct File {
    var text = "number,text,late,last\n"
    var rows: [[String?]] = []
    var lines: [Int32] = []

    init(seed: UInt64, rows count: Int) {
      var random = TestGenerator(state: seed)
      var line = 2
      for row in 0..<count {
        // Numbers, and a text among the last.
        let late =
          row == count - 3 ? Field(written: "word", text: "word") : Field(written: "\(row % 7)", text: "\(row % 7)")
        let last = Field(written: "\(row)", text: "\(row)")
        let fields = [
          StretchTests.numbers.randomElement(using: &random)!, StretchTests.texts.randomElement(using: &random)!, late,
          last,
        ]
        if Int.random(in: 0..<9, using: &random) == 0 {
          text += "\n"
          line += 1
        }
        text += fields.map(\.written).joined(separator: ",") + (row % 5 == 0 ? "\r\n" : "\n")
        rows.append(fields.map(\.text))
        lines.append(Int32(line))
        line += 1 + fields.reduce(0) { $0 + $1.lines }
      }
    }
  }

  @Test(
    "any stretch and any number of threads give the same table", arguments: [1, 2, 5], [1, 2, 3, 10, 64, 300, 4_000])
  func stretches(threads: Int, stretch: Int) throws {
    for seed in 0..<3 {
      let file = File(seed: UInt64(seed), rows: 150)
      let table = try Table(
        contentsOf: .text(file.text), format: CSVFormat(delimiter: .comma, hasHeader: true), target: "last",
        threads: threads, stretch: stretch)
      #expect(table.lines == file.lines)
      for (column, name) in ["number", "text", "late", "last"].enumerated() {
        let found = try #require(table[name])
        #expect((0..<150).map { found.text($0) } == file.rows.map { $0[column] }, "\(name)")
      }
      #expect(table["late"]?.kind == .categorical && table["number"]?.kind == .numeric)
      let reason = try #require(table.schema["late"]?.reason)
      #expect(reason.contains("line \(file.lines[147]) has \"word\""), "\(reason)")
    }
  }

  @Test("a fault is reported where it is, whatever the stretch", arguments: [1, 3], [1, 20, 500, 5_000])
  func faults(threads: Int, stretch: Int) throws {
    let faults: [(row: String, words: String)] = [
      ("1,2,3", "3 fields on this line"), ("1,\"x\"y,3,4", "text after the closing quote"),
      ("1,a\u{0},3,4", "a zero byte"), ("1,\"open,3,4", "never closed"), ("x1,b,3,4", "where a number was expected"),
    ]
    for (row, words) in faults {
      let file = File(seed: 9, rows: 400)
      let text = file.text + row + "\n" + (0..<50).map { "1,a,\($0),0\n" }.joined()
      let line = file.text.utf8.count { $0 == 0x0A } + 1
      let error = #expect(throws: TableError.self) {
        try Table(
          contentsOf: .text(text), format: CSVFormat(delimiter: .comma, hasHeader: true),
          overrides: SchemaOverrides(numeric: ["number"]), threads: threads, stretch: stretch)
      }
      #expect(error?.line == line && error?.message.contains(words) == true, "\(row): \(String(describing: error))")
    }
  }

  @Test("numbers are those that the standard library reads")
  func numbersAreExact() throws {
    var random = TestGenerator(state: 4)
    var texts: [String] = []
    for _ in 0..<20_000 {
      func digits(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(Int.random(in: 0...9, using: &random))) })
      }
      var text = ["", "-", "+"].randomElement(using: &random)! + digits(Int.random(in: 1...20, using: &random))
      if Bool.random(using: &random) { text += "." + digits(Int.random(in: 0...19, using: &random)) }
      if Int.random(in: 0...3, using: &random) == 0 { text += "e\(Int.random(in: -40...40, using: &random))" }
      texts.append(text)
    }
    // Halfway between two neighbours, and next to that.
    texts += [
      "9007199254740993", "9007199254740993.0000001", "4503599627370496.5", "4503599627370497.5", "1e23", "8.5e22",
    ]
    texts += (0..<20).map { _ in "0" }  // room behind the last for the loop that reads ahead
    let table = try Table(contentsOf: .text("x\n" + texts.joined(separator: "\n") + "\n"), target: "x")
    guard case .numbers(let numbers)? = table["x"]?.values else {
      Issue.record("the column is \(String(describing: table["x"]?.kind))")
      return
    }
    let wrong = zip(texts, numbers).filter { Double($0)?.bitPattern != $1.bitPattern }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }
}
