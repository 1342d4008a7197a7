internal import DownhillCompute

/// y = cos(2π w x + b) for some frequencies w and phases b of each number of a row (Gorishniy et al., "On embeddings for
/// numerical features in tabular deep learning", 2022): what a number is like at several scales at once.
///
/// A row of n numbers becomes one of n · `frequencies`, those of the first number first. Derivatives, with
/// g = −sin(2π w x + b) ∂L/∂y: ∂L/∂x = 2π Σ w g; ∂L/∂w = 2π Σ x g over the batch; ∂L/∂b = Σ g.
public struct Periodic: Layer {
  public let frequencies: Int
  /// Frequencies start from a normal distribution of this deviation, phases evenly from −π to π.
  public let deviation: Float

  public init(frequencies: Int = 16, deviation: Float = 0.1) {
    self.frequencies = frequencies
    self.deviation = deviation
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard frequencies > 0 else { throw LayerError("Periodic needs at least one frequency, not \(frequencies)") }
    guard deviation > 0, deviation.isFinite else {
      throw LayerError("the deviation of frequencies is above 0, not \(deviation)")
    }
    let (columns, overflow) = input.count.multipliedReportingOverflow(by: frequencies)
    if overflow { throw LayerError("rows too long to be numbered") }
    return Shape([columns])
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "frequencies", rows: input.count, columns: frequencies, initializer: .normal(standardDeviation: deviation)),
      ParameterDeclaration("phases", rows: input.count, columns: frequencies, initializer: .uniform(-.pi, .pi)),
    ]
  }

  /// −sin(2π w x + b)
  public func keptPerRow(for input: Shape) -> Int { input.count * frequencies }
  public func multiplicationsPerRow(for input: Shape) -> Int { 16 * input.count * frequencies }

  public func forward(_ pass: ForwardPass) {
    pass.output.periodic(
      of: pass.input, frequencies: pass.parameters[0], phases: pass.parameters[1], slopes: pass.kept)
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.periodicDerivative(
      outputError: pass.outputError, slopes: pass.kept, frequencies: pass.parameters[0])
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    if pass.parameter == 0 {
      pass.gradient.periodicSums(input: pass.input, outputError: pass.outputError, slopes: pass.kept)
    } else {
      pass.gradient.periodicPhaseSums(outputError: pass.outputError, slopes: pass.kept)
    }
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var gradientCut: GradientCut { .byRows }
  public var description: String { "Periodic(frequencies: \(frequencies), deviation: \(deviation))" }
}
