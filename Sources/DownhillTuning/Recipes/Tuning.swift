internal import DownhillCompute
public import DownhillFiles
public import DownhillTabular
public import DownhillTraining

/// Everything that is decided before the first trial. Running it gives a recipe.
public struct Tuning: Sendable {
  public let plan: StudyPlan
  /// The training of the recipe that is to be improved.
  public let learning: Learning
  let learner: Learner
  let examples: Examples
  package let validation: CrossValidation
  /// Other folds of the same rows.
  package let confirming: CrossValidation
  /// How often the rows are parted into folds.
  public let partitions: Int
  /// How many trials run at the same time.
  public let trialsAtOnce: Int
  /// Whether the result may have more members than the recipe.
  let mayGrow: Bool

  public var score: TuningScore { validation.score }
  /// Trainings of each trial.
  public var folds: Int { validation.folds.count }
  /// As people say it: 5 folds, or 3 × 5 folds.
  public var foldsText: String {
    partitions > 1 ? "\(partitions) × \(folds / partitions) folds" : "\(folds) folds"
  }

  /// On which each training of a trial is judged, on average.
  public var rowsJudged: Int { validation.folds.map(\.count).reduce(0, +) / folds }

  /// What is kept for the end, of the time, at most.
  private static let mostReserved = 0.5

  private var rungs: [Double] {
    plan.halving.map { CrossValidation.rungs(folds: folds, factor: $0.factor) } ?? []
  }

  private var objective: RecipeObjective {
    RecipeObjective(validation: validation, original: learner.recipe, settled: learning.recipe, rungs: rungs)
  }

  /// The recipe of a trial, with everything decided but for the first, which is as it was asked for.
  public func recipe(of trial: Trial) -> Recipe { objective.recipe(trial.number, trial.point) }

  /// What tells this study from others.
  public func header(_ more: [(String, JSONValue)] = []) -> JSONObject {
    let coded = JSONValue(coded: plan)
    let members: [(String, JSONValue)] = [
      ("format", 1), ("task", .string(learning.target.task.rawValue)), ("score", .string(score.rawValue)),
      ("folds", JSONValue(folds)), ("rungs", .array(rungs.map { JSONValue($0) })),
      ("rows", JSONValue(learning.learningRows.count)), ("columns", JSONValue(learning.encoder.width)),
      ("recipe", JSONValue(coded: learning.recipe)),
    ]
    return JSONObject(members + (coded.object?.members.map { ($0.name, $0.value) } ?? []) + more)
  }

  /// Whether the trials that a folder holds are of this study.
  /// - Throws: `FileError` where one is of points that the space doesn't have.
  public func check(_ folder: StudyFolder) throws(FileError) {
    for trial in folder.trials where trial.number > 0 && !plan.space.contains(trial.point) {
      throw FileError(
        .malformed, path: folder.path, problem: "trial \(trial.number) is of no point of the space",
        advice: "Begin a study in another folder.")
    }
  }

  /// Runs trials until the budget is spent, then confirms the best.
  /// - Parameter folder: a study of this tuning's header, which it goes on with; nil: nothing is kept.
  /// - Throws: `LearningError`, `FileError`.
  public func run(
    _ budget: StudyBudget, in folder: StudyFolder? = nil, stop: StopSignal? = nil,
    onEvent: @escaping @Sendable (TuningEvent) -> Void = { _ in }
  ) throws -> TuningResult {
    let start = ContinuousClock.now
    var budget = budget
    if let seconds = budget.seconds {
      budget.reserve = { [self] trials in
        let final = finalCost(trials) * Double(canGrow ? Self.growth : 1)
        return min(Self.mostReserved * seconds, final + cost(of: Self.contests[0], trials, isGrowing: canGrow))
      }
    }
    let study = Study(plan, objective, resuming: folder?.trials ?? []) { try folder?.append($0) }
    let (trials, ending) = try study.run(budget, threads: trialsAtOnce, stop: stop) { onEvent(.study($0)) }
    guard ending != .interrupted else { return result(trials, nil, ending, start) }
    let left = budget.seconds.map { $0 - study.elapsed }
    let confirmation = try confirm(trials, seconds: left, folder, stop, onEvent)
    return result(trials, confirmation, stop?.isRequested == true ? .interrupted : ending, start)
  }

  private func result(
    _ trials: [Trial], _ confirmation: Confirmation?, _ ending: StudyEnding, _ start: ContinuousClock.Instant
  ) -> TuningResult {
    let number = confirmation?.best.number ?? 0
    let chosen = trials.first { $0.number == number }
    var learner = learner
    if let chosen { learner.recipe = recipe(of: chosen) }
    return TuningResult(
      trials: trials, confirmation: confirmation, chosen: chosen, learner: learner,
      importance: Importance(trials, in: plan.space), score: score, ending: ending,
      seconds: (ContinuousClock.now - start).inSeconds)
  }

  // MARK: Time

  /// Members learn from more rows than trials, and times vary. What there is no time for after all would end as fewer epochs, which
  /// is worse than fewer networks.
  private static let headroom = 1.35

  /// Seconds that training with the best takes: as many trainings as its recipe has members, some at the same time.
  func finalCost(_ trials: [Trial]) -> Double {
    finalCost((finalists(trials, 1) + trials.prefix(1)).map(\.seconds).max() ?? 0)
  }

