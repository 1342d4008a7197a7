/// A finished trial of a study.
public struct Trial: Sendable, Equatable, Codable {
  /// From 0, in the order in which trials were proposed.
  public let number: Int
  public let point: SearchPoint
  public let outcome: Outcome
  /// The lower the better; nil: it was not finished.
  public let score: Double?
  /// What the score is the mean of, as far as the trial came.
  public let parts: [Double]
  /// The values with which it came to each rung.
  public let rungs: [Double]
  /// Why it failed.
  public let problem: String?
  /// That it took.
  public let seconds: Double
  /// Of the study when the trial was finished, over all its sessions.
  public let elapsed: Double

  public enum Outcome: String, Sendable, Codable {
    case complete
    /// It fell behind at a rung.
    case stopped
    case failed
  }

  public init(
    number: Int, point: SearchPoint, outcome: Outcome, score: Double? = nil, parts: [Double] = [], rungs: [Double] = [],
    problem: String? = nil, seconds: Double = 0, elapsed: Double = 0
  ) {
    (self.number, self.point, self.outcome, self.score) = (number, point, outcome, score)
    (self.parts, self.rungs, self.problem) = (parts, rungs, problem)
    (self.seconds, self.elapsed) = (seconds, elapsed)
  }

  /// Whether it is to be preferred: finished trials by their scores, before those that were stopped, of which those that came
  /// farther are before others, by their last values; those that failed come last. The earlier of equal ones.
  func isBetter(than other: Trial) -> Bool {
    if let score, let theirs = other.score { return (score, number) < (theirs, other.number) }
    if (score == nil) != (other.score == nil) { return score != nil }
    if (outcome == .failed) != (other.outcome == .failed) { return other.outcome == .failed }
    if rungs.count != other.rungs.count { return rungs.count > other.rungs.count }
    return (rungs.last ?? 0, number) < (other.rungs.last ?? 0, other.number)
  }
}

extension Sequence<Trial> {
  /// The best first.
  public var ranked: [Trial] { sorted { $0.isBetter(than: $1) } }

  /// The best of those that were finished.
  public var best: Trial? { filter { $0.score != nil }.min { $0.isBetter(than: $1) } }
}
