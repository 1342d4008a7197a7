import Downhill
import Yams

extension LayerReader {
  /// The value of a setting in coded form.
  mutating func setting(_ name: String, of kind: LayerWords.Kind, _ node: Node) throws -> JSONValue {
    if name == kind.parts { return .array(try parts(node, of: kind)) }
    let form = kind.form(of: name)
    func refuse(_ found: String = "") -> any Error {
      let shown = found.isEmpty ? node.scalar.map { ", not “\($0.string)”" } ?? "" : found
      return fault("“\(name)” of \(kind.name) is \(form.expectation)\(shown)", at: node)
    }
    switch form {
    case .number:
      guard let scalar = node.scalar else { throw refuse() }
      // The width of the output layer, which the target decides.
      if kind.name == "Linear", name == "outputs", scalar.string == "auto" { return 0 }
      guard let number = Self.number(node) else { throw refuse() }
      if kind.name == "Linear", number < 1 {
        throw fault("“outputs” of Linear is at least 1, or auto: as many as the target needs", at: node)
      }
      return JSONValue(number)
    case .flag:
      guard node.scalar != nil, let flag = node.bool else { throw refuse() }
      return .boolean(flag)
    case .word:
      guard let scalar = node.scalar else { throw refuse() }
      return .string(scalar.string)
    case .list:
      guard case .sequence = node else { throw refuse() }
      return try plain(node)
    case .layer: return try component(node)
    case .size:
      guard let size = size(node) else { throw refuse() }
      return size
    case .padding:
      guard let padding = padding(node) else { throw refuse() }
      return padding
    case .initializer:
      guard let initializer = try initializer(node) else { throw refuse() }
      return initializer
    case .columns:
      guard let columns = columns(node) else { throw refuse() }
      return columns
    case .categories:
      if let count = Self.number(node) { return JSONValue(count) }
      guard case .sequence(let nodes) = node, nodes.allSatisfy({ Self.number($0) != nil }) else { throw refuse() }
      return try plain(node)
    case .record:
      if let scalar = node.scalar, kind.settings[name]?.object != nil {
        return .object(JSONObject([(scalar.string, .object(JSONObject()))]))
      }
      return try plain(node)
    }
  }

  private static func number(_ node: Node) -> Double? {
    guard node.scalar != nil, let number = node.float, number.isFinite else { return nil }
    return number
  }

  private func numbers(_ node: Node, count: Int) -> [JSONValue]? {
    guard case .sequence(let nodes) = node, nodes.count == count else { return nil }
    let numbers = nodes.compactMap(Self.number)
    return numbers.count == count ? numbers.map { JSONValue($0) } : nil
  }

  private func size(_ node: Node) -> JSONValue? {
    let sides = ["height", "width"]
    if let side = node.int { return Self.object(sides, [JSONValue(side), JSONValue(side)]) }
    if case .mapping(let mapping) = node {
      let numbers = sides.compactMap { mapping[$0].flatMap(Self.number) }
      guard mapping.count == 2, numbers.count == 2 else { return nil }
      return Self.object(sides, numbers.map { JSONValue($0) })
    }
    return numbers(node, count: 2).map { Self.object(sides, $0) }
  }

  private func padding(_ node: Node) -> JSONValue? {
    func explicit(_ pixels: [JSONValue]) -> JSONValue {
      .object(JSONObject([("explicit", Self.object(SettingForm.sides, pixels))]))
    }
    if let pixels = node.int { return explicit([JSONValue](repeating: JSONValue(pixels), count: 4)) }
    func named(_ name: String) -> JSONValue? {
      guard ["valid", "same"].contains(name) else { return nil }
      return .object(JSONObject([(name, .object(JSONObject()))]))
    }
    switch node {
    case .scalar(let scalar): return named(scalar.string)
    case .sequence: return numbers(node, count: 2).map { explicit([$0[0], $0[0], $0[1], $0[1]]) }
    case .mapping(let mapping):
      if let only = mapping.first, mapping.count == 1, case .mapping(let inside) = only.value, inside.isEmpty {
        return named(only.key.string ?? "")
      }
      // As Swift has it: .all(1) and .explicit(top: …).
      if mapping.count == 1, let all = mapping["all"], all.int != nil { return padding(all) }
      if mapping.count == 1, let inside = mapping["explicit"], case .mapping = inside { return padding(inside) }
      var pixels = [JSONValue](repeating: 0, count: 4)
      for (key, value) in mapping {
        guard let side = SettingForm.sides.firstIndex(of: key.string ?? ""), let number = Self.number(value) else {
          return nil
        }
        pixels[side] = JSONValue(number)
      }
      return explicit(pixels)
    default: return nil
    }
  }

