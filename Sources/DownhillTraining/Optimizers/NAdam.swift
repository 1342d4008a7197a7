internal import DownhillCompute
public import DownhillNetwork

/// Adam that looks ahead as Nesterov does (Dozat, "Incorporating Nesterov momentum into Adam", 2016): m and v as in
/// `Adam`, θ ← θ − η m̂ / (√v̂ + ε) with
///
///     m̂ = μₜ₊₁ m / (1 − μ₁ … μₜ₊₁) + (1 − μₜ) g / (1 − μ₁ … μₜ),    μₜ = β₁ (1 − ½ · 0.96^(0.004 t))
///
/// With decoupled weight decay it is NAdamW. A schedule of momentum drives β₁.
public struct NAdam: Optimizer {
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

  public func update(_ pass: UpdatePass) {
    let beta1 = self.beta1 * pass.momentumFactor
    let momenta = Momenta(beta1: beta1, step: pass.step + 1)
    var constants = UpdateConstants(pass, weightDecay)
    constants.momentum = beta1
    constants.secondMoment = beta2
    constants.epsilon = epsilon
    constants.firstCorrection = momenta.next / (1 - momenta.product * momenta.next)
    constants.gradientCorrection = (1 - momenta.current) / (1 - momenta.product)
    constants.secondCorrection = 1 / (1 - power(beta2, Double(pass.step + 1)))
    pass.theta.nAdam(constants, gradient: pass.gradient, first: pass.state(0), second: pass.state(1))
  }

  /// μₜ, μₜ₊₁ and μ₁ … μₜ.
  private struct Momenta {
    let current: Double
    let next: Double
    private(set) var product = 1.0

    init(beta1: Double, step: Int) {
      func momentum(_ step: Int) -> Double { beta1 * (1 - 0.5 * power(0.96, 0.004 * Double(step))) }
      current = momentum(step)
      next = momentum(step + 1)
      // Each factor is about a half at first: soon the product is nothing beside 1, and later steps needn't go on.
      for earlier in 1...step where product > 1e-18 { product *= momentum(earlier) }
    }
  }

  public var objection: String? {
    shareObjection("NAdam", ("β₁", beta1), ("β₂", beta2)) ?? epsilonObjection("NAdam", epsilon)
      ?? weightDecay.objection
  }

  public var description: String {
    let own = arguments(
      argument("beta1", beta1, default: 0.9), argument("beta2", beta2, default: 0.999),
      argument("epsilon", epsilon, default: 1e-8), weightDecay.argument)
    return "NAdam(\(own))"
  }
}
