/// All that decides what trials a study makes, but for its objective.
public struct StudyPlan: Sendable, Equatable, Codable {
  public var space: SearchSpace
  public var sampler = Sampler.tpe(TreeParzenEstimator())
  /// nil: every trial is finished.
  public var halving: SuccessiveHalving? = SuccessiveHalving()
  public var seed: UInt64 = 0
  /// How many trials may be under way at the same time. A trial knows nothing of as many before it, less one, whoever of them
  /// is done: so what it is depends on no thread's speed.
  public var concurrency = 8
  /// The point of the first trial, which is always finished; nil: it is drawn like others. Dimensions whose usual value the space
  /// doesn't have are missing.
  public var usual: SearchPoint?
  /// Points of the trials after that, before any is drawn.
  public var starts: [SearchPoint] = []

  public init(space: SearchSpace) { self.space = space }
}

/// When a study ends.
public struct StudyBudget: Sendable {
  /// Trials in all, those of earlier sessions among them; nil: no limit.
  public var trials: Int?
  /// Seconds in all, those of earlier sessions among them; nil: no limit. Trials under way are given up then, but for the first.
  public var seconds: Double?
  /// How many of the seconds are kept for what comes afterwards.
  public var reserve: @Sendable ([Trial]) -> Double = { _ in 0 }

  public init(trials: Int? = nil, seconds: Double? = nil) { (self.trials, self.seconds) = (trials, seconds) }
}

public enum StudyEnding: String, Sendable {
  case trialsDone, outOfTime, interrupted
  /// There is no point that was not tried.
  case exhausted
}

/// What happens in a study. Events come one at a time, on any thread.
public enum StudyEvent: Sendable {
  case started(Int, SearchPoint)
  case rung(Int, index: Int, value: Double, goesOn: Bool)
  /// With all trials that are finished, in the order of their numbers.
  case finished(Trial, all: [Trial])
}
