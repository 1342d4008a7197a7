internal import DownhillCompute

/// f(x) = x where x > 0, else a · x, with a parameter a for each number of a row or one for all (He et al., "Delving deep
/// into rectifiers", 2015).
///
/// Derivatives: ∂L/∂x = ∂L/∂y where x > 0, else a ∂L/∂y; ∂L/∂a = Σ min(x, 0) ∂L/∂y.
public struct PReLU: Layer {
  /// What the slopes start from.
  public let slope: Float
  /// Whether there is one slope for all numbers of a row.
  public let shared: Bool

  public init(slope: Float = 0.25, shared: Bool = false) {
    self.slope = slope
    self.shared = shared
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard slope.isFinite else { throw LayerError("PReLU needs a slope to start from, not \(slope)") }
    return input
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "slope", rows: 1, columns: shared ? 1 : input.count, initializer: .constant(slope), kind: .scale)
    ]
  }

  public func multiplicationsPerRow(for input: Shape) -> Int { input.count }
  public func forward(_ pass: ForwardPass) { pass.output.prelu(of: pass.input, slope: pass.parameters[0]) }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.preluDerivative(input: pass.input, outputError: pass.outputError, slope: pass.parameters[0])
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    pass.gradient.preluSums(input: pass.input, outputError: pass.outputError)
  }

  public var inputDerivativeReads: LayerReads { [.input] }
  public var gradientCut: GradientCut { .byRows }
  public var preferredInitializer: Initializer? { .heNormal }

  public var description: String {
    var arguments: [String] = []
    if slope != 0.25 { arguments.append("slope: \(slope)") }
    if shared { arguments.append("shared: true") }
    return "PReLU(\(arguments.joined(separator: ", ")))"
  }
}

/// f(x) = x + a (σ(x) − x), σ an activation and a a parameter for each number of a row, from 1: how much of σ is good is
/// learned (Holzmüller et al., "Better by default", 2024).
///
///     ParametricActivation(Mish())
///
/// Derivatives: ∂L/∂x = ∂L/∂y ⊙ (1 + a (σ′(x) − 1)); ∂L/∂a = Σ (σ(x) − x) ∂L/∂y.
public struct ParametricActivation: Layer {
  public let activation: any ElementwiseLayer
  public init(_ activation: any ElementwiseLayer) { self.activation = activation }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape { try activation.outputShape(for: input) }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    [ParameterDeclaration("share", rows: 1, columns: input.count, initializer: .constant(1), kind: .scale)]
  }

  /// σ(x) − x, and σ′(x).
  public func keptPerRow(for input: Shape) -> Int { 2 * input.count }

  public func forward(_ pass: ForwardPass) {
    let columns = pass.input.columns
    if pass.kept.columns > 0 {
      let difference = pass.kept[columns: 0..<columns], slope = pass.kept[columns: columns..<2 * columns]
      difference.apply(activation.function, to: pass.input, derivative: slope)
      pass.output.blend(pass.input, with: difference, share: pass.parameters[0])
    } else {
      pass.output.apply(activation.function, to: pass.input)
      pass.output.blend(pass.input, with: pass.output, share: pass.parameters[0])
    }
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    let columns = pass.inputError.columns
    pass.inputError.blendDerivative(
      outputError: pass.outputError, slope: pass.kept[columns: columns..<2 * columns], share: pass.parameters[0])
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    pass.gradient.productSums(of: pass.kept[columns: 0..<pass.gradient.columns], pass.outputError)
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var parameterDerivativeReads: LayerReads { [] }
  public var gradientCut: GradientCut { .byRows }
  public var preferredInitializer: Initializer? { activation.preferredInitializer }
  public var description: String { "ParametricActivation(\(activation))" }
}

extension ParametricActivation: Equatable {
  public static func == (a: ParametricActivation, b: ParametricActivation) -> Bool {
    a.activation.isEqual(to: b.activation)
  }
}

extension ParametricActivation: Codable {
  private enum CodingKeys: CodingKey { case activation }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let component = try container.decode(CodedComponent.self, forKey: .activation).component
    guard let activation = component as? any ElementwiseLayer else {
      throw DecodingError.dataCorruptedError(
        forKey: .activation, in: container, debugDescription: "\(component) is not a function of one number")
    }
    self.init(activation)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(CodedComponent(activation), forKey: .activation)
  }
}
