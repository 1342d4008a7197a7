package import DownhillCompute
internal import DownhillTraining

/// Trees that each add to the scores of the ones before it a step down the loss (Friedman, “Greedy function approximation: a
/// gradient boosting machine”, 2001), on histograms of bins (Ke et al., “LightGBM”, 2017).
package struct BoostedTrees: Sendable {
  private let start: [Double]
  /// Of each round a tree for each output.
  private let rounds: [[Tree]]
  private let isValue: Bool
  /// Whether time ended before boosting was done.
  package let isCutShort: Bool
  /// The loss of the validation rows after each round, all that were tried.
  package let validationLosses: [Double]

  /// Rounds of trees that are kept: up to the lowest loss of the validation rows.
  package var roundCount: Int { rounds.count }
  package var treeCount: Int { rounds.count * start.count }

  /// - Parameter validation: rows that say when to end; nil: all rounds are done.
  package init(
    fitting samples: TreeSamples, _ bins: TableBins, validation: TreeSamples? = nil,
    options: BoostingOptions = BoostingOptions(), workers: WorkerPool = WorkerPool(threads: 1)
  ) {
    let loss = BoostingLoss(samples.target)
    let start = loss.start(samples.weights)
    if case .values = samples.target { isValue = true } else { isValue = false }
    let grower = TreeGrower(samples.rows, bins, options: options.growth, workers: workers)
    var scores = Scores(rows: samples.rows.count, start: start)
    var watched = validation.map { Watch($0, start: start, workers) }
    var rounds: [[Tree]] = []
    var isCutShort = false
    let began = ContinuousClock.now
    func isOver() -> Bool {
      options.stop?.isRequested == true || options.seconds.map { ContinuousClock.now - began > .seconds($0) } ?? false
    }
    while rounds.count < options.rounds {
      let normalisers = loss.normalisers(scores, workers)
      var trees: [Tree] = []
      for output in 0..<loss.outputs where !isOver() {
        let derivatives = loss.derivatives(output, scores, normalisers: normalisers, samples.weights, workers)
        trees.append(
          grower.grow(derivatives, rate: options.rate) { rows, value in scores.add(value, to: rows, output: output) })
      }
      if trees.count < loss.outputs {
        isCutShort = true
        break
      }
      // No leaf can be split any more.
      if trees.allSatisfy(\.nodes.isEmpty) { break }
      rounds.append(trees)
      watched?.add(trees, workers)
      if let watched, watched.roundsSinceBest >= options.patience { break }
    }
    if let watched { rounds.removeLast(rounds.count - watched.bestRound) }
    (self.start, self.rounds, self.isCutShort) = (start, rounds, isCutShort)
    validationLosses = watched?.losses ?? []
  }

  /// What several say together of rows: the mean of their scores, as values, or as a probability of each class.
  /// - Parameter rows: the same rows, in the bins of each.
  package static func predict(
    _ members: [BoostedTrees], _ rows: [BinnedRows], workers: WorkerPool = WorkerPool(threads: 1)
  ) -> (values: [Double], probabilities: Matrix) {
    let all = zip(members, rows).map { $0.scores($1, workers) }
    let share = 1 / Double(members.count), count = rows[0].count
    func mean(_ row: Int, _ output: Int) -> Double { all.reduce(0) { $0 + $1[row, output] } * share }
    if members[0].isValue { return ((0..<count).map { mean($0, 0) }, Matrix(rows: count, columns: 0)) }
    return ([], probabilities(count, members[0].start.count, mean))
  }

  private func scores(_ rows: BinnedRows, _ workers: WorkerPool) -> Scores {
    var scores = Scores(rows: rows.count, start: start)
    for trees in rounds {
      for (output, tree) in trees.enumerated() { scores.add(tree, rows, output: output, workers) }
    }
    return scores
  }

  /// Of one score for two classes, or one for each.
  private static func probabilities(_ rows: Int, _ outputs: Int, _ score: (_ row: Int, _ output: Int) -> Double)
    -> Matrix
  {
    var elements: [Float] = []
    elements.reserveCapacity(rows * max(2, outputs))
    for row in 0..<rows {
      let scores = outputs == 1 ? [0, score(row, 0)] : (0..<outputs).map { score(row, $0) }
      let most = scores.max()!
      let powers = scores.map { exponential($0 - most) }
      let sum = powers.reduce(0, +)
      elements += powers.map { Float($0 / sum) }
    }
    return Matrix(rows: rows, columns: max(2, outputs), elements: elements)
  }
}

/// The loss of the validation rows as trees are added.
private struct Watch {
  private let samples: TreeSamples
  private let loss: BoostingLoss
  private var scores: Scores
  private(set) var losses: [Double] = []
  private(set) var bestRound = 0
  private var least: Double

  init(_ samples: TreeSamples, start: [Double], _ workers: WorkerPool) {
    self.samples = samples
    loss = BoostingLoss(samples.target)
    scores = Scores(rows: samples.rows.count, start: start)
    least = loss.mean(scores, samples.weights, workers)
  }

  var roundsSinceBest: Int { losses.count - bestRound }

  mutating func add(_ trees: [Tree], _ workers: WorkerPool) {
    for (output, tree) in trees.enumerated() { scores.add(tree, samples.rows, output: output, workers) }
    let mean = loss.mean(scores, samples.weights, workers)
    losses.append(mean)
    if mean < least { (least, bestRound) = (mean, losses.count) }
  }
}
