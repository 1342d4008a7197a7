internal import DownhillCompute

/// Mean absolute error, a loss for regression that outliers pull at no more than others: lᵢ = (1/K) Σₖ |ŷᵢₖ − yᵢₖ|, the mean over
/// the K outputs too. Its best constant is the median.
///
/// ∂lᵢ/∂ŷᵢₖ = (1/K) sign(ŷᵢₖ − yᵢₖ), and 0 where both are equal.
public struct MeanAbsoluteError: Loss {
  public static var kind: String { "mae" }
  public init() {}

  public func evaluate(_ pass: LossPass) -> Double {
    pass.prediction.elementLoss(
      .absolute, labels: pass.labels, weights: pass.weights, scale: pass.scale, error: pass.error)
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is Identity ? self : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    LossCheck.numbers(targets, outputs: outputs, loss: "mean absolute error")
  }

  public var description: String { "MeanAbsoluteError()" }
}

extension Loss where Self == MeanAbsoluteError {
  public static var meanAbsoluteError: MeanAbsoluteError { MeanAbsoluteError() }
}
