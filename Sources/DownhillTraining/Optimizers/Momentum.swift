internal import DownhillCompute
public import DownhillNetwork

/// Δθ ← αΔθ − η∇θ, θ ← θ + Δθ: steps in one direction gain speed, small disturbances don't turn the path (Polyak, 1964).
///
/// The rate is inside Δθ, as in the paper; PyTorch has it outside, which is the same while the rate stays the same.
public struct Momentum: Optimizer {
  /// α, at least 0 and below 1.
  public var momentum: Double
  public var weightDecay: WeightDecay

  public init(_ momentum: Double = 0.9, weightDecay: WeightDecay = .none) {
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public var stateVectors: Int { 1 }

  public func update(_ pass: UpdatePass) {
    var constants = UpdateConstants(pass, weightDecay)
    constants.momentum = momentum * pass.momentumFactor
    pass.theta.momentum(constants, gradient: pass.gradient, delta: pass.state(0))
  }

  public var objection: String? { momentumObjection(momentum) ?? weightDecay.objection }
  public var description: String { "Momentum(\(arguments("\(momentum)", weightDecay.argument)))" }
}

/// Δθ ← αΔθ − η∇θ, then θ ← θ + αΔθ − η∇θ: a look ahead to where momentum will carry (Nesterov, 1983; in this form
/// Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013).
public struct Nesterov: Optimizer {
  /// α, at least 0 and below 1.
  public var momentum: Double
  public var weightDecay: WeightDecay

  public init(_ momentum: Double = 0.9, weightDecay: WeightDecay = .none) {
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public var stateVectors: Int { 1 }

  public func update(_ pass: UpdatePass) {
    var constants = UpdateConstants(pass, weightDecay)
    constants.momentum = momentum * pass.momentumFactor
    pass.theta.nesterov(constants, gradient: pass.gradient, delta: pass.state(0))
  }

  public var objection: String? { momentumObjection(momentum) ?? weightDecay.objection }
  public var description: String { "Nesterov(\(arguments("\(momentum)", weightDecay.argument)))" }
}

private func momentumObjection(_ momentum: Double) -> String? {
  momentum >= 0 && momentum < 1 ? nil : "a momentum is at least 0 and below 1, not \(momentum)"
}
