internal import DownhillCompute

/// From 1 down to `end`, by the same factor each step: endᵖ at progress p.
public struct ExponentialSchedule: Schedule {
  public static var kind: String { "exponential" }
  /// Above 0.
  public var end: Double

  public init(end: Double = 0.01) { self.end = end }

  public func factor(at progress: Double) -> Double { power(end, progress) }

  public var objection: String? {
    end > 0 && end.isFinite ? nil : "the end of an exponential schedule is above 0, not \(end)"
  }

  public var description: String { "ExponentialSchedule(end: \(end))" }
}
