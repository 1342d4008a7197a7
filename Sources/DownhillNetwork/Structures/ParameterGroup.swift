/// Layers whose parameters learn at a rate and with a weight decay of their own: factors on those of the training.
///
///     ParameterGroup(rate: 0.1) { Linear(64); ReLU() }       // a tenth of the rate
///     ParameterGroup(decay: 0, of: [.bias]) { … }            // biases inside don't decay
///     ParameterGroup(rate: 0) { … }                          // stays as it is
///
/// Inside each other, factors multiply. The layers compute what they would without it.
public struct ParameterGroup: Component {
  public let factors: LearningFactors
  /// The kinds of parameters that the factors are for.
  public let kinds: Set<ParameterKind>
  public let layers: [any Component]

  /// - Parameters:
  ///   - rate: the factor on the learning rate, at least 0.
  ///   - decay: the factor on the optimizer's weight decay, at least 0.
  public init(
    rate: Double = 1, decay: Double = 1, of kinds: Set<ParameterKind> = ParameterKind.all,
    @NetworkBuilder _ layers: () -> [any Component]
  ) {
    self.init(rate: rate, decay: decay, of: kinds, layers: layers())
  }

  public init(
    rate: Double = 1, decay: Double = 1, of kinds: Set<ParameterKind> = ParameterKind.all, layers: [any Component]
  ) {
    factors = LearningFactors(rate: rate, decay: decay)
    self.kinds = kinds
    self.layers = layers
  }

  public func expand(in graph: inout Graph, from input: Graph.Value) throws(LayerError) -> Graph.Value {
    if let objection = factors.objection { throw LayerError(objection) }
    return try graph.apply(layers, to: input, factors: factors, of: kinds)
  }

  public var description: String {
    var arguments: [String] = []
    if factors.rate != 1 { arguments.append("rate: \(factors.rate)") }
    if factors.decay != 1 { arguments.append("decay: \(factors.decay)") }
    if kinds != ParameterKind.all { arguments.append("of: [\(named.map { ".\($0)" }.joined(separator: ", "))]") }
    return describe("ParameterGroup(\(arguments.joined(separator: ", ")))", layers)
  }

  /// The kinds in their order.
  private var named: [String] { ParameterKind.allCases.filter(kinds.contains).map(\.rawValue) }
}

extension ParameterGroup: Equatable {
  public static func == (a: ParameterGroup, b: ParameterGroup) -> Bool {
    a.factors == b.factors && a.kinds == b.kinds && areEqual(a.layers, b.layers)
  }
}

extension ParameterGroup: Codable {
  private enum CodingKeys: CodingKey { case rate, decay, kinds, layers }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    factors = LearningFactors(
      rate: try container.decode(Double.self, forKey: .rate), decay: try container.decode(Double.self, forKey: .decay))
    kinds = Set(try container.decode([ParameterKind].self, forKey: .kinds))
    layers = try container.decode([CodedComponent].self, forKey: .layers).map(\.component)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(factors.rate, forKey: .rate)
    try container.encode(factors.decay, forKey: .decay)
    try container.encode(named, forKey: .kinds)
    try container.encode(layers.map(CodedComponent.init), forKey: .layers)
  }
}
