internal import DownhillNetwork
internal import DownhillTables
package import DownhillTabular
internal import DownhillTraining

/// Trains recipes on the same parts of the rows and judges each on the rows that it has not learned from.
package struct CrossValidation: Sendable {
  /// All of its rows are learned from or judged on.
  package let examples: Examples
  /// All but the recipe.
  package let learner: Learner
  let score: TuningScore
  /// The rows that each training is judged on.
  package let folds: [[Int32]]
  let threads: Int

  /// How far a trial has come when it is held against others, in trainings: two times within the first, and after whole ones.
  /// With factor 3: ⅑ and ⅓ of the only training there is; or ⅓ of the first of several, after it, after three of them, ….
  package static func rungs(folds: Int, factor: Int) -> [Double] {
    let f = Double(factor)
    if folds == 1 { return [1 / (f * f), 1 / f] }
    var rungs = [1 / f]
    var whole = 1
    while whole < folds {
      rungs.append(Double(whole))
      whole *= factor
    }
    return rungs
  }

  /// What came of one training.
  enum Fold: Equatable {
    case score(Double)
    case cancelled
    case failed(String)
  }

  /// One network on all folds but one, judged on that.
  /// - Parameter atEpoch: is told the score of the best epoch so far after each epoch, and how many there are; whether to go on.
  func train(
    _ recipe: Recipe, fold: Int, isCancelled: () -> Bool = { false },
    atEpoch: (_ epoch: Int, _ of: Int, _ score: Double) -> Bool = { _, _, _ in true }
  ) throws -> Fold {
    var learner = learner
    learner.recipe = recipe
    // One network, whose rows are given.
    (learner.recipe.members, learner.recipe.refits) = (1, false)
    learner.split = .given(by: column(fold))
    learner.seed = learner.seed &+ UInt64(fold) &* 0x9E37_79B9_7F4A_7C15
    learner.threads = threads
    learner.safekeeping = Safekeeping()
    learner.metrics = [score.metric]
    let keepsBest = recipe.keepsBest || recipe.patience != nil
    var epochs = 1
    var current = Double.infinity
    return try outcome(of: { try learner.prepare(examples) }, isCancelled) { event in
      if case .began(let beginning) = event { epochs = beginning.epochs }
      guard case .epoch(let epoch) = event else { return true }
      if epoch.isBest || !keepsBest { current = score.value(of: epoch) ?? .infinity }
      return atEpoch(epoch.epoch, epochs, current)
    }
  }

  /// The ensemble of a recipe, of so many members, on all folds but one, judged on that. A single network that is better on its own
  /// may be worth less beside others like it.
  func trainEnsemble(
    _ recipe: Recipe, members: Int, fold: Int, isCancelled: () -> Bool
  ) throws -> Fold {
    var learner = learner
    learner.recipe = recipe
    (learner.recipe.members, learner.folds) = (members, nil)
    learner.seed = learner.seed &+ UInt64(fold) &* 0x9E37_79B9_7F4A_7C15
    learner.threads = threads
    learner.safekeeping = Safekeeping()
    let judged = Set(folds[fold])
    let others = (0..<Int32(examples.count)).filter { !judged.contains($0) }
    learner.split = learner.split.select(rows: others)
    return try outcome(
      of: { try learner.prepare(examples.select(rows: others), test: examples.select(rows: folds[fold])) }, isCancelled
    ) { _ in true }
  }

  /// - Parameter goesOn: whether training goes on after an event.
  private func outcome(
    of prepare: () throws -> Learning, _ isCancelled: () -> Bool, goesOn: (TrainingEvent) -> Bool
  ) throws -> Fold {
    let stop = StopSignal()
    var isEnded = false
    func end() {
      isEnded = true
      stop.request()
    }
    do {
      let learned = try prepare().train(stop: stop) { event in
        switch event {
        case .step(let step): if step.step & 31 == 0, isCancelled() { end() }
        case .epoch where isEnded: break
        default: if !goesOn(event) || isCancelled() { end() }
        }
      }
      if isEnded { return .cancelled }
      guard let value = score.value(in: learned.evaluation), value.isFinite else {
        return .failed("the score is not a number")
      }
      return .score(value)
    } catch let divergence as DivergedLearning {
      return .failed("training diverged: \(divergence.reason.place)")
    } catch let error as LearningError where error.kind == .request {
      return .failed(error.description)
    } catch let error as TrainingError {
      return .failed(error.description)
    } catch let error as NetworkError {
      return .failed(error.reason)
    }
  }

  /// Says of each row whether it is trained on.
  private func column(_ fold: Int) -> Column {
    var codes = [Int32](repeating: 0, count: examples.count)
    for row in folds[fold] { codes[Int(row)] = 1 }
    return Column(
      name: "part", kind: .categorical, values: .categories(codes: codes, names: ["train", "validation"]))
  }
}

extension TrainingError {
  fileprivate var place: String {
    if case .diverged(let epoch, let step, _, _, _) = self { return "epoch \(epoch), step \(step)" }
    return description
  }
}
