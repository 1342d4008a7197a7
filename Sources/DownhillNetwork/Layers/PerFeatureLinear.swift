internal import DownhillCompute

/// A linear map of its own for each of some equal parts of a row: yᵢ = xᵢ Wᵢ + bᵢ, the parts' outputs one after the other.
///
/// The W stand below each other in one matrix, inputs × `outputs`. They and b start evenly between −1/√k and 1/√k, k being
/// the length of a part. Derivatives: ∂L/∂xᵢ = ∂L/∂yᵢ Wᵢᵀ; ∂L/∂Wᵢ = xᵢᵀ ∂L/∂yᵢ; ∂L/∂b = Σ over the batch of ∂L/∂y.
public struct PerFeatureLinear: Layer {
  /// How many parts a row has.
  public let features: Int
  /// Numbers that each becomes.
  public let outputs: Int

  public init(features: Int, outputs: Int) {
    self.features = features
    self.outputs = outputs
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard features > 0, outputs > 0 else {
      throw LayerError("PerFeatureLinear needs features and outputs, not \(features) and \(outputs)")
    }
    guard input.dimensions.count == 1, input.count % features == 0 else {
      throw LayerError("PerFeatureLinear takes rows of \(features) equal parts; \(input) can't be parted into them")
    }
    let (columns, overflow) = features.multipliedReportingOverflow(by: outputs)
    if overflow { throw LayerError("rows too long to be numbered") }
    return Shape([columns])
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    let bound = 1 / Float(max(1, input.count / features)).squareRoot()
    return [
      ParameterDeclaration(
        "weights", rows: input.count, columns: outputs, initializer: .uniform(-bound, bound)),
      ParameterDeclaration(
        "bias", rows: 1, columns: features * outputs, initializer: .uniform(-bound, bound), derivedWithPrevious: true),
    ]
  }

  private func part(_ feature: Int, of width: Int) -> Range<Int> { feature * width..<(feature + 1) * width }

  public func forward(_ pass: ForwardPass) {
    let width = pass.input.columns / features
    for feature in 0..<features {
      let inputs = part(feature, of: width), outputs = part(feature, of: outputs)
      pass.output[columns: outputs].product(
        pass.input[columns: inputs], pass.parameters[0][rows: inputs], bias: pass.parameters[1][columns: outputs])
    }
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    let width = pass.inputError.columns / features
    for feature in 0..<features {
      let inputs = part(feature, of: width)
      pass.inputError[columns: inputs].product(
        pass.outputError[columns: part(feature, of: outputs)], pass.parameters[0][rows: inputs].transposed,
        wholeRows: pass.batchRows)
    }
  }

  /// The rows that are asked for may begin and end within a feature.
  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    let width = pass.input.columns / features
    for feature in pass.rows.lowerBound / width...(pass.rows.upperBound - 1) / width {
      let inputs = part(feature, of: width).clamped(to: pass.rows)
      let place = inputs.lowerBound - pass.rows.lowerBound..<inputs.upperBound - pass.rows.lowerBound
      pass.gradient[rows: place].product(
        pass.input[columns: inputs].transposed, pass.outputError[columns: part(feature, of: outputs)])
    }
    pass.nextGradient?.columnSums(of: pass.outputError)
  }

  public var inputDerivativeReads: LayerReads { [] }
  public var description: String { "PerFeatureLinear(features: \(features), outputs: \(outputs))" }
}
