extension JSONValue {
  /// The document as text; the same value always gives the same bytes.
  ///
  /// - Parameter indentation: spaces a level, one member or element a line; nil: all on one line with no spaces.
  public func text(indentation: Int? = nil) -> String {
    var text = ""
    write(to: &text, indentation: indentation, level: 0)
    return text
  }

  private func write(to text: inout String, indentation: Int?, level: Int) {
    switch self {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .number(let value): text += value.text
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      Self.write(elements, between: "[", "]", to: &text, indentation, level) { element, text in
        element.write(to: &text, indentation: indentation, level: level + 1)
      }
    case .object(let object):
      Self.write(object.members, between: "{", "}", to: &text, indentation, level) { member, text in
        Self.write(member.name, to: &text)
        text += indentation == nil ? ":" : ": "
        member.value.write(to: &text, indentation: indentation, level: level + 1)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between open: String, _ close: String, to text: inout String, _ indentation: Int?, _ level: Int,
    item: (Item, inout String) -> Void
  ) {
    func newLine(_ level: Int) {
      guard let indentation, !items.isEmpty else { return }
      text += "\n" + String(repeating: " ", count: indentation * level)
    }
    text += open
    for (index, element) in items.enumerated() {
      if index > 0 { text += "," }
      newLine(level + 1)
      item(element, &text)
    }
    newLine(level)
    text += close
  }

  /// In quotation marks, with the escapes that JSON demands and no others.
  private static func write(_ string: String, to text: inout String) {
    text += "\""
    guard string.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
      text += string + "\""
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}":
        text += (scalar.value < 16 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: CustomStringConvertible {
  public var description: String { text() }
}
