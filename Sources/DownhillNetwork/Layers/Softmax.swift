internal import DownhillCompute

/// yᵢ = exp xᵢ / Σⱼ exp xⱼ: turns a vector into a probability distribution.
///
/// ∂L/∂x = y ⊙ (∂L/∂y − Σ y ∂L/∂y). As the last layer under cross-entropy neither is computed that way: the plan takes
/// the derivative of both together, softmax − target, from the logits.
public struct Softmax: Layer {
  public init() {}

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard input.count > 0 else { throw LayerError("Softmax needs at least one number a row") }
    return input
  }

  public func forward(_ pass: ForwardPass) { pass.output.softmax(of: pass.input) }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.softmaxDerivative(output: pass.output, outputError: pass.outputError)
  }

  public var inputDerivativeReads: LayerReads { [.output] }
  public var runsInPlace: Bool { true }
  public var preferredInitializer: Initializer? { .glorotUniform }
  public var description: String { "Softmax()" }
}
