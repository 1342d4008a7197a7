/// Why a text is not JSON, and at which byte.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// In bytes from the start of the text.
  public let offset: Int
  /// What was found, and what was expected.
  public let problem: String

  public var description: String { "byte \(offset): \(problem)" }
}

extension JSONValue {
  /// Reads a document, strictly by RFC 8259: UTF-8 with no byte order mark, no comments, no trailing commas; in
  /// addition no name twice in an object, no number beyond Double's range, and nesting of 128 at most.
  ///
  /// - Throws: `JSONError`, with the place of the fault.
  public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes))
    self = try parser.document()
  }

  /// Reads a document from text.
  ///
  /// - Throws: `JSONError`, with the place of the fault.
  public init(parsing text: String) throws(JSONError) { try self.init(parsing: text.utf8) }
}

/// Recursive descent over bytes: one function a rule of the grammar.
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private static let deepest = 128

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try self.value()
    skipSpace()
    if position < bytes.count { throw expected("the end") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    guard let next else { throw expected("a value") }
    switch next {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in .object(try parser.object()) }
    case UInt8(ascii: "["): return try nested { parser throws(JSONError) in .array(try parser.array()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw expected("a value")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    if depth == Self.deepest {
      throw JSONError(offset: position, problem: "nested deeper than \(Self.deepest) levels")
    }
    depth += 1
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(JSONError) -> JSONObject {
    var object = JSONObject()
    skipSpace()
    if take("}") { return object }
    repeat {
      skipSpace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw expected("a member's name in quotation marks") }
      let name = try string()
      if object.place(of: name) != nil { throw JSONError(offset: start, problem: "\(quoted(name)) stands here twice") }
      skipSpace()
      if !take(":") { throw expected("':'") }
      object.append(name, try value())
      skipSpace()
    } while take(",")
    if !take("}") { throw expected("',' or '}'") }
    return object
  }

  private mutating func array() throws(JSONError) -> [JSONValue] {
    var array: [JSONValue] = []
    skipSpace()
    if take("]") { return array }
    repeat {
      array.append(try value())
      skipSpace()
    } while take(",")
    if !take("]") { throw expected("',' or ']'") }
    return array
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let spelling = Array(word.description.utf8)
    guard bytes[position...].starts(with: spelling) else { throw expected("a value") }
    position += spelling.count
    return value
  }

  private mutating func number() throws(JSONError) -> JSONNumber {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    let number = JSONNumber(text: String(decoding: bytes[start..<position], as: UTF8.self))
    // Fewer characters can't spell a number beyond Double's range, unless by an exponent.
    if position - start > 300 || bytes[start..<position].contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      guard number.double.isFinite else { throw JSONError(offset: start, problem: "a number beyond Double's range") }
    }
    return number
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    if position == start { throw expected("a digit") }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var text = ""
    while true {
      let start = position
      while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
      guard let piece = String(validating: bytes[start..<position], as: UTF8.self) else {
        throw JSONError(offset: start, problem: "the text from here is not UTF-8")
      }
      text += piece
      if take("\"") { return text }
      guard take("\\") else {
        throw expected(next == nil ? "the string's closing quotation mark" : "no control character in a string")
      }
      text.unicodeScalars.append(try escaped())
    }
  }

  /// What follows a backslash.
  private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
    let start = position - 1
    guard let byte = next else { throw expected("the string's closing quotation mark") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if code >> 10 == 0x36, take("\\"), take("u") {
        // A high surrogate: with the low one that must follow it makes one scalar.
        let low = try hexadecimal()
        code = low >> 10 == 0x37 ? 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF : 0xD800
      }
      if let scalar = Unicode.Scalar(code) { return scalar }
      throw JSONError(offset: start, problem: "half of a surrogate pair")
    default:
      throw JSONError(offset: start, problem: "an escape that JSON does not have")
    }
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw expected("four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func expected(_ what: String) -> JSONError {
    let found =
      switch next {
      case nil: "the text ends"
      case let byte? where byte > 0x20 && byte < 0x7F: "'\(Character(Unicode.Scalar(byte)))'"
      case let byte?: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    return JSONError(offset: position, problem: "\(found) where \(what) was expected")
  }
}
