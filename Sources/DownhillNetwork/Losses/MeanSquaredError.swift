internal import DownhillCompute

/// Mean squared error, the loss for regression: lᵢ = (1/K) Σₖ (ŷᵢₖ − yᵢₖ)², the mean over the K outputs too.
///
/// ∂lᵢ/∂ŷᵢₖ = (2/K) (ŷᵢₖ − yᵢₖ). Behind an identity layer it needs no derivative of that layer.
public struct MeanSquaredError: Loss {
  public static var kind: String { "mse" }
  public init() {}

  public func evaluate(_ pass: LossPass) -> Double {
    guard case .values(let target) = pass.target else { preconditionFailure("mean squared error takes values") }
    return pass.prediction.meanSquaredError(target, weights: pass.weights, scale: pass.scale, error: pass.error)
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is Identity ? self : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    LossCheck.numbers(targets, outputs: outputs, loss: "mean squared error")
  }

  public var description: String { "MeanSquaredError()" }
}

extension Loss where Self == MeanSquaredError {
  public static var meanSquaredError: MeanSquaredError { MeanSquaredError() }
}
