import Downhill
import Yams

/// Turns nodes of YAML into arguments of the command.
struct ConfigurationReader {
  let path: String
  let table: OptionTable

  private static let longest = 1 << 22
  /// Lists of names, which a command line has in one word, with commas.
  static let columnLists: Set<String> = ["numeric", "categorical", "dates", "ignore"]
  /// What makes no sense in a file that is itself an argument.
  private static let excluded: Set<String> = [Configuration.option, "help", "version"]

  func members() throws -> [(Node, Node)] {
    let root: Node?
    do { root = try Yams.compose(yaml: text()) } catch let error as YamlError {
      if case .duplicatedKeysInMapping(let duplicates, _) = error, let name = duplicates.first {
        throw Failure(code: Failure.data, "\(path): “\(name)” stands there twice")
      }
      let fault = LayerReader(path: path, left: 0).fault(error)
      guard "\(error)".contains("mapping values are not allowed"), let failure = fault as? Failure else { throw fault }
      throw Failure(
        code: failure.code,
        "\(failure.message). A text that holds a colon stands in quotes, as in schedule: 'cosine-restarts(cycles: 3)'")
    }
    guard case .mapping(let mapping)? = root else {
      throw fault("names of options with values are expected, such as “target: species” in a line of its own", at: root)
    }
    return mapping.map { ($0.key, $0.value) }
  }

  private func text() throws -> String {
    guard try isModel() else {
      return String(decoding: try FileContents.read(path, limit: Self.longest), as: UTF8.self)
    }
    guard var configuration = try Model(reading: path).configuration?.object else {
      throw Configuration.missing(in: path)
    }
    // Models of the first release name no version, and mean the first.
    if configuration["recipe"]?.string == "default" { configuration["recipe"] = "default@1" }
    return try Configuration.yaml(.object(configuration))
  }

  /// The length of a safetensors file's header, 8 bytes, has zeros at its end, which no text has.
  private func isModel() throws -> Bool {
    let input = try FileContents.start(of: path, count: 8)
    return input.count == 8 && input[7] == 0
  }

  /// The option or other key that a key is.
  func name(_ key: Node, others: [String]) throws -> String {
    let name = key.string ?? ""
    if others.contains(name) { return name }
    if table[name] != nil, !Self.excluded.contains(name) { return name }
    let names = table.names.filter { !Self.excluded.contains($0) } + others
    let hint = nearest(to: name, among: names).map { "; did you mean “\($0)”?" } ?? "."
    if Self.excluded.contains(name) { throw fault("“\(name)” has no place in a configuration", at: key) }
    throw fault("train has no option “\(name)”\(hint) `downhill train --help` lists them", at: key)
  }

  /// What says the same on a command line.
  func arguments(_ name: String, _ value: Node) throws -> [String] {
    if name == Configuration.data {
      return try words(name, value).map { $0.hasPrefix("-") && $0 != "-" ? "./\($0)" : $0 }
    }
    switch table[name] {
    case .flag?:
      guard let flag = value.bool else { throw fault("“\(name)” is true or false, not \(shown(value))", at: value) }
      if flag { return ["--\(name)"] }
      let opposite = Self.opposite(of: name)
      return table[opposite] == nil ? [] : ["--\(opposite)"]
    case .repeatedOption?:
      let isList = value.sequence != nil
      return try words(name, value).flatMap { word in
        Self.option(name, isList && Self.columnLists.contains(name) ? SchemaOptions.quoted(word) : word)
      }
    default:
      let words = try words(name, value)
      if value.sequence != nil, name != "layers" { throw fault("“\(name)” takes one value, not a list", at: value) }
      return Self.option(name, words.joined(separator: ","))
    }
  }

  /// In one word, so that a value may begin with a dash; nothing behind an equals sign would be no value, though.
  private static func option(_ name: String, _ value: String) -> [String] {
    value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]
  }

  /// The flag that says the contrary, if there is one.
  private static func opposite(of flag: String) -> String {
    flag.hasPrefix("no-") ? String(flag.dropFirst(3)) : "no-\(flag)"
  }

  /// One value, or those of a list, as they are written.
  private func words(_ name: String, _ value: Node) throws -> [String] {
    let nodes: [Node] = if case .sequence(let sequence) = value { Array(sequence) } else { [value] }
    return try nodes.map { node in
      guard case .scalar(let scalar) = node else {
        throw fault("“\(name)” takes values, not groups of them", at: node)
      }
      guard scalar.style != .plain || node.null == nil else {
        throw fault("“\(name)” has no value: leave it out, or write one", at: node)
      }
      return scalar.string
    }
  }

  func fingerprints(_ value: Node) throws -> [String: FileFingerprint] {
    guard case .mapping(let mapping) = value else { throw fault("fingerprints are those of files, by name", at: value) }
    var result: [String: FileFingerprint] = [:]
    for (key, value) in mapping {
      guard let file = key.string, let fingerprint = value.string.flatMap({ FileFingerprint(parsing: $0) }) else {
        throw fault("a fingerprint such as “13519 bytes, XXH64 0123456789abcdef” is expected", at: value)
      }
      result[file] = fingerprint
    }
    return result
  }

  private func shown(_ value: Node) -> String { value.scalar.map { "“\($0.string)”" } ?? "a group of values" }

  /// `FILE:LINE`; a model's configuration has no lines.
  func place(_ node: Node?) -> String {
    guard (try? isModel()) == false, let line = node?.mark?.line else { return path }
    return "\(path):\(line)"
  }

  func fault(_ problem: String, at node: Node?) -> any Error {
    Failure(code: Failure.data, "\(place(node)): \(problem)")
  }
}
