internal import DownhillCompute
internal import DownhillTables
public import DownhillTabular

/// Searches a better recipe than a learner has: what the command `tune` does.
///
///     var tuner = Tuner(Learner())
///     let tuning = try tuner.prepare(Examples(table, target: "species"))
///     let result = try tuning.run(StudyBudget(seconds: 600))
///     let learned = try result.learner.prepare(examples).train()
public struct Tuner: Sendable {
  /// What is to be improved, and what else training takes.
  public var learner: Learner
  /// nil: what is worth searching around the learner's recipe.
  public var space: SearchSpace?
  /// Settings that stay as they are, where there is no space of one's own.
  public var fixed: Set<String> = []
  public var sampler = Sampler.tpe(TreeParzenEstimator())
  /// nil: every trial is finished.
  public var halving: SuccessiveHalving? = SuccessiveHalving()
  /// nil: as suits the task.
  public var score: TuningScore?
  /// Into how many parts the rows are parted, each of which a training is judged on; 1: one training of each trial, judged on the
  /// learner's validation rows; nil: 5 of fewer than 3,000 rows, three times over of fewer than 1,000, else 1.
  public var folds: Int?

  public init(_ learner: Learner = Learner()) { self.learner = learner }

  private static let fewRows = 3_000
  private static let usualFolds = 5
  /// Fewer rows are parted several times, each time in another way: on so few, one partition says more of its luck than of a recipe.
  private static let veryFewRows = 1_000
  private static let repeats = 3
  /// Of those that confirm, where trials have one part: some of these are taken.
  private static let leastConfirmingFolds = 5
  /// Of the rows, where the learner's recipe has no share of its own.
  private static let usualValidation = 0.2

  /// Decides everything that is decided before the first trial.
  /// - Throws: `LearningError` where this can't be learned; `SearchSpaceError`.
  public func prepare(_ examples: Examples, test: Examples? = nil) throws -> Tuning {
    let whole = try learner.prepare(examples, test: test)
    let most = mostFolds(whole.learningRows)
    let count = try folds(rows: whole.learningRows.count, most: most)
    let score = try self.score(for: whole.target.task)
    if case .table(let table) = examples.features, table.scratchFolder != nil, !whole.heldBackRows.isEmpty {
      throw LearningError(
        "\(examples.source) is larger than memory, and rows can't be held back while it is searched: leave the holdout out, and "
          + "give rows to test on as a table of their own", kind: .request)
    }
    var (searched, parted) = withoutHeldBack(examples, whole)
    if count > 1 {
      (parted.recipe.members, parted.folds) = (count, count)
    } else {
      parted.recipe.members = 1
      if parted.recipe.validation == 0 { parted.recipe.validation = Self.usualValidation }
    }
    let first = try parted.prepare(searched)
    guard !first.watchingRows.isEmpty else {
      throw LearningError(
        "no row is for validation, and trials are judged on such rows: name some in the column that says what rows are for",
        kind: .request)
    }
    let space: SearchSpace
    let hasLayers = learner.layers != nil
    if let own = self.space {
      space = own
    } else {
      space = try SearchSpace.usual(
        for: whole.target.task, rows: first.trainingRows, around: whole.recipe, fixed: fixed, hasLayers: hasLayers)
    }
    try space.check(for: whole.recipe, hasLayers: hasLayers)
    var plan = StudyPlan(space: space)
    (plan.sampler, plan.halving, plan.seed) = (sampler, halving, learner.seed)
    plan.usual = space.point(of: whole.recipe)
    if self.space == nil, let usual = plan.usual { plan.starts = space.variations(of: usual) }
    let parallel = Self.parallel(plan, whole)
    var another = parted
    another.seed = learner.seed ^ 0x5DEE_CE66_D5A7_19B3
    if whyNoFolds == nil, most > 1 {
      let folds = max(count, min(Self.leastConfirmingFolds, most))
      (another.recipe.members, another.folds) = (folds, folds)
    }
    let isVeryFew = whole.learningRows.count < Self.veryFewRows
    // Of as many groups as folds there is one partition only.
    let repeats = folds == nil && count > 1 && count < most && isVeryFew ? Self.repeats : 1
    func validation(_ learner: Learner, _ first: Learning) throws -> CrossValidation {
      let others = try (1..<repeats).flatMap { time in
        var learner = learner
        learner.seed = learner.seed &+ UInt64(time) &* 0xD1B5_4A32_D192_ED03
        return try learner.prepare(searched).watchingRows
      }
      return CrossValidation(
        examples: searched, learner: learner, score: score, folds: first.watchingRows + others,
        threads: parallel.threadsOfEach)
    }
    return Tuning(
      plan: plan, learning: whole, learner: learner, examples: examples, validation: try validation(parted, first),
      confirming: try validation(another, another.prepare(searched)), partitions: repeats,
      trialsAtOnce: parallel.trials,
      mayGrow: !fixed.contains("members") && (whole.recipe.members ?? 1) > 1)
  }

  /// Why rows can't take turns in being judged on; nil: they can.
  private var whyNoFolds: String? {
    switch learner.split {
    case .given: "a column says which rows are for validation"
    case .latest: "the latest rows can't take turns with earlier ones"
    case .random, .grouped: nil
    }
  }

  /// In how many parts rows can be divided: each of two rows, or of a group, at least.
  private func mostFolds(_ rows: [Int32]) -> Int {
    guard case .grouped(let column) = learner.split else { return rows.count / 2 }
    let codes = column.classes.codes
    return Set(rows.map { codes[Int($0)] }).count
  }

  private func folds(rows: Int, most: Int) throws -> Int {
    let reason = whyNoFolds
    if let folds {
      guard folds >= 1 else { throw LearningError("there is at least one fold, not \(folds)", kind: .request) }
      if folds > 1, let reason { throw LearningError("\(folds) folds can't be had: \(reason)", kind: .request) }
      if folds > most {
        let there = most == rows / 2 ? counted(rows, "row") : counted(most, "group")
        throw LearningError("\(there) are too few for \(folds) folds", kind: .request)
      }
      return folds
    }
    return reason == nil && rows < Self.fewRows ? max(1, min(Self.usualFolds, most)) : 1
  }

  private func score(for task: LearningTask) throws -> TuningScore {
    guard let score else { return .usual(for: task) }
    guard score.task == task else {
      let names = TuningScore.allCases.filter { $0.task == task }.map(\.rawValue).joined(separator: " or ")
      throw LearningError(
        "\(score.rawValue) is no score of a \(task.rawValue); compare by \(names)", kind: .request)
    }
    return score
  }

  /// How many trials run at once, and how many threads each has: one, where all of them fit into a quarter of memory.
  private static func parallel(_ plan: StudyPlan, _ learning: Learning) -> (trials: Int, threadsOfEach: Int) {
    let trials = min(learning.allThreads, plan.concurrency, learning.trainingsInMemory)
    return (trials, max(1, learning.allThreads / trials))
  }

  /// The rows that may decide something, as a table of their own, and the learner for it.
  private func withoutHeldBack(_ examples: Examples, _ learning: Learning) -> (Examples, Learner) {
    var learner = learner
    (learner.holdout, learner.safekeeping) = (0, Safekeeping())
    if learning.heldBackRows.isEmpty { return (examples, learner) }
    learner.split = learner.split.select(rows: learning.learningRows)
    return (examples.select(rows: learning.learningRows), learner)
  }
}
