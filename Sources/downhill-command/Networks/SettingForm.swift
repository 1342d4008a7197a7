import Downhill

/// How the value of a setting is written in a network file, and printed again.
enum SettingForm {
  case number, flag, word
  /// Numbers, words, or lists of these.
  case list
  /// `3`, `[3, 5]` (height, width) or `{height: 3, width: 5}`.
  case size
  /// `valid`, `same`, `1`, `[1, 2]` (above and below, left and right) or `{top: 1, bottom: 0, left: 2, right: 2}`.
  case padding
  /// `heNormal`, `{normal: 0.02}`, `{uniform: [-1, 1]}`.
  case initializer
  /// A layer inside a layer.
  case layer
  /// `0..<4`, `[0, 4]`, or names of a table's columns: `age`, `[age, fare]`.
  case columns
  /// `1000`: one table for all columns; `[5, 12]`: one for each.
  case categories
  /// What a layer of a later day may take: names with values, in the coded form.
  case record

  init(_ name: String, default value: JSONValue) {
    switch (name, value) {
    case ("padding", _): self = .padding
    case ("initializer", _): self = .initializer
    case ("activation", _): self = .layer
    case ("columns", _): self = .columns
    case ("categories", _): self = .categories
    case ("stride", _), ("kernel", _): self = .size
    case (_, .number): self = .number
    case (_, .boolean): self = .flag
    case (_, .string): self = .word
    case (_, .array): self = .list
    case (_, .object), (_, .null): self = .record
    }
  }

  /// What is expected, for messages.
  var expectation: String {
    switch self {
    case .number: "a number"
    case .flag: "true or false"
    case .word: "a word"
    case .list: "a list"
    case .size: "a size: 3, or [3, 5] for height and width, each a whole number of pixels"
    case .padding:
      "valid, same, a number of pixels, [1, 2] for rows and columns, or {top: 1, bottom: 0, left: 2, right: 2}"
    case .initializer: "one of \(Self.initializers.map(\.name).joined(separator: ", "))"
    case .layer: "a layer, such as Mish"
    case .columns: "a range such as 0..<4 (the first, and the one behind the last), or names of columns: [age, fare]"
    case .categories: "a number of categories, or [5, 12]: one for each column"
    case .record: "a value, or names with values: {name: value}"
    }
  }

  /// Initialisers, and the names of their own settings in coded form.
  static let initializers: [(name: String, settings: [String])] = [
    ("zeros", []), ("constant", ["_0"]), ("uniform", ["_0", "_1"]), ("normal", ["standardDeviation"]),
    ("glorotUniform", []), ("glorotNormal", []), ("heUniform", []), ("heNormal", []), ("lecunUniform", []),
    ("lecunNormal", []),
  ]

  /// The sides of an image, in the order of the coded form's short list.
  static let sides = ["top", "bottom", "left", "right"]

  /// A coded value as it is written.
  func text(of value: JSONValue) -> String {
    switch self {
    case .size:
      guard let height = value["height"], let width = value["width"] else { break }
      return height == width ? height.text() : "[\(height.text()), \(width.text())]"
    case .padding:
      guard let explicit = value["explicit"] else { break }
      let (top, bottom, left, right) = (explicit["top"], explicit["bottom"], explicit["left"], explicit["right"])
      guard let top, let left, top == bottom, left == right else {
        return "{\(Self.sides.map { "\($0): \(explicit[$0]?.text() ?? "0")" }.joined(separator: ", "))}"
      }
      return top == left ? top.text() : "[\(top.text()), \(left.text())]"
    case .initializer:
      guard let member = value.object?.members.first,
        let names = Self.initializers.first(where: { $0.name == member.name })?.settings, !names.isEmpty
      else { break }
      let numbers = names.map { member.value[$0]?.text() ?? "0" }
      return "{\(member.name): \(numbers.count == 1 ? numbers[0] : "[\(numbers.joined(separator: ", "))]")}"
    case .layer: return NetworkText.inline(value)
    case .columns:
      guard let bounds = value.array, bounds.allSatisfy({ $0.integer != nil }) else { break }
      return bounds.map { $0.text() }.joined(separator: "..<")
    default: break
    }
    return Self.plain(value)
  }

  private static func plain(_ value: JSONValue) -> String {
    switch value {
    case .object(let object) where object.count == 1 && object.members[0].value.object?.isEmpty == true:
      object.members[0].name
    case .object(let object):
      "{\(object.members.map { "\($0.name): \(plain($0.value))" }.joined(separator: ", "))}"
    case .array(let elements): "[\(elements.map(plain).joined(separator: ", "))]"
    case .string(let text): isPlainWord(text) ? text : value.text()
    default: value.text()
    }
  }

  /// Whether YAML takes a text for itself where it stands without quotes, also in a list.
  private static func isPlainWord(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "." }
      && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
  }
}
