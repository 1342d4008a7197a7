package import Downhill
import Yams

/// A search space declared in YAML, in the names of the options of `train`:
///
///     learning-rate: {from: 0.0003, to: 0.01, scale: log}
///     depth: {from: 1, to: 4}
///     activation: [relu, silu]
///     optimizer: [adamw, muon]
///     momentum: {from: 0.8, to: 0.99, when: {optimizer: muon}}
///     dropout: 0.1
package struct SpaceFile {
  package let space: SearchSpace
  private let path: String
  /// Where each dimension is declared.
  private let lines: [String: Int]

  private static let longest = 1 << 20
  private static let mostDimensions = 1_000

  init(reading path: String) throws {
    try self.init(String(decoding: FileContents.read(path, limit: Self.longest), as: UTF8.self), path: path)
  }

  package init(_ text: String, path: String) throws {
    self.path = path
    let reader = SpaceReader(path: path)
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch let error as YamlError { throw reader.fault(error) }
    guard case .mapping(let mapping)? = root, mapping.count > 0 else {
      throw reader.fault(
        "names of settings with values are expected, such as “dropout: {from: 0, to: 0.5}” in a line of its own",
        at: root)
    }
    if mapping.count > Self.mostDimensions { throw reader.fault("these are more settings than there are", at: root) }
    var dimensions: [SearchDimension] = []
    var lines: [String: Int] = [:]
    for (key, value) in mapping {
      let dimension = try reader.dimension(key, value)
      dimensions.append(dimension)
      lines[dimension.name] = key.mark?.line
    }
    self.lines = lines
    do throws(SearchSpaceError) { space = try SearchSpace(dimensions) } catch {
      throw Self.failure(error, path, lines)
    }
  }

  /// What is wrong with a dimension, with its place.
  func failure(_ error: SearchSpaceError) -> Failure { Self.failure(error, path, lines) }

  private static func failure(_ error: SearchSpaceError, _ path: String, _ lines: [String: Int]) -> Failure {
    let line = error.dimension.flatMap { lines[$0] }.map { ":\($0)" } ?? ""
    return Failure(code: Failure.data, "\(path)\(line): \(error)")
  }

  /// A space as such a file.
  package static func text(of space: SearchSpace) throws -> String {
    let members = space.dimensions.map { (Node($0.name), node($0)) }
    return try String(Yams.serialize(node: Node(members), width: -1, allowUnicode: true).dropLast())
  }

  private static func node(_ dimension: SearchDimension) -> Node {
    func flow(_ members: [(String, Node)]) -> Node { Node(members.map { (Node($0), $1) }, .implicit, .flow) }
    let condition = dimension.condition.map { [("when", flow([($0.name, list($0.values))]))] } ?? []
    switch dimension.domain {
    case .choice(let choices):
      return condition.isEmpty ? list(choices) : flow([("values", list(choices))] + condition)
    case .range(let range):
      let ends = [("from", node(.number(range.low))), ("to", node(.number(range.high)))]
      return flow(ends + (range.scale == .log ? [("scale", Node("log"))] : []) + condition)
    }
  }

  private static func list(_ values: [SearchValue]) -> Node { Node(values.map(node), .implicit, .flow) }

  /// In quotes where it would be taken for something else.
  private static func node(_ value: SearchValue) -> Node {
    guard case .text(let text) = value else { return Node(value.description) }
    let isPlain =
      text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return .scalar(Node.Scalar(text, Tag(.str), isPlain && SpaceReader.isText(text) ? .any : .doubleQuoted))
  }
}

/// Turns nodes of YAML into dimensions.
private struct SpaceReader {
  let path: String

  private static let keys = ["from", "to", "scale", "values", "when"]

  func dimension(_ key: Node, _ value: Node) throws -> SearchDimension {
    let name = key.string ?? ""
    guard let setting = RecipeSetting[name] else {
      let names = RecipeSetting.all.map(\.name)
      throw fault(
        "there is no setting “\(name)”\(hint(name, names)) There are \(names.joined(separator: ", "))", at: key)
    }
    switch value {
    case .scalar, .sequence: return SearchDimension(name, .choice(try values(value, of: name)))
    case .mapping(let mapping): return try dimension(setting, mapping, at: key)
    default: throw fault("“\(name)” takes a value, a list of values, or from and to", at: value)
    }
  }

