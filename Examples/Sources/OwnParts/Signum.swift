public import Downhill

/// Every parameter moves by η against the sign of its gradient's moving mean (Bernstein et al., "signSGD: compressed
/// optimisation for non-convex problems", 2018).
public struct Signum: Optimizer {
  public var momentum: Double

  public init(_ momentum: Double = 0.9) { self.momentum = momentum }

  /// m. The step of training owns it, saves it in checkpoints, and hands it over block by block.
  public var stateVectors: Int { 1 }

  /// m ← αm + (1 − α)g, θ ← θ − η sign m
  public func update(_ pass: UpdatePass) {
    let mean = pass.state(0), alpha = Float(momentum * pass.momentumFactor), rate = Float(pass.rate)
    for i in 0..<pass.theta.count {
      mean[i] = alpha * mean[i] + (1 - alpha) * pass.gradient[i]
      pass.theta[i] -= rate * (mean[i] > 0 ? 1 : mean[i] < 0 ? -1 : 0)
    }
  }

  public var objection: String? {
    momentum >= 0 && momentum < 1 ? nil : "momentum is at least 0 and below 1, not \(momentum)"
  }

  public var description: String { "Signum(\(momentum))" }
}
