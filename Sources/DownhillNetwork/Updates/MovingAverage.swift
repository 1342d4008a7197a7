/// ā ← βₜā + (1 − βₜ)θ after each update: a mean of the path behind θ, on which the steps' noise cancels out (Polyak and
/// Juditsky, "Acceleration of stochastic approximation by averaging", 1992; with exponential weights, Tarvainen and
/// Valpola, 2017).
///
/// βₜ = min(β, (1 + t) / (10 + t)) at step t, from 1: while there are few steps, few count, so that the start is forgotten
/// soon.
public struct MovingAverage: Sendable, Codable, Equatable {
  /// β, at least 0 and below 1: about the last 1 / (1 − β) steps count.
  public var decay: Double

  public init(_ decay: Double = 0.999) { self.decay = decay }

  /// 1 − βₜ at a step, from 0.
  func share(at step: Int) -> Double { 1 - min(decay, Double(2 + step) / Double(11 + step)) }

  /// What is wrong with the setting; nil: nothing.
  public var objection: String? {
    decay >= 0 && decay < 1 ? nil : "the decay of a moving average is at least 0 and below 1, not \(decay)"
  }
}
