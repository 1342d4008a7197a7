/// The kinds of layer, and of structures of layers, that a file may name. Decoding a network makes only what is listed here.
///
/// A user's own layer is added for decoding: `decoder.userInfo[.layerCatalog] = LayerCatalog.standard + [Mine.self]`.
public struct LayerCatalog: Sendable {
  private let kinds: [String: any Component.Type]

  public init(_ layers: [any Component.Type]) {
    kinds = Dictionary(layers.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
  }

  /// The layers of this package.
  public static let standard = LayerCatalog([
    Linear.self, Identity.self, ReLU.self, LeakyReLU.self, ELU.self, SELU.self, Sigmoid.self, Tanh.self, GELU.self,
    SiLU.self, Mish.self, Softmax.self, Dropout.self, Residual.self, Concatenate.self, Branch.self,
    ParameterGroup.self, Convolution2D.self, MaxPooling2D.self, AveragePooling2D.self, GlobalAveragePooling.self,
    Flatten.self, Dropout2D.self, Softplus.self, HardTanh.self, LogSoftmax.self, Scale.self, LayerNorm.self,
    BatchNorm.self, PReLU.self, ParametricActivation.self, Maxout.self, Embedding.self, PeriodicEmbedding.self,
    Periodic.self, PerFeatureLinear.self, PiecewiseLinear.self,
  ])

  public static func + (catalog: LayerCatalog, layers: [any Component.Type]) -> LayerCatalog {
    LayerCatalog(Array(catalog.kinds.values) + layers)
  }

  /// The names, in order.
  public var names: [String] { kinds.keys.sorted() }

  subscript(kind: String) -> (any Component.Type)? { kinds[kind] }
}

extension CodingUserInfoKey {
  /// Where a decoder finds the `LayerCatalog`; without it, `LayerCatalog.standard` is used.
  public static let layerCatalog = CodingUserInfoKey(rawValue: "downhill.layerCatalog")!
}

/// A layer in a file: `{"Linear": {"outputs": 10, "bias": true}}`.
struct CodedComponent: Codable {
  let component: any Component

  init(_ component: any Component) { self.component = component }

  init(from decoder: any Decoder) throws {
    let catalog = decoder.userInfo[.layerCatalog] as? LayerCatalog ?? .standard
    let decoded = try CodedKind.decode("layer", from: decoder, names: catalog.names) { catalog[$0] }
    component = decoded as! any Component
  }

  func encode(to encoder: any Encoder) throws {
    try CodedKind.encode(component, as: type(of: component).kind, to: encoder)
  }
}
