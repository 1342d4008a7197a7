internal import DownhillTabular

/// How the best trials are held against the first one in the end.
package struct Contest: Equatable {
  /// Trials, at most.
  package var finalists: Int
  /// Networks that stand for an ensemble: the more, the more it is like the result.
  package var members: Int
  /// Partitions of the rows, where there are several.
  package var partitions = 1
}

/// A recipe, and how many networks stand for its ensemble.
struct Contestant {
  let trial: Trial
  let members: Int
}

/// Which contest there is time for, and who takes part.
extension Tuning {
  /// The most thorough first.
  static let contests = [
    Contest(finalists: 4, members: 10, partitions: 3), Contest(finalists: 4, members: 6, partitions: 3),
    Contest(finalists: 4, members: 10), Contest(finalists: 4, members: 6), Contest(finalists: 3, members: 6),
    Contest(finalists: 4, members: 3), Contest(finalists: 3, members: 3), Contest(finalists: 2, members: 3),
    Contest(finalists: 2, members: 2), Contest(finalists: 1, members: 2), Contest(finalists: 1, members: 1),
  ]
  /// Where there is no limit of time.
  private static let usualContest = Contest(finalists: 4, members: 3, partitions: 3)
  /// Trainings of each of them, where trials have one.
  private static let leastConfirmations = 3
  /// The mean of more networks is hardly ever worse: where there is time, there are so many times those of the recipe.
  static let growth = 2
  /// Fewer networks than these don't show what more of them are worth: then what time there is goes to a fair comparison.
  private static let leastGrowing = 3

  /// Seconds that holding the best against the first takes.
  func cost(of contest: Contest, _ trials: [Trial], isGrowing: Bool) -> Double {
    guard let first = trials.first(where: { $0.number == 0 }) else { return 0 }
    let sum = contestants(contest, first, finalists(trials, contest.finalists), isGrowing: isGrowing)
      .reduce(0) { $0 + $1.trial.seconds * Double($1.members) }
    return sum * Double(confirmations(contest)) / Double(folds) / Double(trialsAtOnce)
  }

  /// Trainings of each candidate.
  func confirmations(_ contest: Contest) -> Int {
    let all = confirming.folds.count
    return folds > 1 ? all / partitions * min(contest.partitions, partitions) : min(Self.leastConfirmations, all)
  }

  // Rows of a file can't be picked for an ensemble.
  var canGrow: Bool { mayGrow && !examples.areMapped }

  /// The first as it is; it and the others with as many networks as the result would have.
  func contestants(
    _ contest: Contest, _ first: Trial, _ finalists: [Trial], isGrowing: Bool
  ) -> [Contestant] {
    let members = examples.areMapped ? 1 : min(learning.recipe.members ?? 1, contest.members)
    let others = (isGrowing ? [first] : []) + finalists
    return [Contestant(trial: first, members: members)]
      + others.map { Contestant(trial: $0, members: isGrowing ? Self.growth * members : members) }
  }

  /// The most thorough contest that there is time for, besides the training in the end; without a limit the usual one.
  package func contest(_ trials: [Trial], seconds: Double?) -> (Contest, isGrowing: Bool) {
    guard let seconds else { return (Self.usualContest, false) }
    let final = finalCost(trials)
    for isGrowing in canGrow ? [true, false] : [false] {
      let growth = Double(isGrowing ? Self.growth : 1)
      let timely = Self.contests.first {
        (!isGrowing || $0.members >= Self.leastGrowing)
          && cost(of: $0, trials, isGrowing: isGrowing) + growth * final <= seconds
      }
      if let timely { return (timely, isGrowing) }
    }
    return (Self.contests.last!, false)
  }

  /// The best of those that are better than the first, the best first.
  func finalists(_ trials: [Trial], _ count: Int) -> [Trial] {
    let first = trials.first { $0.number == 0 }?.score ?? .infinity
    return Array(trials.filter { ($0.score ?? .infinity) < first }.ranked.prefix(count))
  }
}
