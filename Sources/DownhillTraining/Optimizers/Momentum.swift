internal import DownhillCompute

/// Δθ ← αΔθ − η∇θ, θ ← θ + Δθ: steps in one direction gain speed, small disturbances don't turn the path (Polyak, 1964).
///
/// The rate is inside Δθ, as in the paper; PyTorch has it outside, which is the same while the rate stays the same.
public struct Momentum: Optimizer, Equatable {
  /// α, at least 0 and below 1.
  public var momentum: Double
  public var weightDecay: WeightDecay

  public init(_ momentum: Double = 0.9, weightDecay: WeightDecay = .none) {
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public func makeState(count: Int) -> any OptimizerState {
    MomentumState(momentum: momentum, count: count, decay: weightDecay)
  }

  public var objection: String? { momentumObjection(momentum) ?? weightDecay.objection }
  public var description: String { "Momentum(\(arguments("\(momentum)", weightDecay.argument)))" }
}

/// Δθ ← αΔθ − η∇θ, then θ ← θ + αΔθ − η∇θ: a look ahead to where momentum will carry (Nesterov, 1983; in this form
/// Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013).
public struct Nesterov: Optimizer, Equatable {
  /// α, at least 0 and below 1.
  public var momentum: Double
  public var weightDecay: WeightDecay

  public init(_ momentum: Double = 0.9, weightDecay: WeightDecay = .none) {
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public func makeState(count: Int) -> any OptimizerState {
    NesterovState(momentum: momentum, count: count, decay: weightDecay)
  }

  public var objection: String? { momentumObjection(momentum) ?? weightDecay.objection }
  public var description: String { "Nesterov(\(arguments("\(momentum)", weightDecay.argument)))" }
}

private class MomentumState: VectorState {
  private let momentum: Double

  init(momentum: Double, count: Int, decay: WeightDecay) {
    self.momentum = momentum
    super.init(vectors: 1, count: count, decay: decay)
  }

  override final func prepare(_ constants: inout UpdateConstants, _ values: StepValues) {
    constants.momentum = momentum * values.momentum
  }

  override func update(_ theta: MutableVectorView, gradient: VectorView, range: Range<Int>) {
    theta.momentum(constants, gradient: gradient, delta: vector(0, range))
  }
}

private final class NesterovState: MomentumState {
  override func update(_ theta: MutableVectorView, gradient: VectorView, range: Range<Int>) {
    theta.nesterov(constants, gradient: gradient, delta: vector(0, range))
  }
}

private func momentumObjection(_ momentum: Double) -> String? {
  momentum >= 0 && momentum < 1 ? nil : "a momentum is at least 0 and below 1, not \(momentum)"
}

/// The arguments that are not empty, with commas.
func arguments(_ list: String...) -> String { list.filter { !$0.isEmpty }.joined(separator: ", ") }
