/// How a step changes θ: an optimizer, and what is done before and after it.
public struct UpdateRule: Sendable {
  public var optimizer: any Optimizer
  public var clipping: Clipping
  /// nil: none.
  public var average: MovingAverage?
  /// The kinds of parameters that the optimizer's weight decay pulls towards 0.
  public var decaying: Set<ParameterKind>

  public init(
    _ optimizer: any Optimizer, clipping: Clipping = Clipping(), average: MovingAverage? = nil,
    decaying: Set<ParameterKind> = ParameterKind.all
  ) {
    self.optimizer = optimizer
    self.clipping = clipping
    self.average = average
    self.decaying = decaying
  }

  /// What is wrong with the settings; nil: nothing.
  public var objection: String? { optimizer.objection ?? clipping.objection ?? average?.objection }
}
