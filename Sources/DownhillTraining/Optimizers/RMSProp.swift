internal import DownhillCompute
public import DownhillNetwork

/// s ← βs + (1 − β)g², Δθ ← αΔθ − η g / (√s + ε), θ ← θ + Δθ: AdaGrad that forgets (Tieleman and Hinton, lecture 6.5 of
/// "Neural networks for machine learning", 2012), with momentum.
///
/// As for `Momentum`, the rate is inside Δθ; PyTorch has it outside.
public struct RMSProp: Optimizer {
  /// β, at least 0 and below 1.
  public var beta: Double
  /// α, at least 0 and below 1; 0: none. It takes a vector more.
  public var momentum: Double
  public var epsilon: Double
  public var weightDecay: WeightDecay

  public init(
    beta: Double = 0.99, momentum: Double = 0, epsilon: Double = 1e-8, weightDecay: WeightDecay = .none
  ) {
    self.beta = beta
    self.momentum = momentum
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var stateVectors: Int { momentum == 0 ? 1 : 2 }

  public func update(_ pass: UpdatePass) {
    var constants = UpdateConstants(pass, weightDecay)
    constants.momentum = momentum * pass.momentumFactor
    constants.secondMoment = beta
    constants.epsilon = epsilon
    pass.theta.rmsProp(
      constants, gradient: pass.gradient, squares: pass.state(0), delta: momentum == 0 ? nil : pass.state(1))
  }

  public var objection: String? {
    shareObjection("RMSProp", ("β", beta), ("momentum", momentum)) ?? epsilonObjection("RMSProp", epsilon)
      ?? weightDecay.objection
  }

  public var description: String {
    let own = arguments(
      argument("beta", beta, default: 0.99), argument("momentum", momentum, default: 0),
      argument("epsilon", epsilon, default: 1e-8), weightDecay.argument)
    return "RMSProp(\(own))"
  }
}