  private func initializer(_ node: Node) throws -> JSONValue? {
    let name: String, value: Node?
    switch node {
    case .scalar(let scalar): (name, value) = (scalar.string, nil)
    case .mapping(let mapping):
      guard mapping.count == 1, let member = mapping.first else { return nil }
      (name, value) = (member.key.string ?? "", member.value)
    default: return nil
    }
    guard let settings = SettingForm.initializers.first(where: { $0.name == name })?.settings else {
      let names = SettingForm.initializers.map(\.name)
      throw fault(
        "there is no initializer “\(name)”\(nearestWord(to: name, among: names)) There are "
          + names.joined(separator: ", "), at: node)
    }
    func coded(_ settings: JSONValue) -> JSONValue { .object(JSONObject([(name, settings)])) }
    guard let value, value.null == nil else {
      if settings.isEmpty { return coded(.object(JSONObject())) }
      throw fault(
        "the initializer “\(name)” needs \(settings.count == 1 ? "a number: {\(name): 0.1}" : "two numbers: {\(name): [-0.1, 0.1]}")",
        at: node)
    }
    if case .mapping = value { return coded(try plain(value)) }
    if settings.count == 1, let number = Self.number(value) { return coded(Self.object(settings, [JSONValue(number)])) }
    return numbers(value, count: settings.count).map { coded(Self.object(settings, $0)) }
  }

  /// `0..<4`, a list of the first and the one behind the last, or names of columns.
  private func columns(_ node: Node) -> JSONValue? {
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain {
        let parts = scalar.string.split(separator: "..<", omittingEmptySubsequences: false)
        if parts.count == 2, let first = Int(parts[0]), let end = Int(parts[1]) { return range(first, end) }
        if node.float != nil || parts.count > 1 { return nil }
      }
      if scalar.string.isEmpty { return nil }
      return [.string(scalar.string)]
    case .sequence(let nodes):
      let scalars = nodes.compactMap(\.scalar)
      guard scalars.count == nodes.count, !nodes.isEmpty else { return nil }
      let bounds = nodes.map { $0.scalar?.style == .plain ? $0.int : nil }
      if bounds.count == 2, let first = bounds[0], let end = bounds[1] { return range(first, end) }
      // Numbers among names would leave open what is meant; in quotes they are names.
      if bounds.contains(where: { $0 != nil }) || scalars.contains(where: \.string.isEmpty) { return nil }
      return .array(scalars.map { .string($0.string) })
    default: return nil
    }
  }

  private func range(_ first: Int, _ end: Int) -> JSONValue? {
    guard first <= end else { return nil }
    return [JSONValue(first), JSONValue(end)]
  }

  private static func object(_ names: [String], _ values: [JSONValue]) -> JSONValue {
    .object(JSONObject(zip(names, values).map { ($0, $1) }))
  }

  /// Names, numbers and groups of them.
  private func plain(_ node: Node) throws -> JSONValue {
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, let number = Self.number(node) { return JSONValue(number) }
      if scalar.style == .plain, let flag = node.bool { return .boolean(flag) }
      return .string(scalar.string)
    case .mapping(let mapping):
      return .object(JSONObject(try mapping.map { ($0.key.string ?? "", try plain($0.value)) }))
    case .sequence(let nodes): return .array(try nodes.map(plain))
    default: throw fault("a value is expected", at: node)
    }
  }
}
