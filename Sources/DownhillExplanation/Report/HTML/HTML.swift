/// A piece of a page. Written as a literal it stands as it is; texts that are put into it are escaped, so that nothing that comes
/// from data can become markup:
///
///     let cell: HTML = "<td>\(name)</td>"
public struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
  public private(set) var source: String

  public init(stringLiteral value: String) { source = value }
  public init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }
  public init() { source = "" }

  /// A text as a piece of a page.
  public init(text: String) { source = Self.escaped(text) }

  public struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var source = ""

    public init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(2 * literalCapacity) }
    public mutating func appendLiteral(_ literal: String) { source += literal }
    public mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }
    public mutating func appendInterpolation(_ number: Int) { source += String(number) }
    public mutating func appendInterpolation(_ piece: HTML) { source += piece.source }
    public mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { source += piece.source } }
    /// A length or a place in a figure: two decimals are finer than any screen.
    public mutating func appendInterpolation(_ length: Double) {
      source += length.isFinite ? shortened(length) : "0"
    }
  }

  public static func + (a: HTML, b: HTML) -> HTML {
    var sum = a
    sum += b
    return sum
  }

  public static func += (a: inout HTML, b: HTML) { a.source += b.source }

  /// What HTML gives a meaning to is written as a reference; control characters, which it forbids, become �.
  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: needsEscape) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || [UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), 0x22, 0x27].contains(byte)
  }
}

/// Two decimals at most.
private func shortened(_ length: Double) -> String {
  let hundredths = (length * 100).rounded()
  guard abs(hundredths) < 1e15 else { return "0" }
  var text = Format.fixed(hundredths / 100, decimals: 2)
  while text.last == "0" { text.removeLast() }
  if text.last == "." { text.removeLast() }
  return text
}
