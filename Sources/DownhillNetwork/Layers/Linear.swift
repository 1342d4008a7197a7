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
  /// Whether the first parameters are fitted to the rows that training has: weights so that each output has variance 1, and a
  /// bias that puts its 0 among the rows (Holzmüller et al., "Better by default", 2024).
  public let fitted: Bool

  /// How weights and the map they make belong together.
  public enum Parametrization: String, Sendable, Codable {
    /// y = x W + b
    case standard
    /// y = x W / √inputs + b, with weights of variance 1 whatever the width: rates then need not follow the width either
    /// (Jacot et al., "Neural tangent kernel", 2018).
    case neuralTangent
  }

  public init(
    _ outputs: Int, bias: Bool = true, initializer: Initializer? = nil, parametrization: Parametrization = .standard,
    fitted: Bool = false
  ) {
    self.outputs = outputs
    self.bias = bias
    self.initializer = initializer
    self.parametrization = parametrization
    self.fitted = fitted
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard outputs > 0 else { throw LayerError("Linear needs at least one output, not \(outputs)") }
    guard input.dimensions.count == 1 else {
      throw LayerError("Linear takes rows that are vectors; these have the shape \(input): put Flatten() before it")
    }
    return Shape([outputs])
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    let weights = ParameterDeclaration(
      "weights", rows: input.count, columns: outputs,
      initializer: initializer ?? (parametrization == .standard && !fitted ? nil : .normal(standardDeviation: 1)),
      isTransposedOnTheWayBack: true, kind: .weights)
    let offsets = ParameterDeclaration(
      "bias", rows: 1, columns: outputs, initializer: .zeros, derivedWithPrevious: true, kind: .bias)
    return bias ? [weights, offsets] : [weights]
  }

  /// s
  private func scale(_ inputs: Int) -> Float {
    parametrization == .standard ? 1 : 1 / Float(inputs).squareRoot()
  }

  /// Rows whose outputs, mixed by chance, a bias makes 0.
  private static let mixedRows = 5

  public func fitParameters(_ pass: FittingPass) {
    let rows = pass.input.rows, weights = pass.parameters[0]
    var output = Matrix(rows: rows, columns: outputs), moments = Matrix(rows: 2, columns: outputs)
    output.withMutableView { output in
      output.product(pass.input, weights.readable, scale: scale(pass.input.columns))
      moments.withMutableView { moments in
        moments.columnMoments(of: output.readable)
        for column in 0..<outputs {
          let variance = moments[1, column]
          // What is the same for all rows stays as it is.
          moments[1, column] = variance > 0 && variance.isFinite ? 1 / variance.squareRoot() : 1
        }
        let factors = moments.readable[rows: 1..<2]
        weights.scaleColumns(of: weights.readable, by: factors)
        output.scaleColumns(of: output.readable, by: factors)
      }
      guard bias else { return }
      var random = pass.random
      for column in 0..<outputs {
        var sum = 0.0, total = 0.0
        for _ in 0..<Self.mixedRows {
          let row = Int(random.below(UInt64(rows))), share = -logarithm(1 - random.uniform())
          sum += share * Double(output[row, column])
          total += share
        }
        pass.parameters[1][0, column] = total > 0 ? Float(-sum / total) : 0
      }
    }
  }

  public var fitsParameters: Bool { fitted }

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
    if fitted { arguments.append("fitted: true") }
    return "Linear(\(arguments.joined(separator: ", ")))"
  }
}

extension Linear {
  private enum CodingKeys: CodingKey { case outputs, bias, initializer, parametrization, fitted }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(Int.self, forKey: .outputs), bias: try container.decode(Bool.self, forKey: .bias),
      initializer: try container.decodeIfPresent(Initializer.self, forKey: .initializer),
      parametrization: try container.decodeIfPresent(Parametrization.self, forKey: .parametrization) ?? .standard,
      fitted: try container.decodeIfPresent(Bool.self, forKey: .fitted) ?? false)
  }

  /// As before there was a choice, where it is the usual one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(bias, forKey: .bias)
    try container.encodeIfPresent(initializer, forKey: .initializer)
    if parametrization != .standard { try container.encode(parametrization, forKey: .parametrization) }
    if fitted { try container.encode(fitted, forKey: .fitted) }
  }
}
