internal import DownhillCompute

/// y = s x W + b, with W inputs × outputs, b one row of outputs and s = 1, or 1 / √inputs in the neural tangent
/// parametrization.
///
/// Derivatives: ∂L/∂x = s ∂L/∂y Wᵀ; ∂L/∂W = s xᵀ ∂L/∂y; ∂L/∂b = Σ over the batch of ∂L/∂y.
public struct Linear: Layer {
  public let outputs: Int
  public let bias: Bool
  /// nil: as suits the activation that follows.
  public let initializer: Initializer?
  public let parametrization: Parametrization

  /// How weights and the map they make belong together.
  public enum Parametrization: String, Sendable, Codable {
    /// y = x W + b
    case standard
    /// y = x W / √inputs + b, with weights of variance 1 whatever the width: rates then need not follow the width either
    /// (Jacot et al., "Neural tangent kernel", 2018).
    case neuralTangent
  }

  public init(
    _ outputs: Int, bias: Bool = true, initializer: Initializer? = nil, parametrization: Parametrization = .standard
  ) {
    self.outputs = outputs
    self.bias = bias
    self.initializer = initializer
    self.parametrization = parametrization
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard outputs > 0 else { throw LayerError("Linear needs at least one output, not \(outputs)") }
    guard input.dimensions.count == 1 else {
      throw LayerError("Linear takes rows that are vectors; these have the shape \(input)")
    }
    return Shape([outputs])
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    let weights = ParameterDeclaration(
      "weights", rows: input.count, columns: outputs,
      initializer: initializer ?? (parametrization == .standard ? nil : .normal(standardDeviation: 1)),
      isTransposedOnTheWayBack: true)
    let offsets = ParameterDeclaration(
      "bias", rows: 1, columns: outputs, initializer: .zeros, derivedWithPrevious: true)
    return bias ? [weights, offsets] : [weights]
  }

  /// s
  private func scale(_ inputs: Int) -> Float {
    parametrization == .standard ? 1 : 1 / Float(inputs).squareRoot()
  }

  public func forward(_ pass: ForwardPass) {
    pass.output.product(
      pass.input, pass.parameters[0], bias: bias ? pass.parameters[1] : nil, activation: pass.activation,
      derivative: pass.activationDerivative, scale: scale(pass.input.columns))
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.product(
      pass.outputError, pass.parameters.transposed(0), scale: scale(pass.inputError.columns), wholeRows: pass.batchRows)
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    pass.gradient.product(
      pass.input[columns: pass.rows].transposed, pass.outputError, scale: scale(pass.input.columns),
      columnSums: pass.nextGradient)
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var fusesActivation: Bool { true }
}

extension Linear {
  public var description: String {
    var arguments = ["\(outputs)"]
    if !bias { arguments.append("bias: false") }
    if let initializer { arguments.append("initializer: .\(initializer)") }
    if parametrization != .standard { arguments.append("parametrization: .\(parametrization)") }
    return "Linear(\(arguments.joined(separator: ", ")))"
  }
}

extension Linear {
  private enum CodingKeys: CodingKey { case outputs, bias, initializer, parametrization }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(Int.self, forKey: .outputs), bias: try container.decode(Bool.self, forKey: .bias),
      initializer: try container.decodeIfPresent(Initializer.self, forKey: .initializer),
      parametrization: try container.decodeIfPresent(Parametrization.self, forKey: .parametrization) ?? .standard)
  }

  /// As before there was a choice, where it is the usual one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(bias, forKey: .bias)
    try container.encodeIfPresent(initializer, forKey: .initializer)
    if parametrization != .standard { try container.encode(parametrization, forKey: .parametrization) }
  }
}
