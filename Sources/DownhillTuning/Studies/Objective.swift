/// What a study looks for the least of.
public protocol Objective: Sendable {
  /// Runs a trial on this thread. Several trials run at the same time.
  ///
  /// The result is a function of number and point alone. At each rung, always the same ones in the same order, it tells
  /// `progress` how it stands and ends with `.ended` where that says so; it does so too, at any time, once `progress` says that
  /// the trial is cancelled.
  func run(_ number: Int, _ point: SearchPoint, _ progress: TrialProgress) throws -> Verdict
}

/// What came of running a trial.
public enum Verdict: Sendable, Equatable {
  /// The lower the better, and what it is the mean of.
  case score(Double, parts: [Double])
  /// It was told to end before.
  case ended(parts: [Double])
  /// These values can't be used.
  case failed(String)
}

/// A trial's line to its study.
public struct TrialProgress: Sendable {
  private let atRung: @Sendable (Double) -> Bool
  private let cancelled: @Sendable () -> Bool

  public init(
    atRung: @escaping @Sendable (Double) -> Bool = { _ in true },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.atRung, cancelled) = (atRung, isCancelled)
  }

  /// The trial came to its next rung with a value, the lower the better. Returns whether it goes on.
  public func reached(_ value: Double) -> Bool { atRung(value) }

  /// Whether the study is ending: the trial is not wanted any more.
  public var isCancelled: Bool { cancelled() }
}
