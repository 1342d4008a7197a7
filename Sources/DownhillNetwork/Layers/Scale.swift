internal import DownhillCompute

/// y = s ⊙ x, with one parameter s for each number of a row.
///
/// As a first layer it learns how much each feature counts (Holzmüller et al., "Better by default", 2024).
/// Derivatives: ∂L/∂x = s ⊙ ∂L/∂y; ∂L/∂s = Σ over the batch of x ⊙ ∂L/∂y.
public struct Scale: Layer {
  /// What s starts from.
  public let initializer: Initializer
  public init(initializer: Initializer = .constant(1)) { self.initializer = initializer }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    [ParameterDeclaration("scale", rows: 1, columns: input.count, initializer: initializer, kind: .scale)]
  }

  public func forward(_ pass: ForwardPass) { pass.output.scaleColumns(of: pass.input, by: pass.parameters[0]) }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.scaleColumns(of: pass.outputError, by: pass.parameters[0])
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    pass.gradient.productSums(of: pass.input, pass.outputError)
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var gradientCut: GradientCut { .byRows }
  public var description: String {
    initializer == .constant(1) ? "Scale()" : "Scale(initializer: .\(initializer))"
  }
}
