package import Downhill

/// A network as a network file declares it.
package enum NetworkText {
  package static func text(of network: Network) -> String {
    lines(LayerWords.coded(network)).joined(separator: "\n")
  }

  /// Layers as they were declared: an output layer whose width the target decides has the width 0, and is written as auto.
  static func text(of layers: [any Component]) -> String {
    let coded = LayerWords.coded(Network(inputs: 1, layers: layers))
    return lines(coded.map { $0["Linear"]?["outputs"]?.integer == 0 ? withOpenWidth($0) : $0 }).joined(separator: "\n")
  }

  /// The network of a model, to be declared anew: the width of its output layer is left to the target.
  static func declaration(of network: Network) -> String {
    var coded = LayerWords.coded(network)
    let isLast = { (layer: JSONValue) in layer["Softmax"] == nil && layer["Sigmoid"] == nil }
    if let place = coded.lastIndex(where: isLast), coded[place]["Linear"] != nil {
      coded[place] = withOpenWidth(coded[place])
    }
    return lines(coded).joined(separator: "\n")
  }

  private static func withOpenWidth(_ layer: JSONValue) -> JSONValue {
    var settings = layer["Linear"]?.object ?? JSONObject()
    settings["outputs"] = "auto"
    return .object(JSONObject([("Linear", .object(settings))]))
  }

  /// Layers in the coded form of model files, as the entries of a list.
  static func lines(_ layers: [JSONValue]) -> [String] { layers.flatMap(lines) }

  private static func lines(_ layer: JSONValue) -> [String] {
    guard let member = layer.object?.members.first else { return [] }
    let name = member.name
    guard let kind = LayerWords[name], let parts = kind.parts else { return ["- \(text(of: layer))"] }
    let changed = settings(of: member)
    let inside = (member.value[parts]?.array ?? []).flatMap { part in lines(entry(part, of: name)) }
    if changed.isEmpty { return inside.isEmpty ? ["- \(name): []"] : ["- \(name):"] + indented(inside, by: 4) }
    return ["- \(name):"] + changed.map { "    \($0.name): \($0.text)" }
      + (inside.isEmpty ? ["    \(parts): []"] : ["    \(parts):"] + indented(inside, by: 6))
  }

  /// A layer without others inside: `ReLU`, `Linear: 128`, `Linear: {outputs: 128, bias: false}`.
  private static func text(of layer: JSONValue) -> String {
    guard let member = layer.object?.members.first else { return "" }
    let changed = settings(of: member)
    if changed.isEmpty { return member.name }
    // Names with values in braces would be taken for settings.
    if changed.count == 1, changed[0].name == LayerWords[member.name]?.first, !changed[0].text.hasPrefix("{") {
      return "\(member.name): \(changed[0].text)"
    }
    return "\(member.name): {\(changed.map { "\($0.name): \($0.text)" }.joined(separator: ", "))}"
  }

  /// A layer as the value of a setting.
  static func inline(_ layer: JSONValue) -> String {
    let text = text(of: layer)
    return text.contains(":") ? "{\(text)}" : text
  }

  /// The settings that say something, as they are written.
  private static func settings(of layer: JSONObject.Member) -> [(name: String, text: String)] {
    let settings = layer.value.object ?? JSONObject()
    let kind = LayerWords[layer.name]
    return (kind?.abbreviated(settings) ?? settings.members).map { setting in
      let form = kind?.form(of: setting.name) ?? SettingForm(setting.name, default: setting.value)
      return (setting.name, form.text(of: setting.value))
    }
  }

  /// A part of a concatenation is a branch, which is coded without its name.
  private static func entry(_ part: JSONValue, of name: String) -> JSONValue {
    name == "Concatenate" ? .object(JSONObject([("Branch", part)])) : part
  }

  private static func indented(_ lines: [String], by count: Int) -> [String] {
    lines.map { String(repeating: " ", count: count) + $0 }
  }
}
