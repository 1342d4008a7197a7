/// Half a cosine wave from 1 down to `end` (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017).
public struct CosineSchedule: Schedule {
  public static var kind: String { "cosine" }
  public var end: Double

  public init(end: Double = 0) { self.end = end }

  public func factor(at progress: Double) -> Double { cosineWave(from: 1, to: end, at: progress) }

  public var objection: String? { ScheduleCheck.factor(end, "end") }
  public var description: String { "CosineSchedule(end: \(end))" }
}
