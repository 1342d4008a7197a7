import Downhill

/// Changes one node of a JSON document: most changes of a byte only make it none.
struct JSONMutator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// nil: the document is no JSON.
  mutating func changed(_ document: [UInt8]) -> [UInt8]? {
    guard let value = try? JSONValue(parsing: document) else { return nil }
    var target = Int.random(in: 0..<nodes(of: value), using: &self)
    return Array(changed(value, &target, in: value).text().utf8)
  }

  private func nodes(of value: JSONValue) -> Int { parts(of: value).reduce(1) { $0 + nodes(of: $1) } }

  private func parts(of value: JSONValue) -> [JSONValue] {
    switch value {
    case .array(let elements): elements
    case .object(let object): object.members.map(\.value)
    default: []
    }
  }

  /// The document with its node number `target` replaced.
  private mutating func changed(_ value: JSONValue, _ target: inout Int, in document: JSONValue) -> JSONValue {
    if target == 0 {
      target -= 1
      return replacement(of: value, in: document)
    }
    target -= 1
    switch value {
    case .array(var elements):
      for index in elements.indices where target >= 0 {
        elements[index] = changed(elements[index], &target, in: document)
      }
      return .array(elements)
    case .object(var object):
      for member in object.members where target >= 0 {
        object[member.name] = changed(member.value, &target, in: document)
      }
      return .object(object)
    default: return value
    }
  }

  private mutating func replacement(of value: JSONValue, in document: JSONValue) -> JSONValue {
    // Another node of the document, one time in eight.
    if Int.random(in: 0..<8, using: &self) == 0 {
      var place = Int.random(in: 0..<nodes(of: document), using: &self)
      return node(place: &place, of: document) ?? .null
    }
    switch value {
    case .array(var elements):
      guard let index = elements.indices.randomElement(using: &self) else { return [1] }
      switch Int.random(in: 0..<4, using: &self) {
      case 0: elements.remove(at: index)
      case 1: elements.insert(elements[index], at: index)
      case 2: elements.swapAt(index, elements.indices.randomElement(using: &self)!)
      default: return elements[index]
      }
      return .array(elements)
    case .object(var object):
      guard let member = object.members.randomElement(using: &self) else { return [:] }
      switch Int.random(in: 0..<3, using: &self) {
      case 0: object[member.name] = nil
      case 1: object[member.name] = object.members.randomElement(using: &self)!.value
      default: return member.value
      }
      return .object(object)
    case .string(let text):
      let others = ["", "a", "\u{0}", "NaN", "inf", "1e999", text + text, String(text.dropLast()), "é👩‍👩‍👧"]
      return .string(others.randomElement(using: &self)!)
    case .number(let number):
      let numbers: [JSONValue] = [
        0, 1, 2, 3, -1, 7, 255, 65_536, 2_147_483_647, 2_147_483_648, 4_294_967_296, 1_000_000_007,
        .init(Int.max), .init(Int.min), 0.5, -0.5, 1e-320, 1e-38, 1e38, 1e39, 1e308, -1e308,
        .init(number.double + 1), .init(number.double - 1), .init(number.double * 2), .init(-number.double),
      ]
      return numbers.randomElement(using: &self)!
    case .boolean(let flag): return .boolean(!flag)
    case .null: return 1
    }
  }

  private func node(place: inout Int, of value: JSONValue) -> JSONValue? {
    if place == 0 { return value }
    place -= 1
    for part in parts(of: value) {
      if let found = node(place: &place, of: part) { return found }
    }
    return nil
  }
}
