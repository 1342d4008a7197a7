/// How many threads work on a step. Found by trying: it depends on the work, on how far apart the processors are, and on who
/// else is busy on them, and it changes no bit of the result.
///
/// The number in use is compared now and then with its neighbours in 1, 2, 4, …, all; a trial takes a few steps, and the time
/// that a worse number costs is kept to about a hundredth of the whole.
package struct ThreadChoice {
  private let candidates: [Int]
  private var current: Int
  private var trial: Trial?
  /// Of a step with the number in use, in nanoseconds: a mean that forgets.
  private var mean = 0.0
  /// Nanoseconds to the next trial.
  private var patience = 0.0
  private var direction = -1

  private struct Trial {
    let candidate: Int
    var steps = 0
    /// Nanoseconds of all its steps but the first, in which the caches fill, and of that one.
    var sum = 0.0
    var first = 0.0
  }

  /// Steps of a trial.
  private static let trialSteps = 5
  /// How much faster another number must be.
  private static let gain = 0.97

  /// - Parameter threads: the most.
  package init(threads: Int) {
    candidates = (0..<Int.bitWidth - 1).map { 1 << $0 }.prefix { $0 < threads } + [threads]
    current = candidates.count - 1
    // The first steps are a trial of the number in use.
    trial = threads > 1 ? Trial(candidate: current) : nil
  }

  /// Whether there is anything to choose, and to record.
  package var isOpen: Bool { candidates.count > 1 }

  /// The threads for the next step.
  package var threads: Int { candidates[trial?.candidate ?? current] }

  /// How long a step took that ran on `threads`, all steps being of equal work.
  package mutating func record(nanoseconds: Double) {
    if var trial {
      if trial.steps == 0 { trial.first = nanoseconds } else { trial.sum += nanoseconds }
      trial.steps += 1
      self.trial = trial.steps < Self.trialSteps ? trial : nil
      if self.trial == nil { end(trial) }
    } else {
      mean += (nanoseconds - mean) / 8
      patience -= nanoseconds
      if patience <= 0 { begin() }
    }
  }

  private mutating func begin() {
    direction = -direction
    if !candidates.indices.contains(current + direction) { direction = -direction }
    trial = Trial(candidate: current + direction)
  }

  private mutating func end(_ trial: Trial) {
    let found = trial.sum / Double(trial.steps - 1)
    if mean == 0 || found < Self.gain * mean {
      (current, mean, patience) = (trial.candidate, found, 0)
      // On in the same direction.
      direction = -direction
    } else {
      let total = trial.first + trial.sum
      patience = 100 * max(total - Double(trial.steps) * mean, total / 5)
    }
  }
}
