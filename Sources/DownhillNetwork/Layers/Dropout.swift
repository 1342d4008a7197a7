internal import DownhillCompute

/// In training each number becomes 0 with probability p and is divided by 1 − p otherwise; in prediction nothing
/// happens (Srivastava et al., 2014, in the inverted form).
///
/// Which numbers are dropped is a pure function of seed, step and position in the batch.
public struct Dropout: Layer, PassesUnchanged {
  public let probability: Float
  public init(_ probability: Float) { self.probability = probability }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard probability >= 0, probability < 1 else {
      throw LayerError("Dropout needs a probability of at least 0 and below 1, not \(probability)")
    }
    return input
  }

  /// The mask.
  public func keptPerRow(for input: Shape) -> Int { input.count }

  public func forward(_ pass: ForwardPass) {
    guard pass.mode == .training else { return pass.output.copy(pass.input) }
    pass.output.dropout(
      pass.input, mask: pass.kept, probability: probability * pass.dropoutFactor, random: pass.random,
      firstRow: pass.firstRow)
  }

  public func inputDerivative(_ pass: InputDerivativePass) { pass.inputError.multiply(pass.outputError, pass.kept) }

  public var inputDerivativeReads: LayerReads { [] }
  public var runsInPlace: Bool { true }
  public var description: String { "Dropout(\(probability))" }
}
