internal import DownhillCompute
public import DownhillNetwork

/// s ← s + g², θ ← θ − η g / (√s + ε): parameters that have moved much, move less (Duchi, Hazan and Singer, "Adaptive
/// subgradient methods for online learning and stochastic optimization", 2011).
public struct AdaGrad: Optimizer {
  public var epsilon: Double
  public var weightDecay: WeightDecay

  public init(epsilon: Double = 1e-10, weightDecay: WeightDecay = .none) {
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var stateVectors: Int { 1 }

  public func update(_ pass: UpdatePass) {
    var constants = UpdateConstants(pass, weightDecay)
    constants.epsilon = epsilon
    pass.theta.adaGrad(constants, gradient: pass.gradient, squares: pass.state(0))
  }

  public var objection: String? { epsilonObjection("AdaGrad", epsilon) ?? weightDecay.objection }
  public var description: String {
    "AdaGrad(\(arguments(argument("epsilon", epsilon, default: 1e-10), weightDecay.argument)))"
  }
}
