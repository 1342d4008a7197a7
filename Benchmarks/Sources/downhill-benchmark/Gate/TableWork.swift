import Downhill

/// A table of numbers and words as text, the same each time.
private func tableText(quotes: Bool) -> String {
  var random = RandomStream(seed: 0, purpose: .check)
  // A comma and a quote are what quotes are for.
  let words =
    quotes ? [#""north""#, #""east, far""#, #""the ""south""""#, "west"] : ["north", "east", "south", "west"]
  let lines = (0..<500).map { row in
    let numbers = (0..<6).map { _ in fixed(random.normal(), 4) }
    return (["\(row % 40)"] + numbers + [words[row % 4]]).joined(separator: ",")
  }
  return "a,b,c,d,e,f,g,h\n" + lines.joined(separator: "\n") + "\n"
}

/// Reads a small table from memory.
final class TextTableWork: Work {
  private let text: String

  /// - Parameter quotes: whether most words are quoted.
  init(quotes: Bool) { text = tableText(quotes: quotes) }

  func run(count: Int) throws {
    for _ in 0..<count { _ = try Table(contentsOf: .text(text)) }
  }
}

/// Fits an encoder to a small table and encodes it.
final class EncodingWork: Work {
  private let table: Table

  init() throws { table = try Table(contentsOf: .text(tableText(quotes: false))) }

  func run(count: Int) throws {
    let rows = (0..<Int32(table.rowCount)).map { $0 }
    for _ in 0..<count {
      _ = try TableEncoder(fitting: table, rows: rows, target: nil, scaling: .robust).encode(table)
    }
  }
}
