/// Up from `start` to 1 over the first `rise` share of training, then down to `end`, each by half a cosine wave (Smith and Topin,
/// "Super-convergence: very fast training of neural networks using large learning rates", 2018; in the form of fast.ai and
/// PyTorch). The learning rate of the options is the largest.
///
/// Momentum goes the other way: `options.momentumSchedule = OneCycleMomentum()`.
public struct OneCycleSchedule: Schedule {
  public static var kind: String { "one-cycle" }
  public var rise: Double
  public var start: Double
  public var end: Double

  public init(rise: Double = 0.3, start: Double = 0.04, end: Double = 4e-6) {
    self.rise = rise
    self.start = start
    self.end = end
  }

  public func factor(at progress: Double) -> Double { oneCycle(rise, from: start, over: 1, to: end, at: progress) }

  public var objection: String? {
    ScheduleCheck.share(rise, "rise") ?? ScheduleCheck.factor(start, "start") ?? ScheduleCheck.factor(end, "end")
  }

  public var description: String { "OneCycleSchedule(rise: \(rise), start: \(start), end: \(end))" }
}

/// The momentum of a one-cycle schedule: from 1 down to `low` while the rate rises, and up to 1 again. With the default, a
/// momentum of 0.95 goes down to 0.85 and back.
public struct OneCycleMomentum: Schedule {
  public static var kind: String { "one-cycle-momentum" }
  public var rise: Double
  public var low: Double

  public init(rise: Double = 0.3, low: Double = 0.85 / 0.95) {
    self.rise = rise
    self.low = low
  }

  public func factor(at progress: Double) -> Double { oneCycle(rise, from: 1, over: low, to: 1, at: progress) }

  public var objection: String? { ScheduleCheck.share(rise, "rise") ?? ScheduleCheck.factor(low, "low") }
  public var description: String { "OneCycleMomentum(rise: \(rise), low: \(low))" }
}

private func oneCycle(_ rise: Double, from start: Double, over turn: Double, to end: Double, at progress: Double)
  -> Double
{
  if progress < rise { return cosineWave(from: start, to: turn, at: progress / rise) }
  return cosineWave(from: turn, to: end, at: rise < 1 ? (progress - rise) / (1 - rise) : 0)
}
