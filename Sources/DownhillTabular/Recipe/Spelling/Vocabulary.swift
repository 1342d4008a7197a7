internal import DownhillFiles
internal import DownhillTables

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The values that can be spelled, each by a name and the coded form that it has when nothing is set: `{"cosine": {"end": 0}}`.
struct Vocabulary {
  /// What the values are, for messages: `schedule`.
  let what: String
  private let entries: [(name: String, kind: String, settings: JSONObject)]

  /// - Parameters:
  ///   - values: one of each kind, with its defaults, in coded form; each is named by its kind.
  ///   - others: the same under names of their own.
  init(_ what: String, _ values: [any Encodable], others: [(name: String, value: any Encodable)] = []) {
    self.what = what
    entries = (values.map { (nil, $0) } + others.map { ($0.name, $0.value) }).map { (name: String?, value) in
      let member = Self.coded(value).object!.members[0]
      return (name ?? member.name, member.name, member.value.object ?? JSONObject())
    }
  }

  var names: [String] { entries.map(\.name) }

  /// The value in coded form.
  /// - Throws: `SpellingError` that says what there is.
  func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws(SpellingError) -> Value {
    let spelling = try Spelling(parsing: text)
    let coded = try resolve(spelling)
    do {
      return try JSONDecoder().decode(type, from: Data(coded.text().utf8))
    } catch let error as DecodingError {
      try checkWholeNumbers(spelling, type)
      switch error {
      case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context),
        .keyNotFound(_, let context):
        let setting = context.codingPath.dropFirst().first.map { "“\($0.stringValue)” of " } ?? ""
        throw SpellingError("\(setting)“\(text)”: \(context.debugDescription)")
      @unknown default: throw SpellingError("“\(text)” can't be read")
      }
    } catch { throw SpellingError("“\(text)” can't be read: \(error)") }
  }

  /// Whether what can't be read is a fraction where a whole number is expected: coding errors don't tell. Then other fractions
  /// can't be read either, and a whole number can.
  private func checkWholeNumbers<Value: Decodable>(
    _ spelling: Spelling, _ type: Value.Type
  ) throws(SpellingError) {
    for argument in spelling.arguments {
      guard case .number(let number) = argument.value, number != number.rounded() else { continue }
      let others = spelling.arguments.filter { $0 != argument }
      func canBe(_ number: Double) -> Bool {
        let other = Spelling.Argument(name: argument.name, value: .number(number))
        guard let coded = try? resolve(Spelling(name: spelling.name, arguments: others + [other])) else { return false }
        return (try? JSONDecoder().decode(type, from: Data(coded.text().utf8))) != nil
      }
      let whole = max(1, number.rounded())
      if canBe(whole), !canBe(0.5), !canBe(whole + 0.5) {
        throw SpellingError("“\(argument.name)” of \(spelling.name) is a whole number, not \(number)")
      }
    }
  }

  /// The shortest text that gives a value back.
  func text(of value: some Encodable) -> String { text(of: Self.coded(value)) }

  private static func coded(_ value: some Encodable) -> JSONValue {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(value), let coded = try? JSONValue(parsing: Array(data)),
      coded.object?.count == 1
    else { preconditionFailure("\(value) has no coded form of one member") }
    return coded
  }

  private func resolve(_ spelling: Spelling) throws(SpellingError) -> JSONValue {
    guard let entry = entries.first(where: { $0.name == spelling.name }) else {
      let hint = nearest(to: spelling.name, among: names).map { "; did you mean “\($0)”?" } ?? "."
      throw SpellingError("there is no \(what) “\(spelling.name)”\(hint) There are \(names.joined(separator: ", "))")
    }
    var settings = entry.settings
    for argument in spelling.arguments {
      let name = Self.camelCase(argument.name)
      guard let standard = settings[name] else {
        let known = settings.members.map(\.name)
        let hint = nearest(to: name, among: known).map { "; did you mean “\($0)”?" } ?? "."
        throw SpellingError(
          known.isEmpty
            ? "\(entry.name) has nothing to set, and “\(argument.name)” is set"
            : "\(entry.name) has no “\(argument.name)”\(hint) It has \(known.joined(separator: ", "))")
      }
      settings[name] = try value(argument.value, like: standard, of: "“\(argument.name)” of \(entry.name)")
    }
    return .object(JSONObject([(entry.kind, .object(settings))]))
  }

  private func value(
    _ value: Spelling.Value, like standard: JSONValue, of place: String
  ) throws(SpellingError) -> JSONValue {
    switch (value, standard) {
    case (.number(let number), .number), (.number(let number), .null): return JSONValue(number)
    case (.list(let elements), .array):
      var list: [JSONValue] = []
      for element in elements {
        if case .list = element {
          list.append(try self.value(element, like: .array([]), of: place))
        } else {
          list.append(try self.value(element, like: 0, of: place))
        }
      }
      return .array(list)
    case (.call(let call), .object): return try resolve(call)
    case (.call(let call), .string) where call.arguments.isEmpty: return .string(call.name)
    default:
      let expected =
        switch standard {
        case .number, .null: "a number"
        case .array: "a list in brackets"
        case .object: "a \(what)"
        default: "a word"
        }
      throw SpellingError("\(place) is \(expected)")
    }
  }

  private func text(of coded: JSONValue) -> String {
    guard let member = coded.object?.members.first, let settings = member.value.object else { return coded.text() }
    let candidates = entries.filter { $0.kind == member.name }.map { entry in
      (entry.name, settings.members.filter { entry.settings[$0.name] != $0.value })
    }
    guard let (name, changed) = candidates.min(by: { $0.1.count < $1.1.count }) else { return member.name }
    if changed.isEmpty { return name }
    return "\(name)(\(changed.map { "\($0.name): \(word(of: $0.value))" }.joined(separator: ", ")))"
  }

  private func word(of value: JSONValue) -> String {
    switch value {
    case .object: text(of: value)
    case .string(let word): word
    case .array(let elements): "[\(elements.map(word).joined(separator: ", "))]"
    default: value.text()
    }
  }

  /// `label-smoothing` as `labelSmoothing`.
  private static func camelCase(_ name: String) -> String {
    let parts = name.split(separator: "-")
    return parts.prefix(1).joined() + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
