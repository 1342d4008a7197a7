internal import DownhillCompute

/// yⱼ = max over p of x[p · outputs + j]: the largest of some pieces of a row, which stand one after the other
/// (Goodfellow et al., "Maxout networks", 2013). Behind `Linear(pieces * n)` it makes n outputs.
///
/// ∂L/∂x is ∂L/∂y where x is the first that is the largest of its pieces, else 0.
public struct Maxout: Layer {
  public let pieces: Int
  public init(pieces: Int = 2) { self.pieces = pieces }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard pieces > 0 else { throw LayerError("Maxout needs at least one piece, not \(pieces)") }
    guard input.dimensions.count == 1, input.count % pieces == 0 else {
      throw LayerError("Maxout takes rows of \(pieces) equal pieces; \(input) can't be parted into them")
    }
    return Shape([input.count / pieces])
  }

  public func multiplicationsPerRow(for input: Shape) -> Int { input.count }
  public func forward(_ pass: ForwardPass) { pass.output.maxout(of: pass.input, pieces: pieces) }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.maxoutDerivative(
      input: pass.input, output: pass.output, outputError: pass.outputError, pieces: pieces)
  }

  public var preferredInitializer: Initializer? { .glorotUniform }
  public var description: String { "Maxout(pieces: \(pieces))" }
}
