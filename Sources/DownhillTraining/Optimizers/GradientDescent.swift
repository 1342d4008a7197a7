/// θ ← θ − η∇θ. On batches it is stochastic gradient descent; on all rows at once, gradient descent as such.
public struct GradientDescent: Optimizer, Equatable {
  public var weightDecay: WeightDecay

  public init(weightDecay: WeightDecay = .none) { self.weightDecay = weightDecay }

  public func makeState(count: Int) -> any OptimizerState { VectorState(vectors: 0, count: count, decay: weightDecay) }

  public var objection: String? { weightDecay.objection }
  public var description: String { "GradientDescent(\(weightDecay.argument))" }
}
