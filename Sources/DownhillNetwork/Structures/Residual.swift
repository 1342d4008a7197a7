/// y = x + f(x), f the layers inside: what they can't improve passes by unchanged (He et al., "Deep residual learning for
/// image recognition", 2016).
///
///     Residual {
///       LayerNorm()
///       Linear(64)
///       ReLU()
///       Linear(64)
///     }
///
/// f must give rows of the shape that it takes.
public struct Residual: Component {
  public let layers: [any Component]

  public init(@NetworkBuilder _ layers: () -> [any Component]) { self.init(layers: layers()) }
  public init(layers: [any Component]) { self.layers = layers }

  public func expand(in graph: inout Graph, from input: Graph.Value) throws(LayerError) -> Graph.Value {
    let output = try graph.apply(layers, to: input)
    guard output.shape == input.shape else {
      throw LayerError(
        "a residual's layers give rows as they take them; these take \(input.shape) and give \(output.shape)")
    }
    return try graph.sum([output, input])
  }

  public var description: String { describe("Residual", layers) }
}

extension Residual: Equatable {
  public static func == (a: Residual, b: Residual) -> Bool { areEqual(a.layers, b.layers) }
}

extension Residual: Codable {
  private enum CodingKeys: CodingKey { case layers }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    layers = try container.decode([CodedComponent].self, forKey: .layers).map(\.component)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layers.map(CodedComponent.init), forKey: .layers)
  }
}
