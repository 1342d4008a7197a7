import Downhill

/// A network as a network file declares it.
enum NetworkText {
  static func text(of network: Network) -> String { lines(LayerWords.coded(network)).joined(separator: "\n") }

  /// Layers in the coded form of model files, as the entries of a list.
  static func lines(_ layers: [JSONValue]) -> [String] { layers.flatMap(lines) }

  private static func lines(_ layer: JSONValue) -> [String] {
    guard let member = layer.object?.members.first else { return [] }
    let name = member.name, kind = LayerWords[name]
    let settings = (member.value.object?.members ?? []).filter { $0.name != kind?.parts }
    let changed = settings.filter { setting in
      kind.map { $0.required.contains(setting.name) || $0.settings[setting.name] != setting.value } ?? true
    }
    let parts = kind?.parts.map { parts in
      (name: parts, lines: (member.value[parts]?.array ?? []).flatMap { part in lines(entry(part, of: name)) })
    }
    guard let parts else {
      if changed.isEmpty { return ["- \(name)"] }
      if changed.count == 1, changed[0].name == kind?.first { return ["- \(name): \(word(changed[0].value))"] }
      return ["- \(name): {\(changed.map { "\($0.name): \(word($0.value, of: $0.name))" }.joined(separator: ", "))}"]
    }
    if changed.isEmpty {
      return parts.lines.isEmpty ? ["- \(name): []"] : ["- \(name):"] + indented(parts.lines, by: 4)
    }
    return ["- \(name):"] + changed.map { "    \($0.name): \(word($0.value, of: $0.name))" }
      + (parts.lines.isEmpty ? ["    \(parts.name): []"] : ["    \(parts.name):"] + indented(parts.lines, by: 6))
  }

  /// A part of a concatenation is a branch, which is coded without its name.
  private static func entry(_ part: JSONValue, of name: String) -> JSONValue {
    name == "Concatenate" ? .object(JSONObject([("Branch", part)])) : part
  }

  private static func indented(_ lines: [String], by count: Int) -> [String] {
    lines.map { String(repeating: " ", count: count) + $0 }
  }

  private static func word(_ value: JSONValue, of name: String = "") -> String {
    switch value {
    case .array(let bounds) where name == "columns": bounds.map { $0.text() }.joined(separator: "..<")
    case .object(let object) where object.count == 1 && object.members[0].value.object?.isEmpty == true:
      object.members[0].name
    case .object(let object):
      "{\(object.members.map { "\($0.name): \(word($0.value))" }.joined(separator: ", "))}"
    case .array(let elements): "[\(elements.map { word($0) }.joined(separator: ", "))]"
    case .string(let text): text
    default: value.text()
    }
  }
}
