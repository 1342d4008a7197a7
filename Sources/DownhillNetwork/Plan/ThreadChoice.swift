/// How many threads work on a step. Found by trying: it depends on the work, on how far apart the processors are, and on who
/// else is busy on them, and it changes no bit of the result.
///
/// The number in use is compared now and then with its neighbours in 1, 2, 4, …, all. A trial takes a few steps, which
/// anything may disturb: a number that loses is tried again soon, and later the more often it has lost. In the long run the
/// time that trials cost is kept below a hundredth of the whole.
package struct ThreadChoice {
  private let candidates: [Int]
  private var current: Int
  private var trial: Trial?
  /// Of a step with the number in use, in nanoseconds: a mean that forgets; 0 before the first trial.
  private var mean = 0.0
  /// Nanoseconds to the next trial.
  private var patience = 0.0
  private var direction = -1
  /// How often each candidate has lost since it last held its ground.
  private var defeats: [Int]

  /// How much faster another number must be.
  private static let gain = 0.97
  /// What a step counts at most in the mean, in means: one that was interrupted says little.
  private static let outlier = 3.0

  /// - Parameter threads: the most.
  package init(threads: Int) {
    candidates = (0..<Int.bitWidth - 1).map { 1 << $0 }.prefix { $0 < threads } + [threads]
    current = candidates.count - 1
    defeats = candidates.map { _ in 0 }
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
      trial.add(nanoseconds)
      let isOver = trial.isComplete || (mean > 0 && trial.isHopeless(beside: mean))
      self.trial = isOver ? nil : trial
      if isOver { end(trial) }
    } else {
      mean += (min(nanoseconds, Self.outlier * mean) - mean) / 8
      patience -= nanoseconds
      if patience <= 0 { begin() }
    }
  }

  private mutating func begin() {
    if !candidates.indices.contains(current + direction) { direction = -direction }
    trial = Trial(candidate: current + direction)
  }

  private mutating func end(_ trial: Trial) {
    if mean == 0 {
      mean = trial.typical
    } else if trial.typical < Self.gain * mean {
      let before = current
      (current, mean) = (trial.candidate, trial.typical)
      // On in the same direction at once; where that ends, back: perhaps the other number was only disturbed.
      patience = candidates.indices.contains(current + direction) ? 0 : trial.total / 5 * reluctance(toTry: before)
      defeats[before] += 1
    } else {
      patience = max(trial.total - Double(trial.steps) * mean, trial.total / 5) * reluctance(toTry: trial.candidate)
      defeats[trial.candidate] += 1
      defeats[current] = 0
      direction = -direction
    }
  }

  /// How many times as long as a trial cost the next one has to wait.
  private func reluctance(toTry candidate: Int) -> Double { Double(8 << min(defeats[candidate], 4)) }
}

/// A few steps with another number of threads.
private struct Trial {
  let candidate: Int
  private(set) var steps = 0
  private(set) var total = 0.0
  /// The first step, in which the caches fill and threads wake up.
  private var first = 0.0
  private var slowest = 0.0

  private static let length = 6

  init(candidate: Int) { self.candidate = candidate }

  mutating func add(_ nanoseconds: Double) {
    if steps == 0 { first = nanoseconds } else { slowest = max(slowest, nanoseconds) }
    steps += 1
    total += nanoseconds
  }

  var isComplete: Bool { steps == Self.length }

  /// Of its steps without the first and the slowest, which may have been interrupted.
  var typical: Double { rest / Double(max(1, steps - 2)) }
  private var rest: Double { total - first - slowest }

  /// Whether it has cost too much to go on.
  func isHopeless(beside mean: Double) -> Bool { rest > Double(max(0, steps - 2)) * mean + 2 * mean }
}
