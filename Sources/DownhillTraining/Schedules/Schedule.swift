internal import DownhillCompute

/// How the learning rate changes in the course of training: a factor on it, as a function of progress.
public protocol Schedule: Sendable, CustomStringConvertible {
  /// The factor at a progress from 0, before the first step, to 1, after the last.
  func factor(at progress: Double) -> Double
}

/// The same rate all the time.
public struct ConstantSchedule: Schedule, Equatable {
  public init() {}
  public func factor(at progress: Double) -> Double { 1 }
  public var description: String { "ConstantSchedule()" }
}

/// The rate is multiplied with `factor` at each of so many equal stretches: with three steps, after a quarter, a half
/// and three quarters of the way.
public struct StepSchedule: Schedule, Equatable {
  public var steps: Int
  public var factor: Double

  public init(steps: Int = 3, factor: Double = 0.3) {
    self.steps = steps
    self.factor = factor
  }

  public func factor(at progress: Double) -> Double {
    power(factor, Double(min(steps, Int(progress * Double(steps + 1)))))
  }

  public var description: String { "StepSchedule(steps: \(steps), factor: \(factor))" }
}

/// Half a cosine wave from 1 down to `end` (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm
/// restarts", 2017).
public struct CosineSchedule: Schedule, Equatable {
  public var end: Double

  public init(end: Double = 0) { self.end = end }

  public func factor(at progress: Double) -> Double { end + (1 - end) * 0.5 * (1 + cosine(.pi * progress)) }

  public var description: String { "CosineSchedule(end: \(end))" }
}

/// A straight line from 0 up to 1 over the first `share` of training, then another schedule over the rest of it.
public struct LinearWarmUp: Schedule {
  public var share: Double
  public var next: any Schedule

  public init(over share: Double = 0.05, then next: any Schedule = ConstantSchedule()) {
    self.share = share
    self.next = next
  }

  public func factor(at progress: Double) -> Double {
    if progress < share { return progress / share }
    return next.factor(at: share < 1 ? (progress - share) / (1 - share) : 1)
  }

  public var description: String { "LinearWarmUp(over: \(share), then: \(next))" }
}
