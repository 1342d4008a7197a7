/// A JSON document or a part of one (RFC 8259), kept as it was written: members in order, numbers with all digits.
public enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// A number, or null for what JSON has no number for: NaN and the infinities.
  public init(_ value: Double) { self = JSONNumber(value).map(JSONValue.number) ?? .null }

  /// A number in the fewest digits that give this float back, or null for NaN and the infinities.
  public init(_ value: Float) { self = JSONNumber(value).map(JSONValue.number) ?? .null }

  public init(_ value: some BinaryInteger) { self = .number(JSONNumber(value)) }
}

extension JSONValue {
  public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  public var number: Double? { if case .number(let value) = self { value.double } else { nil } }
  public var integer: Int? { if case .number(let value) = self { value.integer } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The member of an object; nil for another name, or if this is no object.
  public subscript(name: String) -> JSONValue? { object?[name] }

  /// What this is, for messages: "a string".
  public var kind: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(integerLiteral value: Int) { self.init(value) }
  public init(floatLiteral value: Double) { self.init(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
  public init(nilLiteral: ()) { self = .null }
}

/// A JSON number as it is written.
///
/// Equal when written alike: 1 and 1.0 differ.
public struct JSONNumber: Sendable, Equatable {
  /// The digits, as they stand in the document.
  public let text: String

  /// For text that is known to be a number by JSON's grammar and not beyond Double's range.
  init(text: String) { self.text = text }

  public init(_ value: some BinaryInteger) { text = String(value) }

  /// The fewest digits that give this value back; whole numbers up to 2⁵³ without a point. Nil for NaN and infinities.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    let isWhole = value.magnitude <= 0x1p53 && value == value.rounded() && !(value == 0 && value.sign == .minus)
    text = isWhole ? String(Int(value)) : value.description
  }

  /// The fewest digits that give this float back. Nil for NaN and infinities.
  public init?(_ value: Float) {
    guard value.isFinite else { return nil }
    let isWhole = value.magnitude <= 0x1p24 && value == value.rounded() && !(value == 0 && value.sign == .minus)
    text = isWhole ? String(Int(value)) : value.description
  }

  /// The nearest Double.
  public var double: Double { Double(text) ?? .nan }

  /// The whole number that this is, exactly; nil with a fraction, or outside Int (or ±2⁵³ when written with a point or
  /// an exponent).
  public var integer: Int? {
    if let exact = Int(text) { return exact }
    let value = double
    return value.magnitude <= 0x1p53 ? Int(exactly: value) : nil
  }
}

/// The members of a JSON object, in order, each name once.
public struct JSONObject: Sendable, Equatable {
  public struct Member: Sendable, Equatable {
    public let name: String
    public var value: JSONValue
  }

  public private(set) var members: [Member] = []
  /// Where each name is, once looking one by one would be slow.
  private var places: [String: Int] = [:]

  private static let fewMembers = 8

  public init() {}

  /// The members in the order given; of a name given twice, the last value.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (name, value) in members { self[name] = value }
  }

  public var isEmpty: Bool { members.isEmpty }
  public var count: Int { members.count }

  /// A member's value. A new name goes to the end; nil removes.
  public subscript(name: String) -> JSONValue? {
    get { place(of: name).map { members[$0].value } }
    set {
      switch (place(of: name), newValue) {
      case (let place?, let value?): members[place].value = value
      case (nil, let value?): append(name, value)
      case (let place?, nil):
        members.remove(at: place)
        places = [:]
        indexMembers()
      case (nil, nil): break
      }
    }
  }

  public static func == (a: JSONObject, b: JSONObject) -> Bool { a.members == b.members }

  func place(of name: String) -> Int? {
    members.count <= Self.fewMembers ? members.firstIndex { $0.name == name } : places[name]
  }

  /// Adds a member whose name is new.
  mutating func append(_ name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
    if places.isEmpty { indexMembers() } else { places[name] = members.count - 1 }
  }

  private mutating func indexMembers() {
    guard members.count > Self.fewMembers else { return }
    for (place, member) in members.enumerated() { places[member.name] = place }
  }
}
