internal import DownhillCompute

/// In training each channel of an image becomes 0 with probability p as a whole, and is divided by 1 − p otherwise; in
/// prediction nothing happens (Tompson et al., "Efficient object localization using convolutional networks", 2015).
/// Neighbouring pixels are so alike that dropping single ones drops little.
///
/// Which channels are dropped is a pure function of seed, step and position in the batch.
public struct Dropout2D: Layer, PassesUnchanged {
  public let probability: Float
  public init(_ probability: Float) { self.probability = probability }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard probability >= 0, probability < 1 else {
      throw LayerError("Dropout2D needs a probability of at least 0 and below 1, not \(probability)")
    }
    guard ImageShape(input) != nil else { throw .notAnImage("Dropout2D", input) }
    return input
  }

  /// The mask, a number for each channel.
  public func keptPerRow(for input: Shape) -> Int { ImageShape(input)?.channels ?? 0 }

  public func forward(_ pass: ForwardPass) {
    guard pass.mode == .training else { return pass.output.copy(pass.input) }
    pass.kept.dropoutMask(
      probability: probability * pass.dropoutFactor, random: pass.random, firstRow: pass.firstRow)
    pass.output.scaleChannels(pass.input, by: pass.kept.readable)
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.scaleChannels(pass.outputError, by: pass.kept)
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var runsInPlace: Bool { true }
  public var description: String { "Dropout2D(\(probability))" }
}
