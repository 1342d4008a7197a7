internal import DownhillCompute

/// yᵢ = xᵢ − log Σⱼ exp xⱼ: the logarithms of softmax's probabilities, which stay exact where these would be 0.
///
/// ∂L/∂x = ∂L/∂y − exp y · Σ ∂L/∂y. As the last layer under `NegativeLogLikelihood` neither is computed that way: the two
/// are cross-entropy of the logits.
public struct LogSoftmax: Layer {
  public init() {}

  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  public func forward(_ pass: ForwardPass) { pass.output.logSoftmax(of: pass.input) }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.logSoftmaxDerivative(output: pass.output, outputError: pass.outputError)
  }

  public var inputDerivativeReads: LayerReads { [.output] }
  public var runsInPlace: Bool { true }
  public var preferredInitializer: Initializer? { .glorotUniform }
  public var description: String { "LogSoftmax()" }
}
