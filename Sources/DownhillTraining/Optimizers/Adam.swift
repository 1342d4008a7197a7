internal import DownhillCompute
public import DownhillNetwork

/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ):
/// every parameter has a rate of its own (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).
///
/// With decoupled weight decay it is AdamW. A schedule of momentum drives β₁.
public struct Adam: Optimizer {
  /// β₁ and β₂, at least 0 and below 1.
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: WeightDecay

  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: WeightDecay = .none) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var stateVectors: Int { 2 }

  public func update(_ pass: UpdatePass) { update(pass, beta1: beta1 * pass.momentumFactor) }

  /// The same with another β₁, and nobody's momentum.
  func update(_ pass: UpdatePass, beta1: Double) {
    var constants = UpdateConstants(pass, weightDecay)
    constants.momentum = beta1
    constants.secondMoment = beta2
    constants.epsilon = epsilon
    constants.firstCorrection = 1 / (1 - power(beta1, Double(pass.step + 1)))
    constants.secondCorrection = 1 / (1 - power(beta2, Double(pass.step + 1)))
    pass.theta.adam(constants, gradient: pass.gradient, first: pass.state(0), second: pass.state(1))
  }

  public var objection: String? {
    shareObjection("Adam", ("β₁", beta1), ("β₂", beta2)) ?? epsilonObjection("Adam", epsilon) ?? weightDecay.objection
  }

  public var description: String {
    let own = self.beta1 == 0.9 && beta2 == 0.999 ? "" : "beta1: \(beta1), beta2: \(beta2)"
    return "Adam(\(arguments(own, argument("epsilon", epsilon, default: 1e-8), weightDecay.argument)))"
  }
}

extension Optimizer where Self == Adam {
  /// AdamW: Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
  public static func adamW(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0.01
  ) -> Adam {
    Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: .decoupled(decay))
  }
}
