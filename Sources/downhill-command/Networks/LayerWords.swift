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
    /// The setting that holds layers or branches.
    let parts: String?

    fileprivate init(
      _ example: any Component, first: String? = nil, required: [String] = [], optional: [String] = [],
      parts: String? = nil
    ) {
      let coded = LayerWords.coded(Network(inputs: 1, layers: [example]))[0]
      let member = coded.object!.members[0]
      var settings = member.value.object ?? JSONObject()
      for name in optional { settings[name] = .null }
      (name, self.first, self.settings, self.required, self.parts) = (member.name, first, settings, required, parts)
    }
  }

  private static let kinds: [Kind] = [
    Kind(Linear(1), first: "outputs", required: ["outputs"], optional: ["initializer"]),
    Kind(Dropout(0.5), first: "probability", required: ["probability"]),
    Kind(LeakyReLU(), first: "slope"), Kind(ELU(), first: "alpha"),
    Kind(Identity()), Kind(ReLU()), Kind(SELU()), Kind(Sigmoid()), Kind(Tanh()), Kind(GELU()), Kind(SiLU()),
    Kind(Mish()), Kind(Softplus(), first: "beta"), Kind(HardTanh()), Kind(Softmax()), Kind(LogSoftmax()),
    Kind(Scale(), first: "initializer"), Kind(LayerNorm()), Kind(BatchNorm()), Kind(PReLU(), first: "slope"),
    Kind(ParametricActivation(Mish())), Kind(Maxout(), first: "pieces"),
    Kind(Embedding(categories: [1], width: 1), required: ["categories", "width"]), Kind(PeriodicEmbedding()),
    Kind(Periodic()), Kind(PerFeatureLinear(features: 1, outputs: 1), required: ["features", "outputs"]),
    Kind(PiecewiseLinear(edges: [[0, 1]]), first: "edges", required: ["edges"]),
    Kind(Convolution2D(1, kernel: 1), required: ["channels", "kernel"], optional: ["initializer"]),
    Kind(MaxPooling2D(2), required: ["kernel", "stride"]), Kind(AveragePooling2D(2), required: ["kernel", "stride"]),
    Kind(GlobalAveragePooling()), Kind(Flatten()),
    Kind(Dropout2D(0.5), first: "probability", required: ["probability"]),
    Kind(Residual(layers: []), first: "layers", required: ["layers"], parts: "layers"),
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
