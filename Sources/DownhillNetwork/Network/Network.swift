/// A network: a composition of vector functions, f = fₙ ∘ … ∘ f₁.
///
///     let network = Network(inputs: 784) {
///       Linear(256)
///       ReLU()
///       Linear(10)
///       Softmax()
///     }
///
/// A plain value that says what is computed. The numbers it computes with, θ, are `Parameters`, made by
/// `initialParameters(seed:)`, found by training, or read from a file.
public struct Network: Sendable {
  /// The shape of one input row.
  public let inputs: Shape
  public let layers: [any Component]
  /// The layers with their shapes, or what is wrong with the first that doesn't fit.
  private let resolution: Result<Resolution, NetworkError>

  public init(inputs: Shape, @NetworkBuilder _ layers: () -> [any Component]) {
    self.init(inputs: inputs, layers: layers())
  }

  public init(inputs: Shape, layers: [any Component]) {
    self.inputs = inputs
    self.layers = layers
    resolution = Resolution.resolve(inputs, layers)
  }

  /// Whether every layer fits the one before it.
  /// - Throws: `NetworkError` with the index of the layer that doesn't, and the network printed.
  public func validate() throws(NetworkError) { _ = try resolved() }

  /// The shape of one output row.
  public func outputs() throws(NetworkError) -> Shape { try resolved().outputs }

  /// The length of θ.
  public func parameterCount() throws(NetworkError) -> Int { try resolved().layout.count }

  package func resolved() throws(NetworkError) -> Resolution { try resolution.get() }
}

extension Network: Equatable {
  public static func == (a: Network, b: Network) -> Bool {
    a.inputs == b.inputs && areEqual(a.layers, b.layers)
  }
}

extension Network: Codable {
  private enum CodingKeys: CodingKey { case inputs, layers }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      inputs: try container.decode(Shape.self, forKey: .inputs),
      layers: try container.decode([CodedComponent].self, forKey: .layers).map(\.component))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(inputs, forKey: .inputs)
    try container.encode(layers.map(CodedComponent.init), forKey: .layers)
  }
}

/// Builds the list of layers; `if`, `for` and lists of layers may stand inside.
@resultBuilder
public enum NetworkBuilder {
  public static func buildExpression(_ layer: some Component) -> [any Component] { [layer] }
  public static func buildExpression(_ layer: any Component) -> [any Component] { [layer] }
  public static func buildExpression(_ layers: [any Component]) -> [any Component] { layers }
  public static func buildBlock(_ parts: [any Component]...) -> [any Component] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [any Component]?) -> [any Component] { part ?? [] }
  public static func buildEither(first part: [any Component]) -> [any Component] { part }
  public static func buildEither(second part: [any Component]) -> [any Component] { part }
  public static func buildArray(_ parts: [[any Component]]) -> [any Component] { parts.flatMap { $0 } }
}

/// A network whose layers don't fit together, or don't fit what they are used for.
public struct NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which layer, where it is one layer's fault.
  public let layer: Int?
  public let reason: String
  /// The network as it is printed.
  public let network: String

  public var description: String {
    let place = layer.map { "layer \($0): " } ?? ""
    return "\(place)\(reason), in\n\(network)"
  }
}
