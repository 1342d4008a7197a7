internal import DownhillCompute
public import DownhillNetwork

/// θ ← θ − η∇θ. On batches it is stochastic gradient descent; on all rows at once, gradient descent as such.
public struct GradientDescent: Optimizer {
  public var weightDecay: WeightDecay

  public init(weightDecay: WeightDecay = .none) { self.weightDecay = weightDecay }

  public func update(_ pass: UpdatePass) {
    pass.theta.descend(UpdateConstants(pass, weightDecay), gradient: pass.gradient)
  }

  public var objection: String? { weightDecay.objection }
  public var description: String { "GradientDescent(\(weightDecay.argument))" }
}
