import DownhillTables
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that lives as long as this value.
final class TemporaryFile: Sendable {
  let path: String

  init(_ bytes: [UInt8]) throws {
    var template = Array("/tmp/downhill-tables-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      try #require(written > 0)
      rest = rest.dropFirst(written)
    }
    close(descriptor)
  }

  deinit { unlink(path) }
}

/// SplitMix64: enough for tests.
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A table from text.
func table(
  _ text: String, format: CSVFormat = CSVFormat(), overrides: SchemaOverrides = SchemaOverrides(), target: String? = nil
) throws(TableError) -> Table {
  try Table(contentsOf: .text(text, name: "t.csv"), format: format, overrides: overrides, target: target)
}

/// The values of a column as texts.
func texts(_ column: Column?) -> [String?] {
  guard let column else { return [] }
  return (0..<column.count).map(column.text)
}

/// The `TableError` that a piece of work ends in.
func failure<Result>(_ work: () throws(TableError) -> Result) -> TableError? {
  do throws(TableError) {
    _ = try work()
    return nil
  } catch { return error }
}

/// Data/penguins.csv of this repository.
let penguinsPath = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/Data/penguins.csv"
