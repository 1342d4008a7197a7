internal import DownhillCompute

/// The loss whose best prediction is a quantile, also called pinball: lᵢ is the mean over the outputs k, each with a level τₖ of
/// its own, of τₖ (y − ŷᵢₖ) where y > ŷᵢₖ, else (1 − τₖ) (ŷᵢₖ − y) (Koenker and Bassett, "Regression quantiles", 1978).
///
///     Quantile(0.1, 0.5, 0.9)   // three outputs, one target: a prediction and a range around it
///
/// With several levels there is an output for each, and the target has one column. With one level the target has a column for
/// each output. ∂lᵢ/∂ŷᵢₖ is (1/K) times −τₖ below the target, 1 − τₖ above it, and 0 where both are equal.
public struct Quantile: Loss {
  public static var kind: String { "quantile" }
  /// Each above 0 and below 1.
  public let levels: [Float]

  public init(_ levels: Float...) { self.levels = levels }
  public init(levels: [Float]) { self.levels = levels }

  public func evaluate(_ pass: LossPass) -> Double {
    pass.prediction.elementLoss(
      .pinball(levels: levels), labels: pass.labels, weights: pass.weights, scale: pass.scale, error: pass.error)
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is Identity ? self : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    if let wrong = levels.first(where: { !($0 > 0 && $0 < 1) }) {
      return "the level of a quantile is above 0 and below 1, not \(wrong)"
    }
    guard levels.count == outputs else {
      return
        "there are \(levels.count) levels of quantiles, and the network has \(outputs) outputs: it takes one for each"
    }
    if case .values(let matrix) = targets, matrix.columns == 1 { return nil }
    return LossCheck.numbers(targets, outputs: outputs, loss: "the quantile loss")
  }

  public var description: String { "Quantile(\(levels.map { "\($0)" }.joined(separator: ", ")))" }
}
