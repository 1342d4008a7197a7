/// The kinds of layer that a file may name. Decoding a network makes only layers that are listed here.
///
/// A user's own layer is added for decoding: `decoder.userInfo[.layerCatalog] = LayerCatalog.standard + [Mine.self]`.
public struct LayerCatalog: Sendable {
  private let kinds: [String: any Layer.Type]

  public init(_ layers: [any Layer.Type]) {
    kinds = Dictionary(layers.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
  }

  /// The layers of this package.
  public static let standard = LayerCatalog([
    Linear.self, Identity.self, ReLU.self, LeakyReLU.self, ELU.self, SELU.self, Sigmoid.self, Tanh.self, GELU.self,
    SiLU.self, Mish.self, Softmax.self, Dropout.self,
  ])

  public static func + (catalog: LayerCatalog, layers: [any Layer.Type]) -> LayerCatalog {
    LayerCatalog(Array(catalog.kinds.values) + layers)
  }

  /// The names, in order.
  public var names: [String] { kinds.keys.sorted() }

  subscript(kind: String) -> (any Layer.Type)? { kinds[kind] }
}

extension CodingUserInfoKey {
  /// Where a decoder finds the `LayerCatalog`; without it, `LayerCatalog.standard` is used.
  public static let layerCatalog = CodingUserInfoKey(rawValue: "downhill.layerCatalog")!
}

/// A layer in a file: `{"Linear": {"outputs": 10, "bias": true}}`.
struct CodedLayer: Codable {
  let layer: any Layer

  init(_ layer: any Layer) { self.layer = layer }

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
    layer = try container.decode(type, forKey: key)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    func encode(_ layer: some Layer) throws {
      try container.encode(layer, forKey: Kind(stringValue: type(of: layer).kind))
    }
    try encode(layer)
  }
}