  private func finalCost(_ trialSeconds: Double) -> Double {
    let members = max(1, learning.recipe.members ?? 1)
    let trainings = members > 1 ? Double(members) / Double(min(members, trialsAtOnce)) : learning.recipe.refits ? 2 : 1
    return Self.headroom * trialSeconds * trainings / Double(folds)
  }

  /// An ensemble that there is no time for is trained with fewer members, but for so many.
  private static let fewestFinalMembers = 4
  /// Training may take so much of the whole time beyond it, or its result could be worse than what it began with.
  private static let overtime = 0.2

  /// The learner to train with in the end, of an ensemble with as many members as there is time for; more than its recipe has where
  /// the confirmation was for that.
  /// - Parameters:
  ///   - left: seconds of the budget.
  ///   - budget: all of it.
  ///   - keepsMembers: whether there are as many as the recipe has, whatever the time.
  public func finalLearner(
    _ result: TuningResult, left: Double, of budget: Double, keepsMembers: Bool = false
  ) -> Learner {
    var learner = result.learner
    let cost = finalCost(result.chosen?.seconds ?? 0), members = learning.recipe.members ?? 1
    if !keepsMembers, members > 1 {
      let most = result.confirmation?.prefersMore == true ? Self.growth * members : members
      let timely = cost > 0 ? Int(min(Double(most), Double(members) * max(0, left) / cost)) : most
      learner.recipe.members = max(min(Self.fewestFinalMembers, members), timely)
    }
    learner.safekeeping.timeLimit = max(left, Self.overtime * budget)
    return learner
  }

  // MARK: Confirmation

  private func confirm(
    _ contestant: Contestant, fold: Int, _ isCancelled: () -> Bool
  ) throws -> CrossValidation.Fold {
    let recipe = recipe(of: contestant.trial)
    return contestant.members > 1
      ? try confirming.trainEnsemble(recipe, members: contestant.members, fold: fold, isCancelled: isCancelled)
      : try confirming.train(recipe, fold: fold, isCancelled: isCancelled)
  }

  /// nil: there is nothing that could be better than the first, or this was interrupted.
  private func confirm(
    _ trials: [Trial], seconds: Double?, _ folder: StudyFolder?, _ stop: StopSignal?,
    _ onEvent: @escaping @Sendable (TuningEvent) -> Void
  ) throws -> Confirmation? {
    guard let first = trials.first(where: { $0.number == 0 }) else { return nil }
    let (contest, isGrowing) = contest(trials, seconds: seconds)
    let compared = contestants(contest, first, finalists(trials, contest.finalists), isGrowing: isGrowing)
    guard compared.count > 1 else { return nil }
    let confirmations = confirmations(contest)
    let tasks = (0..<confirmations).flatMap { fold in compared.map { ($0, fold) } }
    let known = Dictionary(
      (folder?.confirmed ?? []).map { ("\($0.number) \($0.members) \($0.fold)", $0) }, uniquingKeysWith: { $1 })
    let state = Monitor((done: [ConfirmedFold](), failure: (any Error)?.none))
    let finalists = compared.count { $0.trial.number > 0 }
    onEvent(.confirming(finalists: finalists, folds: confirmations, trainings: tasks.count))
    WorkerPool(exactly: trialsAtOnce).forEach(tasks.count) { index in
      let (contestant, fold) = tasks[index]
      let (number, members) = (contestant.trial.number, contestant.members)
      if stop?.isRequested == true || state.look({ $0.failure != nil }) { return }
      do {
        var done = known["\(number) \(members) \(fold)"]
        if done == nil {
          let result = try confirm(contestant, fold: fold) { stop?.isRequested == true }
          switch result {
          case .cancelled: return
          case .failed: done = ConfirmedFold(number: number, members: members, fold: fold, score: nil)
          case .score(let score): done = ConfirmedFold(number: number, members: members, fold: fold, score: score)
          }
          try state.with { _ in try folder?.append(done!) }
        }
        state.with { state in
          state.done.append(done!)
          onEvent(.confirmed(done: state.done.count, of: tasks.count))
        }
      } catch { state.with { $0.failure = $0.failure ?? error } }
    }
    let (done, failure) = state.look { $0 }
    if let failure { throw failure }
    if done.count < tasks.count { return nil }
    return Confirmation(
      compared.map { contestant in
        let (number, members) = (contestant.trial.number, contestant.members)
        let its = done.filter { $0.number == number && $0.members == members }.sorted { $0.fold < $1.fold }
        let scores = its.map(\.score)
        return Confirmation.Candidate(
          number: number, members: members, scores: scores.contains(nil) ? nil : scores.compactMap { $0 })
      })
  }
}

/// What happens in tuning. Events come one at a time, on any thread.
public enum TuningEvent: Sendable {
  case study(StudyEvent)
  /// So many of the best trials are held against the first on so many folds, each on each once.
  case confirming(finalists: Int, folds: Int, trainings: Int)
  case confirmed(done: Int, of: Int)
}

/// What came of tuning.
public struct TuningResult: Sendable {
  /// In the order of their numbers.
  public let trials: [Trial]
  /// nil: no trial is better than the first, or tuning was interrupted.
  public let confirmation: Confirmation?
  /// The trial whose recipe is the result: the first, unless another was confirmed; nil: there is none at all.
  public let chosen: Trial?
  /// With the chosen recipe: training it gives the model.
  public let learner: Learner
  /// nil: trials are too few to tell.
  public let importance: Importance?
  public let score: TuningScore
  public let ending: StudyEnding
  /// Of this session, but for training with the result.
  public let seconds: Double
}
