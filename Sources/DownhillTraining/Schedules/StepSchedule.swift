internal import DownhillCompute

/// Multiplied with `factor` at each of so many equal stretches: with three steps, after a quarter, a half and three quarters of
/// the way.
public struct StepSchedule: Schedule {
  public static var kind: String { "step" }
  public var steps: Int
  public var factor: Double

  public init(steps: Int = 3, factor: Double = 0.3) {
    self.steps = steps
    self.factor = factor
  }

  public func factor(at progress: Double) -> Double {
    power(factor, Double(min(steps, Int(progress * Double(steps + 1)))))
  }

  public var objection: String? {
    steps >= 0 && steps <= 1_000_000
      ? ScheduleCheck.factor(factor, "factor") : "a step schedule has from 0 to 1,000,000 steps, not \(steps)"
  }

  public var description: String { "StepSchedule(steps: \(steps), factor: \(factor))" }
}
