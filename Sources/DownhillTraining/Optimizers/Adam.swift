internal import DownhillCompute

/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ):
/// every parameter has a rate of its own (Kingma and Ba, "Adam: a method for stochastic optimization", 2015).
///
/// With decoupled weight decay it is AdamW.
public struct Adam: Optimizer, Equatable {
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

  public func makeState(count: Int) -> any OptimizerState { AdamState(self, count: count) }

  public var objection: String? {
    for (name, beta) in [("β₁", beta1), ("β₂", beta2)] where !(beta >= 0 && beta < 1) {
      return "Adam's \(name) is at least 0 and below 1, not \(beta)"
    }
    return epsilon > 0 && epsilon.isFinite ? weightDecay.objection : "Adam's ε is above 0, not \(epsilon)"
  }

  public var description: String {
    let own = self.beta1 == 0.9 && beta2 == 0.999 ? "" : "beta1: \(beta1), beta2: \(beta2)"
    return "Adam(\(arguments(own, epsilon == 1e-8 ? "" : "epsilon: \(epsilon)", weightDecay.argument)))"
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

private final class AdamState: VectorState {
  private let adam: Adam

  init(_ adam: Adam, count: Int) {
    self.adam = adam
    super.init(vectors: 2, count: count, decay: adam.weightDecay)
  }

  override func prepare(_ constants: inout UpdateConstants, _ values: StepValues) {
    let step = values.step, beta1 = adam.beta1 * values.momentum
    constants.momentum = beta1
    constants.secondMoment = adam.beta2
    constants.epsilon = adam.epsilon
    constants.firstCorrection = 1 / (1 - power(beta1, Double(step + 1)))
    constants.secondCorrection = 1 / (1 - power(adam.beta2, Double(step + 1)))
  }

  override func update(_ theta: MutableVectorView, gradient: VectorView, range: Range<Int>) {
    theta.adam(constants, gradient: gradient, first: vector(0, range), second: vector(1, range))
  }
}