  private func dimension(_ setting: RecipeSetting, _ mapping: Node.Mapping, at key: Node) throws -> SearchDimension {
    let name = setting.name
    for (member, _) in mapping where !Self.keys.contains(member.string ?? "") {
      let word = member.string ?? ""
      throw fault(
        "“\(name)” has no “\(word)”\(hint(word, Self.keys)) It has \(Self.keys.joined(separator: ", "))", at: member)
    }
    let condition = try mapping["when"].map { try self.condition($0, of: name) }
    if let list = mapping["values"] {
      if let other = ["from", "to", "scale"].first(where: { mapping[$0] != nil }) {
        throw fault("“\(name)” has values or “\(other)”, not both", at: key)
      }
      return SearchDimension(name, .choice(try values(list, of: name)), when: condition)
    }
    guard let low = mapping["from"], let high = mapping["to"] else {
      throw fault("“\(name)” takes from and to, or values", at: key)
    }
    guard setting.form == .number || setting.form == .whole else {
      throw fault("“\(name)” is no number: list its values", at: key)
    }
    var scale = NumberRange.Scale.linear
    if let node = mapping["scale"] {
      guard let found = node.string.flatMap(NumberRange.Scale.init) else {
        throw fault("the scale of “\(name)” is linear or log, not \(shown(node))", at: node)
      }
      scale = found
    }
    let range = NumberRange(
      try number(low, of: name), try number(high, of: name), scale: scale, isWhole: setting.form == .whole)
    return SearchDimension(name, .range(range), when: condition)
  }

  private func condition(_ node: Node, of name: String) throws -> SearchDimension.Condition {
    guard case .mapping(let mapping) = node, let (key, value) = mapping.first.map({ ($0.key, $0.value) }),
      mapping.count == 1, let other = key.string
    else { throw fault("“\(name)” takes part when one other setting has a value, such as {optimizer: muon}", at: node) }
    return SearchDimension.Condition(other, is: try values(value, of: other))
  }

  private func values(_ node: Node, of name: String) throws -> [SearchValue] {
    let nodes: [Node] = if case .sequence(let sequence) = node { Array(sequence) } else { [node] }
    return try nodes.map { node in
      guard case .scalar(let scalar) = node else {
        throw fault("“\(name)” takes plain values, not groups of them", at: node)
      }
      guard scalar.style == .plain else { return .text(scalar.string) }
      if node.null != nil || scalar.string.isEmpty {
        throw fault("“\(name)” has no value: leave it out, or write one", at: node)
      }
      return Self.value(scalar.string)
    }
  }

  private static func value(_ text: String) -> SearchValue {
    if text == "true" || text == "false" { return .flag(text == "true") }
    if let number = Double(text), number.isFinite, text.first?.isLetter != true { return .number(number) }
    return .text(text)
  }

  /// Whether a text without quotes is read as that text.
  static func isText(_ text: String) -> Bool {
    Node(text).null == nil && value(text) == .text(text)
  }

  private func number(_ node: Node, of name: String) throws -> Double {
    guard case .scalar(let scalar) = node, case .number(let number) = Self.value(scalar.string) else {
      throw fault("the ends of “\(name)” are numbers, not \(shown(node))", at: node)
    }
    return number
  }

  private func shown(_ node: Node) -> String { node.scalar.map { "“\($0.string)”" } ?? "a group of values" }

  private func hint(_ name: String, _ names: [String]) -> String {
    nearest(to: name, among: names).map { "; did you mean “\($0)”?" } ?? "."
  }

  func fault(_ problem: String, at node: Node?) -> any Error {
    LayerReader(path: path, left: 0).fault(problem, at: node)
  }

  func fault(_ error: YamlError) -> any Error {
    if case .duplicatedKeysInMapping(let duplicates, _) = error, let name = duplicates.first {
      return Failure(code: Failure.data, "\(path): “\(name)” stands there twice")
    }
    return LayerReader(path: path, left: 0).fault(error)
  }
}
