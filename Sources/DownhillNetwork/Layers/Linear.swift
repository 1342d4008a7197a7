internal import DownhillCompute

/// y = x W + b, with W inputs × outputs and b one row of outputs.
///
/// Derivatives: ∂L/∂x = ∂L/∂y Wᵀ; ∂L/∂W = xᵀ ∂L/∂y; ∂L/∂b = Σ over the batch of ∂L/∂y.
public struct Linear: Layer {
  public let outputs: Int
  public let bias: Bool
  /// nil: as suits the activation that follows.
  public let initializer: Initializer?

  public init(_ outputs: Int, bias: Bool = true, initializer: Initializer? = nil) {
    self.outputs = outputs
    self.bias = bias
    self.initializer = initializer
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
      "weights", rows: input.count, columns: outputs, initializer: initializer, isTransposedOnTheWayBack: true,
      kind: .weights)
    let offsets = ParameterDeclaration(
      "bias", rows: 1, columns: outputs, initializer: .zeros, derivedWithPrevious: true, kind: .bias)
    return bias ? [weights, offsets] : [weights]
  }

  public func forward(_ pass: ForwardPass) {
    pass.output.product(
      pass.input, pass.parameters[0], bias: bias ? pass.parameters[1] : nil, activation: pass.activation,
      derivative: pass.activationDerivative)
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.product(pass.outputError, pass.parameters.transposed(0), wholeRows: pass.batchRows)
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    pass.gradient.product(
      pass.input[columns: pass.rows].transposed, pass.outputError, columnSums: pass.nextGradient)
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var fusesActivation: Bool { true }
}

extension Linear {
  public var description: String {
    var arguments = ["\(outputs)"]
    if !bias { arguments.append("bias: false") }
    if let initializer { arguments.append("initializer: .\(initializer)") }
    return "Linear(\(arguments.joined(separator: ", ")))"
  }
}
