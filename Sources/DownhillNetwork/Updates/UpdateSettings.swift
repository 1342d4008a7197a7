/// What is the same for all blocks of θ in a step, and may change from one step to the next.
public struct UpdateSettings: Sendable, Equatable {
  /// The learning rate η.
  public var rate: Double
  /// α instead of the optimizer's own; nil: its own.
  public var momentum: Double?
  /// What the optimizer's weight decay is multiplied with.
  public var decayFactor: Double

  public init(rate: Double, momentum: Double? = nil, decayFactor: Double = 1) {
    self.rate = rate
    self.momentum = momentum
    self.decayFactor = decayFactor
  }
}
