public import Downhill
import Foundation

/// yⱼ = exp(−γ ‖x − cⱼ‖²): how near a row is to each of some centres, which are learned (Broomhead and Lowe, "Multivariable
/// functional interpolation and adaptive networks", 1988).
///
/// - ∂L/∂x = −2γ Σⱼ yⱼ (x − cⱼ) ∂L/∂yⱼ
/// - ∂L/∂cⱼ = 2γ Σᵢ yᵢⱼ (xᵢ − cⱼ) ∂L/∂yᵢⱼ
public struct RadialBasis: Layer {
  public let centres: Int
  /// γ: how soon nearness ends.
  public let sharpness: Float

  public init(_ centres: Int, sharpness: Float = 0.1) {
    self.centres = centres
    self.sharpness = sharpness
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard centres > 0 else { throw LayerError("there is at least one centre, not \(centres)") }
    guard sharpness > 0, sharpness.isFinite else { throw LayerError("sharpness is above 0, not \(sharpness)") }
    return [centres]
  }

  /// One parameter: a row for each centre.
  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    [ParameterDeclaration("centres", rows: centres, columns: input.count, initializer: .normal(standardDeviation: 1))]
  }

  public func forward(_ pass: ForwardPass) {
    let c = pass.parameters[0]
    for row in 0..<pass.input.rows {
      for j in 0..<centres {
        var distance: Float = 0
        for k in 0..<pass.input.columns {
          let difference = pass.input[row, k] - c[j, k]
          distance += difference * difference
        }
        pass.output[row, j] = exp(-sharpness * distance)
      }
    }
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    let c = pass.parameters[0]
    for row in 0..<pass.input.rows {
      for k in 0..<pass.input.columns {
        var sum: Float = 0
        for j in 0..<centres {
          sum += pass.output[row, j] * (pass.input[row, k] - c[j, k]) * pass.outputError[row, j]
        }
        pass.inputError[row, k] = -2 * sharpness * sum
      }
    }
  }

  /// For some of the centres, over all rows of the batch: threads take centres, not rows.
  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    let c = pass.parameters[0]
    for (place, j) in pass.rows.enumerated() {
      for k in 0..<pass.input.columns {
        var sum: Float = 0
        for row in 0..<pass.input.rows {
          sum += pass.output[row, j] * (pass.input[row, k] - c[j, k]) * pass.outputError[row, j]
        }
        pass.gradient[place, k] = 2 * sharpness * sum
      }
    }
  }

  /// What isn't listed here may be gone, or updated already, when a derivative is taken.
  public var inputDerivativeReads: LayerReads { [.input, .output] }
  public var parameterDerivativeReads: LayerReads { [.input, .output, .parameters] }
  public var description: String { "RadialBasis(\(centres), sharpness: \(sharpness))" }
}
