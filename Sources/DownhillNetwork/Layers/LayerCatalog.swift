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
    Convolution2D.self, MaxPooling2D.self, AveragePooling2D.self, GlobalAveragePooling.self, Flatten.self,
    Dropout2D.self,
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

  private struct Kind: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Kind.self)
    let catalog = decoder.userInfo[.layerCatalog] as? LayerCatalog ?? .standard
    guard container.allKeys.count == 1, let key = container.allKeys.first, let type = catalog[key.stringValue] else {
      let found = container.allKeys.map(\.stringValue).sorted().joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: container.codingPath,
          debugDescription: "a layer of the kind “\(found)”; known are \(catalog.names.joined(separator: ", "))"))
    }
    component = try container.decode(type, forKey: key)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    func encode(_ component: some Component) throws {
      try container.encode(component, forKey: Kind(stringValue: type(of: component).kind))
    }
    try encode(component)
  }
}
