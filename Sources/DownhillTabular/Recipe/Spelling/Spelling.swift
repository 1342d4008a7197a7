/// A value with settings as people write it: `cosine`, `cosine-restarts(cycles: 3)`, `warm-up(over: 0.1, then: cosine)`.
struct Spelling: Equatable {
  let name: String
  let arguments: [Argument]

  struct Argument: Equatable {
    let name: String
    let value: Value
  }

  indirect enum Value: Equatable {
    case number(Double)
    case list([Value])
    case call(Spelling)
  }

  /// - Throws: `SpellingError` with the text and the place of the fault.
  init(parsing text: String) throws(SpellingError) {
    var parser = SpellingParser(text)
    self = try parser.spelling()
  }

  init(name: String, arguments: [Argument]) { (self.name, self.arguments) = (name, arguments) }
}

/// Why a text names no value.
public struct SpellingError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

/// Recursive descent: one function a rule of the grammar.
private struct SpellingParser {
  private let text: [Character]
  private var position = 0
  private var depth = 0

  init(_ text: String) { self.text = Array(text) }

  mutating func spelling() throws(SpellingError) -> Spelling {
    let call = try call()
    skipSpace()
    if position < text.count { throw expected("the end") }
    return call
  }

  private mutating func call() throws(SpellingError) -> Spelling {
    let name = try word()
    var arguments: [Spelling.Argument] = []
    guard take("(") else { return Spelling(name: name, arguments: []) }
    if take(")") { return Spelling(name: name, arguments: []) }
    repeat {
      let label = try word()
      guard take(":") else { throw expected("a colon behind the name of a setting") }
      if arguments.contains(where: { $0.name == label }) {
        throw SpellingError("“\(label)” is set twice in “\(whole)”")
      }
      arguments.append(Spelling.Argument(name: label, value: try value()))
    } while take(",")
    guard take(")") else { throw expected("a comma or a closing parenthesis") }
    return Spelling(name: name, arguments: arguments)
  }

  private mutating func value() throws(SpellingError) -> Spelling.Value {
    depth += 1
    defer { depth -= 1 }
    if depth > 16 { throw SpellingError("“\(whole)” is nested too deeply") }
    skipSpace()
    if take("[") {
      var elements: [Spelling.Value] = []
      if take("]") { return .list([]) }
      repeat { elements.append(try value()) } while take(",")
      guard take("]") else { throw expected("a comma or a closing bracket") }
      return .list(elements)
    }
    guard let next = position < text.count ? text[position] : nil, next.isNumber || "+-.".contains(next) else {
      return .call(try call())
    }
    let start = position
    while position < text.count, text[position].isNumber || "+-.eE".contains(text[position]) { position += 1 }
    let digits = String(text[start..<position])
    guard let number = Double(digits), number.isFinite else {
      position = start
      throw expected("a number")
    }
    return .number(number)
  }

  private mutating func word() throws(SpellingError) -> String {
    skipSpace()
    let start = position
    while position < text.count, text[position].isLetter || text[position].isNumber || "-_".contains(text[position]) {
      position += 1
    }
    guard position > start, text[start].isLetter else {
      position = start
      throw expected("a name")
    }
    return String(text[start..<position])
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == character else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() { while position < text.count, text[position].isWhitespace { position += 1 } }

  private var whole: String { String(text.prefix(200)) }

  private func expected(_ what: String) -> SpellingError {
    let rest = String(text[min(position, text.count)...].prefix(20))
    return SpellingError(
      "“\(whole)”: \(what) is expected" + (rest.isEmpty ? " at the end" : " where it says “\(rest)”"))
  }
}
