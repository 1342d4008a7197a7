/// The score of a recipe on one fold of the confirmation.
struct ConfirmedFold: Sendable, Equatable, Codable {
  let number: Int
  /// Of the ensemble.
  let members: Int
  let fold: Int
  /// nil: it failed.
  let score: Double?
}

/// The few best trials and the first one, held against each other on folds that no trial was chosen by. Where there is time for
/// them, all but the first candidate have twice as many networks: so would the result.
///
/// The best of many trials owes part of its score to luck: it is the one that the folds suited. On other folds, of another seed, it
/// has no more luck than the recipe that the study began with. What is the best there is the result; so by this measure it is never
/// worse than that.
public struct Confirmation: Sendable, Equatable {
  /// The first is that of the recipe that the study began with.
  public let candidates: [Candidate]

  package init(_ candidates: [Candidate]) { self.candidates = candidates }

  public struct Candidate: Sendable, Equatable {
    public let number: Int
    /// Networks of the ensemble that was trained on each fold.
    public let members: Int
    /// By fold; nil: it failed in one of them.
    public let scores: [Double]?

    package init(number: Int, members: Int = 1, scores: [Double]?) {
      (self.number, self.members, self.scores) = (number, members, scores)
    }

    public var mean: Double? { scores.map { $0.reduce(0, +) / Double($0.count) } }
  }

  /// The best: the first unless another is better.
  public var best: Candidate {
    candidates.dropFirst().reduce(candidates[0]) { best, other in
      guard let mean = other.mean else { return best }
      return mean < best.mean ?? .infinity ? other : best
    }
  }

  /// Whether the best has more networks than the recipe that the study began with was given.
  public var prefersMore: Bool { best.members > candidates[0].members }

  /// How much less the score of a candidate is than that of the first one: the mean of the differences on each fold, and its
  /// standard error, s/√k; nil: one of them has no score, or, of the error, there is one fold only.
  public func gain(of candidate: Candidate) -> (mean: Double, error: Double?)? {
    guard let theirs = candidates[0].scores, let its = candidate.scores, theirs.count == its.count else { return nil }
    let differences = zip(theirs, its).map { $0 - $1 }
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / count
    guard differences.count > 1 else { return (mean, nil) }
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (count - 1) / count).squareRoot())
  }
}
