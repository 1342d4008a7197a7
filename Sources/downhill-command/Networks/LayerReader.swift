import Downhill
import Yams

/// Turns nodes of YAML into layers in the coded form of model files.
struct LayerReader {
  let path: String
  /// Layers that may still come: references multiply what a short file says.
  var left: Int
  private var depth = 0

  /// Model files are read to a depth of their own, too.
  private static let deepest = 32

  init(path: String, left: Int) { (self.path, self.left) = (path, left) }

  mutating func component(_ node: Node) throws -> JSONValue {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepest { throw fault("layers are nested more than \(Self.deepest) deep", at: node) }
    left -= 1
    if left < 0 { throw fault("these are more layers than a network file may declare", at: node) }
    let (name, value) = try split(node)
    guard let kind = LayerWords[name] else {
      let hint = nearestWord(to: name, among: LayerWords.names)
      throw fault(
        "there is no layer “\(name)”\(hint) There are \(LayerWords.names.joined(separator: ", "))", at: node)
    }
    let coded = JSONValue.object(JSONObject([(name, .object(try settings(of: kind, value, at: node)))]))
    do { _ = try LayerWords.components([coded]) } catch {
      throw fault("the settings of \(name) are not what it takes: \(written(coded))\(reason(error))", at: node)
    }
    return coded
  }

  /// A name, or a name with its settings.
  private func split(_ node: Node) throws -> (String, Node?) {
    switch node {
    case .scalar(let scalar): return (scalar.string, nil)
    case .mapping(let mapping) where mapping.count == 1:
      if let (key, value) = mapping.first.map({ ($0.key, $0.value) }), let name = key.string {
        return (name, value.null == nil ? value : nil)
      }
    default: break
    }
    throw fault("a layer is a name, such as “ReLU”, or a name with settings, such as “Linear: 128”", at: node)
  }

  private mutating func settings(of kind: LayerWords.Kind, _ value: Node?, at node: Node) throws -> JSONObject {
    var settings = kind.settings
    var given: Set<String> = []
    func known() -> String {
      let names = settings.members.map(\.name)
      return names.isEmpty ? "\(kind.name) has no settings" : "it has \(names.joined(separator: ", "))"
    }
    switch value {
    case nil: break
    case .mapping(let mapping)?:
      for (key, value) in mapping {
        let name = key.string ?? ""
        guard settings[name] != nil else {
          let hint = nearestWord(to: name, among: settings.members.map(\.name))
          throw fault("\(kind.name) has no “\(name)”\(hint) In full, \(known())", at: key)
        }
        given.insert(name)
        settings[name] = try setting(name, of: kind, value)
      }
    case let value?:
      guard let first = kind.first else { throw fault("a value is given, and \(known())", at: value) }
      given.insert(first)
      settings[first] = try setting(first, of: kind, value)
    }
    if let missing = kind.required.first(where: { !given.contains($0) }) {
      throw fault("\(kind.name) needs “\(missing)”", at: node)
    }
    return kind.completed(settings)
  }

  mutating func parts(_ node: Node, of kind: LayerWords.Kind) throws -> [JSONValue] {
    guard case .sequence(let nodes) = node else {
      throw fault("\(kind.name) takes a list, each entry in a line of its own with a dash", at: node)
    }
    var parts: [JSONValue] = []
    for part in nodes {
      if kind.name != "Concatenate" {
        parts.append(try component(part))
      } else if case .sequence = part {
        // A list of layers is a branch over the whole row.
        parts.append(.object(try settings(of: LayerWords["Branch"]!, part, at: part)))
      } else {
        let branch = try component(part)
        // Any other layer is a branch of its own.
        parts.append(branch["Branch"] ?? .object(JSONObject([("layers", .array([branch]))])))
      }
    }
    return parts
  }

  /// What the decoder says, where it says something.
  private func reason(_ error: any Error) -> String {
    guard case DecodingError.dataCorrupted(let context)? = error as? DecodingError else { return "" }
    return " (\(context.debugDescription))"
  }

  private func written(_ coded: JSONValue) -> String { NetworkText.lines([coded]).joined(separator: " ") }

  func nearestWord(to name: String, among names: [String]) -> String {
    nearest(to: name, among: names).map { "; did you mean “\($0)”?" } ?? "."
  }

  func fault(_ problem: String, at node: Node?) -> any Error {
    let line = node?.mark.map { ":\($0.line)" } ?? ""
    return Failure(code: Failure.data, "\(path)\(line): \(problem)")
  }

  func fault(_ error: YamlError) -> any Error {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Failure(code: Failure.data, "\(path):\(mark.line): no YAML: \(problem)")
    default:
      let text = "\(error)".split(separator: "\n").joined(separator: " ")
      return Failure(code: Failure.data, "\(path): no YAML: \(text)")
    }
  }
}
