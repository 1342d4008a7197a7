import DownhillTables
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("Numbers") struct NumberTests {
  /// Reads texts as one column of numbers; quotes keep the empty ones apart.
  private func read(_ texts: [String]) throws -> [Double] {
    let column = try table(
      "x\n" + texts.joined(separator: "\n"), format: CSVFormat(delimiter: .comma, hasHeader: true),
      overrides: SchemaOverrides(numeric: ["x"]))["x"]
    guard case .numbers(let numbers) = column?.values else { return [] }
    return Array(numbers)
  }

  @Test("plain, signed, fractional and scientific numbers are read")
  func forms() throws {
    let numbers = try read(["0", "-0", "+3", "-12", "3.25", ".5", "5.", "-.5e1", "6.02e23", "1E-2", "1e+2", "007"])
    #expect(numbers == [0, 0, 3, -12, 3.25, 0.5, 5, -5, 6.02e23, 0.01, 100, 7])
    #expect(numbers[1].sign == .minus)
  }

  @Test(
    "what is not a plain decimal number is text",
    arguments: [
      "1,5", "1_000", "1 000", "0x1F", "inf", "-inf", "Infinity", "1e", "1e+", "e5", ".", "-", "+", "--1", "1.2.3",
      "12%",
      "$5", "1e400", "-1e400", "1d5", "١", "1f", "nan0", "- 1", "2024-01-05",
    ])
  func notNumbers(text: String) throws {
    let column = try table("x;y\n1;2\n\(text);3\n", format: CSVFormat(delimiter: .semicolon, hasHeader: true))["x"]
    #expect(column?.kind == .categorical)
    #expect(column?.text(1) == text)
  }

  @Test("decimal texts of every length and scale are read to the last bit, as strtod reads them")
  func exactness() throws {
    var random = TestGenerator(state: 7)
    var texts: [String] = []
    for _ in 0..<60_000 {
      let digits = Int.random(in: 1...24, using: &random)
      var text = String((0..<digits).map { _ in Character("\(Int.random(in: 0...9, using: &random))") })
      if Bool.random(using: &random) {
        text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 0...digits, using: &random)))
      }
      if Bool.random(using: &random) { text += "e\(Int.random(in: -45...45, using: &random))" }
      if Bool.random(using: &random) { text = "-" + text }
      texts.append(text)
    }
    // Doubles as other programs print them, of all magnitudes, and numbers halfway between two doubles.
    for _ in 0..<40_000 {
      let number = Double(bitPattern: random.next())
      if number.isFinite { texts.append(number.description) }
      texts.append(Double.random(in: -1000...1000, using: &random).description)
      texts.append("\((random.next() >> 10) | 1 << 53)")
      texts.append("\((random.next() >> 10) | 1 << 53).5e-3")
    }
    texts += [
      "9007199254740993", "9007199254740995", "18446744073709551615", "9999999999999999999e27", "1e-27", "5e-324",
    ]
    texts += [
      "0." + String(repeating: "0", count: 400) + "1", String(repeating: "9", count: 300), "1e-99999999999999999999",
    ]
    let numbers = try read(texts)
    #expect(numbers.count == texts.count)
    let wrong = zip(texts, numbers).first { text, number in strtod(text, nil).bitPattern != number.bitPattern }
    #expect(wrong == nil)
  }

  @Test("numbers are shown by their shortest text, whole ones without a point")
  func shortest() {
    #expect(
      [3, -0.5, 1e15, 0.1, 1e300, -0.0].map(shortText) == ["3", "-0.5", "1000000000000000", "0.1", "1e+300", "0"])
  }

  @Test("doubles in any notation, of every size and to every digit, are read to the last bit", arguments: 0..<8)
  func notations(seed: Int) throws {
    var random = TestGenerator(state: UInt64(seed))
    var texts: [String] = []
    func add(_ number: Double) {
      texts += [number.description, String(format: "%.17g", number), String(format: "%.18e", number)]
    }
    for _ in 0..<20_000 {
      let number = Double(bitPattern: random.next())
      if number.isFinite { add(number) }
      // Below the normal numbers, and near 0.001.
      add(Double(bitPattern: random.next() >> Int.random(in: 12...63, using: &random)))
      add(Double.random(in: 0...0.01, using: &random))
      // Exactly between two doubles: an odd number of 54 bits, times a power of two; and with more digits behind.
      let odd = random.next() >> 10 | 1 << 53 | 1
      let (fifths, power) = [(1, 0), (5, 1), (25, 2), (125, 3), (625, 4)].randomElement(using: &random)!
      texts += ["\(odd * UInt64(fifths))e-\(power)", "\(odd << 10)", "\(odd << 10).0", "\(odd).000000000000001"]
    }
    for power in -350...308 {
      texts += ["1e\(power)", "9007199254740993e\(power)", "0.00018446744073709551615e\(power)"]
    }
    texts.removeAll { !strtod($0, nil).isFinite }
    let wrong = zip(texts, try read(texts)).first { strtod($0, nil).bitPattern != $1.bitPattern }
    #expect(wrong == nil)
  }
}
