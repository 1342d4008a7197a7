import Downhill
import Yams

extension Configuration {
  /// The layers that a file declares: a network file, or the configuration itself, in which they stand.
  static func layers(in path: String) throws -> [any Component] {
    if let current, path == current.path, let layers = current.layers { return layers }
    return try NetworkFile(reading: path).layers
  }

  /// The configuration of a model in YAML.
  /// - Throws: `Failure` where it has none.
  static func text(ofModel path: String) throws -> String {
    guard let configuration = try Model(reading: path).configuration else { throw missing(in: path) }
    return String(try yaml(configuration).dropLast())
  }

  /// JSON as YAML, in which ranges of columns stand without quotes, as network files want them.
  static func yaml(_ configuration: JSONValue) throws -> String {
    try Yams.serialize(node: node(configuration), width: -1, allowUnicode: true)
  }

  static func missing(in path: String) -> Failure {
    Failure(
      code: Failure.data,
      "\(path) holds no configuration: a program trained it, or an early version. Write a file of YAML with what "
        + "`downhill inspect \(path)` says of columns and recipe")
  }

  /// Layers as they stand in a configuration.
  /// - Throws: `Failure` where they can't be written: what was read from a file can.
  static func network(_ layers: [any Component]) throws -> JSONValue {
    let text = NetworkText.text(of: layers)
    do {
      guard let node = try Yams.compose(yaml: text) else { throw YamlError.no }
      return json(node)
    } catch {
      throw Failure(code: Failure.internalFault, "the network can't be written down as YAML (\(error)):\n\(text)")
    }
  }

  private static func json(_ node: Node) -> JSONValue {
    switch node {
    case .sequence(let nodes): .array(nodes.map(json))
    case .mapping(let members): .object(JSONObject(members.map { ($0.key.string ?? "", json($0.value)) }))
    case .scalar(let scalar) where scalar.style == .plain && ["true", "false"].contains(scalar.string):
      .boolean(scalar.string == "true")
    case .scalar(let scalar) where scalar.style == .plain:
      Double(scalar.string).map { JSONValue($0) } ?? .string(scalar.string)
    default: .string(node.string ?? "")
    }
  }

  /// Lists of plain values in a line, others an entry a line.
  private static func node(_ value: JSONValue) -> Node {
    switch value {
    case .object(let object):
      return Node(object.members.map { (Node.scalar(scalar($0.name)), node($0.value)) })
    case .array(let elements):
      let isPlain = elements.allSatisfy { $0.object == nil && $0.array == nil }
      return Node(elements.map(node), .implicit, isPlain ? .flow : .block)
    case .string(let text): return .scalar(scalar(text))
    default: return Node(value.text())
    }
  }

  /// In quotes where YAML would take it for something else than text.
  private static func scalar(_ text: String) -> Node.Scalar {
    let isText = Node(text).tag == Tag(.str) && !text.isEmpty
    return Node.Scalar(text, Tag(.str), isText ? .any : .doubleQuoted)
  }
}
