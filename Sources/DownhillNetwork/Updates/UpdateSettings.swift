/// What is the same for all blocks of θ in a step, and may change from one step to the next.
public struct UpdateSettings: Sendable, Equatable {
  /// The learning rate η.
  public var rate: Double
  /// What the optimizer's momentum (Adam's β₁) is multiplied with.
  public var momentumFactor: Double
  /// What the optimizer's weight decay is multiplied with.
  public var decayFactor: Double

  public init(rate: Double, momentumFactor: Double = 1, decayFactor: Double = 1) {
    self.rate = rate
    self.momentumFactor = momentumFactor
    self.decayFactor = decayFactor
  }
}
