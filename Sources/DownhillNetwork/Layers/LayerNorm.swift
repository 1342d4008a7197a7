internal import DownhillCompute

/// y = γ ⊙ x̂ + β with x̂ = (x − mean) / √(variance + ε), mean and variance being those of the row's numbers (Ba et al.,
/// "Layer normalization", 2016). The variance is divided by their count.
///
/// Derivatives, with g = γ ⊙ ∂L/∂y: ∂L/∂x = (g − mean g − x̂ mean(g ⊙ x̂)) / √(variance + ε);
/// ∂L/∂γ = Σ over the batch of x̂ ⊙ ∂L/∂y; ∂L/∂β = Σ ∂L/∂y.
public struct LayerNorm: Layer {
  public let epsilon: Float
  /// Whether there are γ and β, from 1 and 0; without them y = x̂.
  public let affine: Bool

  public init(epsilon: Float = 1e-5, affine: Bool = true) {
    self.epsilon = epsilon
    self.affine = affine
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try Normalization.check(epsilon, of: "LayerNorm")
    return input
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    affine ? Normalization.scaleAndShift(columns: input.count) : []
  }

  /// Mean and 1 / √(variance + ε).
  public func keptPerRow(for input: Shape) -> Int { 2 }
  public func multiplicationsPerRow(for input: Shape) -> Int { 4 * input.count }

  public func forward(_ pass: ForwardPass) {
    pass.output.layerNorm(
      of: pass.input, scale: affine ? pass.parameters[0] : nil, shift: affine ? pass.parameters[1] : nil,
      epsilon: epsilon, kept: pass.kept)
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.layerNormDerivative(
      input: pass.input, outputError: pass.outputError, kept: pass.kept, scale: affine ? pass.parameters[0] : nil)
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    guard let shift = pass.nextGradient else { return }
    pass.gradient.layerNormSums(input: pass.input, outputError: pass.outputError, kept: pass.kept, sums: shift)
  }

  public var inputDerivativeReads: LayerReads { [.input] }
  public var gradientCut: GradientCut { .byRows }
  public var description: String { Normalization.describe("LayerNorm", [(epsilon, 1e-5, "epsilon")], affine: affine) }
}

/// What normalising layers have in common.
enum Normalization {
  static func check(_ epsilon: Float, of layer: String) throws(LayerError) {
    guard epsilon > 0, epsilon.isFinite else { throw LayerError("\(layer) needs an ε above 0, not \(epsilon)") }
  }

  /// γ and β.
  static func scaleAndShift(columns: Int) -> [ParameterDeclaration] {
    [
      ParameterDeclaration("scale", rows: 1, columns: columns, initializer: .constant(1), kind: .scale),
      ParameterDeclaration("shift", rows: 1, columns: columns, initializer: .zeros, derivedWithPrevious: true),
    ]
  }

  /// The constructor with those settings that are not usual.
  static func describe(
    _ layer: String, _ settings: [(value: Float, usual: Float, name: String)], affine: Bool
  ) -> String {
    var arguments = settings.filter { $0.value != $0.usual }.map { "\($0.name): \($0.value)" }
    if !affine { arguments.append("affine: false") }
    return "\(layer)(\(arguments.joined(separator: ", ")))"
  }
}
