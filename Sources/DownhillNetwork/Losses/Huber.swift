internal import DownhillCompute

/// Squared near the target, straight far from it: with d = ŷᵢₖ − yᵢₖ, d²/2 where |d| ≤ δ, else δ (|d| − δ/2); lᵢ is the mean over
/// the K outputs (Huber, "Robust estimation of a location parameter", 1964).
///
/// ∂lᵢ/∂ŷᵢₖ = (1/K) times d held within ±δ.
public struct Huber: Loss {
  public static var kind: String { "huber" }
  /// Above 0, in the target's units.
  public let delta: Float

  public init(delta: Float = 1) { self.delta = delta }

  public func evaluate(_ pass: LossPass) -> Double {
    pass.prediction.elementLoss(
      .huber(delta: delta), labels: pass.labels, weights: pass.weights, scale: pass.scale, error: pass.error)
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is Identity ? self : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    guard delta > 0, delta.isFinite else { return "Huber's δ is above 0, not \(delta)" }
    return LossCheck.numbers(targets, outputs: outputs, loss: "Huber's loss")
  }

  public var description: String { "Huber(delta: \(delta))" }
}

extension Loss where Self == Huber {
  public static func huber(delta: Float = 1) -> Huber { Huber(delta: delta) }
}
