import Downhill

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How layers are written in a network file: their names, and what their settings are when nothing is said.
struct LayerWords {
  /// One kind of layer.
  struct Kind {
    let name: String
    /// The setting that a value without a name is for: `Linear: 128`.
    let first: String?
    /// In the coded form of model files. The defaults; null where there is none.
    let settings: JSONObject
    /// Settings that must be given.
    let required: [String]
    /// Settings that are, when nothing is said, what another one is.
    let sameAs: [String: String]
    /// The setting that holds layers or branches.
    let parts: String?

    /// - Parameters:
    ///   - optional: settings without a default.
    ///   - unwritten: settings that are coded only where they are not their default, and these.
    fileprivate init(
      _ example: any Component, first: String? = nil, required: [String] = [], optional: [String] = [],
      unwritten: [(String, JSONValue)] = [], sameAs: [String: String] = [:], parts: String? = nil
    ) {
      let coded = LayerWords.coded(Network(inputs: 1, layers: [example]))[0]
      let member = coded.object!.members[0]
      var settings = member.value.object ?? JSONObject()
      for (name, value) in unwritten { settings[name] = value }
      for name in optional + sameAs.keys { settings[name] = .null }
      // A table for all columns or one for each is told by how `categories` is written.
      settings["shared"] = member.name == "Embedding" ? nil : settings["shared"]
      (name, self.first, self.settings, self.required) = (member.name, first, settings, required)
      (self.sameAs, self.parts) = (sameAs, parts)
    }

    func form(of setting: String) -> SettingForm { SettingForm(setting, default: settings[setting] ?? .null) }

    /// Settings as people write them, made whole for decoding.
    func completed(_ settings: JSONObject) -> JSONObject {
      var settings = settings
      for (name, other) in sameAs where settings[name] ?? .null == .null { settings[name] = settings[other] }
      if name == "Embedding", let categories = settings["categories"] {
        settings["shared"] = .boolean(categories.array == nil)
        if categories.array == nil { settings["categories"] = .array([categories]) }
      }
      for member in settings.members where member.value == .null { settings[member.name] = nil }
      return settings
    }

    /// Coded settings as people write them: only those that say something, what must be given first.
    func abbreviated(_ coded: JSONObject) -> [JSONObject.Member] {
      var settings = coded
      for (name, other) in sameAs where settings[name] == settings[other] { settings[name] = nil }
      if name == "Embedding" {
        if settings["shared"] == .boolean(true), let one = settings["categories"]?.array?.first {
          settings["categories"] = one
        }
        settings["shared"] = nil
      }
      let said = settings.members.filter { $0.name != parts }
      return required.compactMap { name in said.first { $0.name == name } }
        + said.filter { !required.contains($0.name) && self.settings[$0.name] != $0.value }
    }
  }

  private static let kinds: [Kind] = [
    Kind(
      Linear(1), first: "outputs", required: ["outputs"], optional: ["initializer"],
      unwritten: [("parametrization", "standard"), ("fitted", false)]),
    Kind(Dropout(0.5), first: "probability", required: ["probability"]),
    Kind(LeakyReLU(), first: "slope"), Kind(ELU(), first: "alpha"),
    Kind(Identity()), Kind(ReLU()), Kind(SELU()), Kind(Sigmoid()), Kind(Tanh()), Kind(GELU()), Kind(SiLU()),
    Kind(Mish()), Kind(Softplus(), first: "beta"), Kind(HardTanh()), Kind(Softmax()), Kind(LogSoftmax()),
    Kind(Scale(), first: "initializer"), Kind(LayerNorm()), Kind(BatchNorm()), Kind(PReLU(), first: "slope"),
    Kind(ParametricActivation(Mish()), first: "activation", required: ["activation"]),
    Kind(Maxout(), first: "pieces"),
    Kind(Embedding(categories: [1], width: 1), required: ["categories", "width"]), Kind(PeriodicEmbedding()),
    Kind(Periodic()), Kind(PerFeatureLinear(features: 1, outputs: 1), required: ["features", "outputs"]),
    Kind(PiecewiseLinear(edges: [[0, 1]]), first: "edges", required: ["edges"]),
    Kind(Convolution2D(1, kernel: 1), required: ["channels", "kernel"], optional: ["initializer"]),
    Kind(MaxPooling2D(2), first: "kernel", required: ["kernel"], sameAs: ["stride": "kernel"]),
    Kind(AveragePooling2D(2), first: "kernel", required: ["kernel"], sameAs: ["stride": "kernel"]),
    Kind(GlobalAveragePooling()), Kind(Flatten()),
    Kind(Dropout2D(0.5), first: "probability", required: ["probability"]),
    Kind(Residual(layers: []), first: "layers", required: ["layers"], parts: "layers"),
    Kind(ParameterGroup(layers: []), first: "layers", required: ["layers"], parts: "layers"),
    Kind(Concatenate(branches: []), first: "branches", required: ["branches"], parts: "branches"),
    Kind(Branch(layers: []), first: "layers", optional: ["columns"], parts: "layers"),
  ]

  static var names: [String] { kinds.map(\.name).sorted() }
  static subscript(name: String) -> Kind? { kinds.first { $0.name == name } }

  /// A network's components as model files have them.
  static func coded(_ network: Network) -> [JSONValue] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(network), let coded = try? JSONValue(parsing: Array(data)) else { return [] }
    return coded["layers"]?.array ?? []
  }

  /// The components that a coded form is of.
  static func components(_ coded: [JSONValue]) throws -> [any Component] {
    let network = JSONValue.object(JSONObject([("inputs", JSONValue.array([1])), ("layers", .array(coded))]))
    return try JSONDecoder().decode(Network.self, from: Data(network.text().utf8)).layers
  }
}
