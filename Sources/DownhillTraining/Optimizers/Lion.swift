internal import DownhillCompute
public import DownhillNetwork

/// θ ← θ − η sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g: every parameter moves by as much (Chen et al., "Symbolic discovery
/// of optimization algorithms", 2023). Rates are a third to a tenth of Adam's, decoupled decays as much larger.
///
/// A schedule of momentum drives β₁.
public struct Lion: Optimizer {
  /// β₁ and β₂, at least 0 and below 1.
  public var beta1: Double
  public var beta2: Double
  public var weightDecay: WeightDecay

  public init(beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: WeightDecay = .none) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
  }

  public var stateVectors: Int { 1 }

  public func update(_ pass: UpdatePass) {
    var constants = UpdateConstants(pass, weightDecay)
    constants.momentum = beta1 * pass.momentumFactor
    constants.secondMoment = beta2
    pass.theta.lion(constants, gradient: pass.gradient, mean: pass.state(0))
  }

  public var objection: String? { shareObjection("Lion", ("β₁", beta1), ("β₂", beta2)) ?? weightDecay.objection }

  public var description: String {
    let own = arguments(
      argument("beta1", beta1, default: 0.9), argument("beta2", beta2, default: 0.99), weightDecay.argument)
    return "Lion(\(own))"
  }
}
