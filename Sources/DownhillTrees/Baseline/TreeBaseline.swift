internal import DownhillCompute
internal import DownhillTables
internal import DownhillTabular
internal import DownhillTraining

/// Boosted trees as a yardstick for a network: grown on the rows that it learned from, judged on the rows that it is judged on.
struct TreeBaseline {
  private let learning: Learning
  private let table: Table
  private let workers: WorkerPool
  private let budget: Double
  private let began = ContinuousClock.now
  private var options = BoostingOptions()

  /// Rows that trees are grown on, that watch over that, and that both are judged on, at most: more say hardly more.
  private static let most = (trained: 500_000, watching: 50_000, judged: 100_000)

  init(_ learning: Learning, _ table: Table, seconds: Double, stop: StopSignal?) {
    (self.learning, self.table, budget) = (learning, table, seconds)
    workers = WorkerPool(threads: learning.learner.threads)
    options.stop = stop
  }

  /// Trees, and the bins that they take rows in.
  private struct Grown {
    let trees: BoostedTrees
    let bins: TableBins
    let rows: Int
    let seconds: Double
  }

  func compare(_ learned: Learned) throws -> TreeComparison {
    let judged = Judged(learned.judgement, atMost: Self.most.judged, seed: learning.seed)
    let (grown, asked) = try growAll(learned, judged)
    var answers = Answers(learned.judgement.examples, learning.target)
    for (part, grown) in zip(judged.parts, asked) {
      guard case .table(let table) = learned.judgement.examples.features else { continue }
      let bins = grown.map { $0.bins.encode(table, rows: part.rows, workers: workers) }
      let (values, probabilities) = BoostedTrees.predict(grown.map(\.trees), bins, workers: workers)
      let predictions = try ModelPredictor(part.model, threads: learning.learner.threads)
        .predict(learned.judgement.examples.features.select(rows: part.rows))
      answers.add(part.rows, network: predictions, values: values, probabilities: probabilities)
    }
    return TreeComparison(
      network: answers.network, trees: answers.trees, lead: answers.lead,
      judgedRows: learned.evaluation.rows, part: learned.model.record.metricsOn,
      trainedRows: grown.map(\.rows).max() ?? 0, networkRows: learning.networkRows(learned),
      treeCount: grown.reduce(0) { $0 + $1.trees.treeCount }, seconds: elapsed,
      isCutShort: grown.contains { $0.trees.isCutShort })
  }

  private var elapsed: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// The trees, and those among them that are asked about each part of the judged rows. Where time is short they are those of the
  /// first folds alone, and the rest is not asked about.
  private func growAll(_ learned: Learned, _ judged: Judged) throws -> (all: [Grown], asked: [[Grown]]) {
    let parts = learning.parts
    if parts.folds.isEmpty {
      let isRefitted = learned.model.record.refitted && learned.model.record.metricsOn != .validation
      let one = growAlone(refits: isRefitted)
      return ([one], [[one]])
    }
    // Each of the network's judges has left out the rows that it is asked about.
    let isCrossValidated = learned.model.record.metricsOn == .validation
    let folds = isCrossValidated ? learned.judgement.parts.map(\.rows) : parts.folds
    var all: [Grown] = []
    for fold in folds where all.isEmpty || elapsed + (all.last?.seconds ?? 0) < budget {
      let left = Set(fold)
      all.append(grow(parts.training.filter { !left.contains($0) }, watching: fold, share: 1))
    }
    return (all, isCrossValidated ? all.map { [$0] } : [all])
  }

  /// Trees beside one network, grown again on all rows where it was trained again on these.
  private func growAlone(refits: Bool) -> Grown {
    let parts = learning.parts
    let first = grow(parts.training, watching: parts.validation, share: refits ? 0.4 : 1)
    guard refits, !first.trees.isCutShort, elapsed + 1.5 * first.seconds < budget else { return first }
    return grow(parts.training + parts.validation, watching: [], rounds: first.trees.roundCount, share: 1)
  }

  /// - Parameters:
  ///   - watching: rows that say when to end.
  ///   - rounds: how many there are, where no rows say so.
  ///   - share: of the time that is left.
  private func grow(_ rows: [Int32], watching: [Int32], rounds: Int? = nil, share: Double) -> Grown {
    let start = elapsed
    var options = options
    options.seconds = max(0.1, budget - start)
    if watching.isEmpty { options.rounds = rounds ?? 100 }
    let cost = Cost(columns: table.columns.count, outputs: max(1, learning.target.labels.count), rounds: options.rounds)
    let rows = sample(
      rows, atMost: min(Self.most.trained, cost.rows(in: (budget - start) * share)), seed: learning.seed, index: 0)
    let watching = sample(watching, atMost: Self.most.watching, seed: learning.seed, index: 1)
    let bins = TableBins(fitting: table, rows: rows, target: learning.examples.target.name, workers: workers)
    let trees = BoostedTrees(
      fitting: samples(rows, bins), bins, validation: watching.isEmpty ? nil : samples(watching, bins, weighs: false),
      options: options, workers: workers)
    return Grown(trees: trees, bins: bins, rows: rows.count, seconds: elapsed - start)
  }

  private func samples(_ rows: [Int32], _ bins: TableBins, weighs: Bool = true) -> TreeSamples {
    let examples = learning.examples
    let target: TreeTarget
    switch (learning.target, examples.target.values) {
    case (.classes(let labels), _):
      target = .classes(learning.target.classes(of: examples.target, rows: rows), count: labels.count)
    case (.value, .numbers(let numbers)): target = .values(rows.map { numbers[Int($0)] })
    case (.value, _): preconditionFailure("values are numbers")
    }
    return TreeSamples(
      bins.encode(table, rows: rows, workers: workers), target,
      weights: weighs ? examples.weights.map { weights in rows.map { weights[Int($0)] } } : nil)
  }
}

/// What growing trees costs, by rule of thumb: nanoseconds for each row, column, output and round.
private struct Cost {
  let columns: Int
  let outputs: Int
  let rounds: Int

  private static let nanoseconds = 6.0
  /// Fewer rows would say nothing.
  private static let least = 2_000

  /// How many rows there is time for.
  func rows(in seconds: Double) -> Int {
    let each = Self.nanoseconds * Double(max(1, columns) * outputs * rounds)
    return max(Self.least, Int(min(1e9, seconds * 1e9 / each)))
  }
}

/// The rows that both are judged on: all, or some where they are many.
private struct Judged {
  let parts: [(model: Model, rows: [Int32])]

  init(_ judgement: Judgement, atMost most: Int, seed: UInt64) {
    let count = judgement.parts.reduce(0) { $0 + $1.rows.count }
    parts = judgement.parts.map { part in
      let share = count > most ? max(1, part.rows.count * most / count) : part.rows.count
      return (part.model, sample(part.rows, atMost: share, seed: seed, index: 2))
    }
  }
}
