internal import DownhillCompute

/// An image, or a row of any other shape, read as the vector that it is in memory: no number moves.
public struct Flatten: Layer, PassesUnchanged {
  public init() {}

  public func outputShape(for input: Shape) throws(LayerError) -> Shape { Shape([input.count]) }
  public func forward(_ pass: ForwardPass) { pass.output.copy(pass.input) }
  public func inputDerivative(_ pass: InputDerivativePass) { pass.inputError.copy(pass.outputError) }

  public var inputDerivativeReads: LayerReads { [] }
  public var runsInPlace: Bool { true }
  public var description: String { "Flatten()" }
}

/// Layers whose output is their input, number by number, when a network predicts.
protocol PassesUnchanged: Layer {}
