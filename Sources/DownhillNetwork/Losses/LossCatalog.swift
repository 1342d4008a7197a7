/// The kinds of loss that a file or a command line may name.
///
/// A user's own loss is added for decoding: `decoder.userInfo[.lossCatalog] = LossCatalog.standard + [Mine.self]`.
public struct LossCatalog: Sendable {
  private let kinds: [String: any Loss.Type]

  public init(_ losses: [any Loss.Type]) {
    kinds = Dictionary(losses.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
  }

  /// The losses of this package.
  public static let standard = LossCatalog([
    CrossEntropy.self, FocalCrossEntropy.self, BinaryCrossEntropy.self, BinaryFocalCrossEntropy.self,
    MeanSquaredError.self, MeanAbsoluteError.self, Huber.self, Quantile.self, Poisson.self,
  ])

  public static func + (catalog: LossCatalog, losses: [any Loss.Type]) -> LossCatalog {
    LossCatalog(Array(catalog.kinds.values) + losses)
  }

  /// The names, in order.
  public var names: [String] { kinds.keys.sorted() }

  subscript(kind: String) -> (any Loss.Type)? { kinds[kind] }
}

extension CodingUserInfoKey {
  /// Where a decoder finds the `LossCatalog`; without it, `LossCatalog.standard` is used.
  public static let lossCatalog = CodingUserInfoKey(rawValue: "downhill.lossCatalog")!
}

/// A loss in a file: `{"huber": {"delta": 1}}`.
public struct CodedLoss: Codable, Sendable {
  public let loss: any Loss

  public init(_ loss: any Loss) { self.loss = loss }

  public init(from decoder: any Decoder) throws {
    let catalog = decoder.userInfo[.lossCatalog] as? LossCatalog ?? .standard
    loss = try CodedKind.decode("loss", from: decoder, names: catalog.names) { catalog[$0] } as! any Loss
  }

  public func encode(to encoder: any Encoder) throws {
    try CodedKind.encode(loss, as: type(of: loss).kind, to: encoder)
  }
}
