internal import DownhillCompute

/// How something changes in the course of training: a factor on it, as a function of progress. Any schedule can drive the learning
/// rate, momentum, weight decay and dropout (`TrainingOptions`).
///
/// Schedules are plain values of progress, which runs from 0 to 1 whatever the number of steps.
public protocol Schedule: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The name of this kind of schedule in files and on command lines; by default that of the type.
  static var kind: String { get }

  /// The factor at a progress from 0, before the first step, to 1, after the last.
  func factor(at progress: Double) -> Double

  /// The factor for a step that takes training from one progress to another: by default that where it starts, so that step k
  /// of n (from 0) has the factor at k/n, as PyTorch counts. A warm-up takes that where the step ends: a factor of 0 would
  /// waste the first step.
  func factor(from start: Double, to end: Double) -> Double

  /// What is wrong with the settings; nil: nothing.
  var objection: String? { get }
}

extension Schedule {
  public static var kind: String { String(describing: Self.self) }
  public func factor(from start: Double, to end: Double) -> Double { factor(at: start) }
  public var objection: String? { nil }

  func isEqual(to other: any Schedule) -> Bool { (other as? Self) == self }
}

/// Objections that several schedules share.
enum ScheduleCheck {
  static func factor(_ value: Double, _ name: String) -> String? {
    value >= 0 && value.isFinite ? nil : "the \(name) of a schedule is a factor of at least 0, not \(value)"
  }

  static func share(_ value: Double, _ name: String) -> String? {
    value >= 0 && value <= 1 ? nil : "the \(name) of a schedule is a share of training from 0 to 1, not \(value)"
  }
}

/// Half a cosine wave from one number to another, as `progress` goes from 0 to 1.
func cosineWave(from start: Double, to end: Double, at progress: Double) -> Double {
  end + (start - end) * 0.5 * (1 + cosine(.pi * progress))
}
