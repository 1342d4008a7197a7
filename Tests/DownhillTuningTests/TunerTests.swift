import DownhillFiles
import DownhillTables
import DownhillTabular
import DownhillTraining
import DownhillTuning
import Foundation
import Testing

/// Penguins of three species, the table that comes with the repository.
private func penguins(target: String = "species") throws -> Examples {
  let path = URL(filePath: #filePath).appending(path: "../../../Data/penguins.csv").standardized.path()
  return try Examples(Table(contentsOf: .file(path), target: target), target: target)
}

@Suite("Tuning") struct TunerTests {
  private static func tuner(_ change: (inout Tuner) -> Void = { _ in }) throws -> Tuner {
    var recipe = Recipe.plain
    (recipe.layers, recipe.epochs, recipe.keepsBest) = ([8], 6, true)
    var tuner = Tuner(Learner(recipe))
    tuner.learner.seed = 3
    tuner.space = try SearchSpace([
      SearchDimension("learning-rate", from: 0.0005, to: 0.2, scale: .log),
      SearchDimension("depth", wholeFrom: 0, to: 2),
      SearchDimension("activation", oneOf: ["relu", "tanh"]),
    ])
    change(&tuner)
    return tuner
  }

  @Test(
    "What comes of tuning is the best by folds that no trial was chosen by, and never worse than the recipe as it was")
  func result() throws {
    let examples = try penguins()
    let tuning = try Self.tuner().prepare(examples)
    let result = try tuning.run(StudyBudget(trials: 24))
    #expect(result.trials.count == 24 && result.ending == .trialsDone)
    #expect(tuning.folds == 15 && tuning.partitions == 3 && tuning.foldsText == "3 × 5 folds")
    #expect(result.trials[0].point == ["learning-rate": 0.005, "depth": 1, "activation": "relu"])
    let confirmation = try #require(result.confirmation)
    #expect(confirmation.candidates[0].number == 0 && confirmation.candidates.count == 5)
    let best = confirmation.candidates.compactMap(\.mean).min()
    #expect(confirmation.best.mean == best && result.chosen?.number == confirmation.best.number)
    // Six epochs at that rate are far too few, so that there is something to find.
    #expect(best! < 0.8 * confirmation.candidates[0].mean!)
    let chosen = try #require(result.chosen)
    #expect(chosen.parts.count == 15 && abs(chosen.parts.reduce(0, +) / 15 - chosen.score!) < 1e-12)
    #expect(Double(result.learner.recipe.learningRate ?? 0) == chosen.point["learning-rate"]?.number)
    // Training with it is training as ever.
    let learned = try result.learner.prepare(examples).train()
    #expect(learned.model.record.recipe.layers == Array(repeating: 8, count: chosen.point["depth"]!.whole!))
  }

  @Test("A trial's scores are those of trainings on all folds but one, judged on that")
  func scores() throws {
    let examples = try penguins()
    let tuning = try Self.tuner().prepare(examples)
    let trial = try tuning.run(StudyBudget(trials: 1)).trials[0]
    // Each partition is one of all rows, and none is like another.
    for validation in [tuning.validation, tuning.confirming] {
      for first in stride(from: 0, to: 15, by: 5) {
        let rows = validation.folds[first..<first + 5].flatMap { $0 }.sorted()
        #expect(rows == (0..<Int32(examples.count)).map { $0 })
      }
    }
    #expect(Set((tuning.validation.folds + tuning.confirming.folds).map { Set($0) }).count == 30)
    for (index, fold) in tuning.validation.folds.enumerated() {
      // Written out, by a column that says what each row is for.
      let words = (0..<Int32(examples.count)).map { fold.contains($0) ? "validation" : "train" }
      var learner = tuning.validation.learner
      learner.recipe = try Self.tuner().learner.recipe
      learner.split = .given(by: Column(name: "part", kind: .categorical, values: .texts(words)))
      learner.seed = 3 &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
      let learned = try learner.prepare(examples).train()
      let loss = learned.evaluation.values.first { $0.name == "logLoss" }?.value
      #expect(trial.parts[index] == loss)
    }
  }

  @Test("Of an ensemble's recipe finalists are ensembles, judged on the fold that none of their members has seen")
  func ensembles() throws {
    let examples = try penguins()
    let tuning = try Self.tuner { $0.learner.recipe.members = 5 }.prepare(examples)
    let confirmation = try #require(try tuning.run(StudyBudget(trials: 6)).confirmation)
    let confirming = tuning.confirming
    for (index, fold) in confirming.folds.enumerated() {
      var learner = confirming.learner
      learner.recipe = try Self.tuner().learner.recipe
      (learner.recipe.members, learner.folds) = (3, nil)
      learner.seed = learner.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
      let others = (0..<Int32(examples.count)).filter { !fold.contains($0) }
      let learned = try learner.prepare(examples.select(rows: others), test: examples.select(rows: fold)).train()
      #expect(learned.model.members.count == 3 && learned.evaluation.rows == fold.count)
      let loss = learned.evaluation.values.first { $0.name == "logLoss" }?.value
      #expect(confirmation.candidates[0].scores?[index] == loss)
    }
  }

  @Test(
    "Time that is left makes more networks, where the confirmation was for them; never beside a number that is given")
  func growth() throws {
    let examples = try penguins()
    let tuning = try Self.tuner { $0.learner.recipe.members = 2 }.prepare(examples)
    let result = try tuning.run(StudyBudget(trials: 6, seconds: 600))
    let confirmation = try #require(result.confirmation)
    #expect(
      confirmation.candidates.map(\.members) == [2] + Array(repeating: 4, count: confirmation.candidates.count - 1))
    #expect(confirmation.candidates.prefix(2).map(\.number) == [0, 0])
    #expect(confirmation.prefersMore == (confirmation.best != confirmation.candidates[0]))
    let members = tuning.finalLearner(result, left: 500, of: 600).recipe.members
    #expect(members == (confirmation.prefersMore ? 4 : 2))
    #expect(tuning.finalLearner(result, left: 0, of: 600).recipe.members == 2)

    let given = try Self.tuner { ($0.learner.recipe.members, $0.fixed) = (2, ["members"]) }.prepare(examples)
    let candidates = try given.run(StudyBudget(trials: 6, seconds: 600)).confirmation?.candidates ?? []
    #expect(candidates.count > 1 && candidates.allSatisfy { $0.members == 2 })
  }

  @Test("The less time is left, the smaller a contest is; with fewer than three networks none has twice as many")
  func contests() throws {
    let tuning = try Self.tuner { $0.learner.recipe.members = 10 }.prepare(penguins())
    // A training takes a second.
    let trials = (0..<6).map { number in
      Trial(
        number: number, point: [:], outcome: .complete, score: Double(9 - number), parts: [], rungs: [], problem: nil,
        seconds: Double(tuning.folds), elapsed: 0)
    }
    var sizes: [Int] = [], hasGrown = true
    for seconds in [1e6, 3000, 1500, 800, 400, 200, 100, 30, 1] {
      let (contest, isGrowing) = tuning.contest(trials, seconds: seconds)
      sizes.append(contest.finalists * contest.members * contest.partitions * (isGrowing ? 2 : 1))
      #expect(!isGrowing || contest.members >= 3)
      if isGrowing { #expect(hasGrown) }
      hasGrown = isGrowing
    }
    #expect(sizes.first == 240 && sizes.last == 1 && sizes == sizes.sorted(by: >), "\(sizes)")
    let (usual, isGrowing) = tuning.contest(trials, seconds: nil)
    #expect(usual.finalists == 4 && usual.members == 3 && !isGrowing)
  }

  @Test("The first trials of a search around a recipe are what is known to be worth trying, one change each")
  func variations() throws {
    var tuner = Tuner()
    tuner.learner.recipe.epochs = 1
    let plan = try tuner.prepare(penguins()).plan
    let usual = try #require(plan.usual)
    let changes = plan.starts.map { start in Set(usual.keys.filter { start[$0] != usual[$0] }) }
    #expect(
      changes == [
        ["width"], ["embedding"], ["activation"], ["scaling"], ["learning-rate"], ["depth", "residual"], ["embedding"],
        ["dropout"], ["depth"],
      ])
    #expect(plan.starts.allSatisfy(plan.space.contains))
    // What is given is not tried, and a space of one's own has none.
    tuner.fixed = ["width", "embedding"]
    #expect(try tuner.prepare(penguins()).plan.starts.count == 6)
    #expect(try Self.tuner().prepare(penguins()).plan.starts.isEmpty)
  }

  @Test("Rows that belong together make as many folds as there are groups of them, and not more")
  func groups() throws {
    let examples = try penguins()
    guard case .table(let table) = examples.features else { throw LearningError("penguins are a table") }
    let islands = try table.column("island")
    let tuning = try Self.tuner { $0.learner.split = .grouped(by: islands) }.prepare(examples)
    #expect(tuning.folds == 3)
    for fold in tuning.validation.folds { #expect(Set(fold.map { islands.text(Int($0)) }).count == 1) }
    #expect { try Self.tuner { ($0.folds, $0.learner.split) = (4, .grouped(by: islands)) }.prepare(examples) } throws: {
      "\($0)".contains("3 groups are too few for 4 folds")
    }
    // Some of them are ensembles.
    let ensemble = try Self.tuner { ($0.learner.recipe.members, $0.learner.split) = (2, .grouped(by: islands)) }
    #expect(try ensemble.prepare(examples).run(StudyBudget(trials: 4)).ending == .trialsDone)
  }

  @Test("Tuning gives the same on any number of threads, and after it was cut off anywhere")
  func determinism() throws {
    let examples = try penguins()
    func tuning(_ threads: Int) throws -> Tuning { try Self.tuner { $0.learner.threads = threads }.prepare(examples) }
    let folder = FileManager.default.temporaryDirectory.appending(path: "downhill-\(UUID().uuidString)").path()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try tuning(1).run(StudyBudget(trials: 16))
    let other = try tuning(2).run(StudyBudget(trials: 16))
    func same(_ a: TuningResult, _ b: TuningResult) -> Bool {
      a.confirmation == b.confirmation && a.learner.recipe == b.learner.recipe && a.importance == b.importance
        && a.trials.map(\.score) == b.trials.map(\.score) && a.trials.map(\.point) == b.trials.map(\.point)
        && a.trials.map(\.rungs) == b.trials.map(\.rungs)
    }
    #expect(same(whole, other))
    // Stopped again and again, at a trial or in the confirmation, which has 25 trainings.
    for round in 0..<12 {
      let tuning = try tuning(2)
      let kept = try StudyFolder(folder, header: tuning.header())
      try tuning.check(kept)
      let stop = StopSignal()
      let events = Shared(0)
      let result = try tuning.run(StudyBudget(trials: 16), in: kept, stop: round == 11 ? nil : stop) { event in
        switch event {
        case .study(.started), .confirmed:
          events.change { $0 += 1 }
          if events.value == 3 { stop.request() }
        default: break
        }
      }
      if round == 11 { #expect(same(whole, result)) }
    }
    // A study of something else is refused, by name.
    let another = try Self.tuner { $0.learner.seed = 4 }.prepare(examples)
    #expect { try StudyFolder(folder, header: another.header()) } throws: { "\($0)".contains("“seed” was 3, and is 4") }
  }

  @Test("Rows that are held back decide nothing")
  func holdout() throws {
    let examples = try penguins()
    let tuning = try Self.tuner { $0.learner.holdout = 0.3 }.prepare(examples)
    #expect(tuning.validation.examples.count == examples.count - tuning.learning.testRows)
    // Those that train holds back, with this seed: folds of another seed don't have them either.
    let rows = tuning.learning.learningRows
    for validation in [tuning.validation, tuning.confirming] {
      #expect(validation.folds.map(\.count).reduce(0, +) == 3 * rows.count)
      let (kept, whole) = (validation.examples.target.select(rows: Array(0..<Int32(rows.count))), examples.target)
      #expect(kept.values == whole.select(rows: rows).values)
    }
  }

  @Test("A table of more rows is judged on one part of them, and so is one whose rows can't take turns")
  func parts() throws {
    let examples = try penguins()
    #expect(try Self.tuner { $0.folds = 1 }.prepare(examples).folds == 1)
    let times = Column(name: "time", kind: .numeric, values: .numbers((0..<examples.count).map { Double($0) }))
    let latest = try Self.tuner { $0.learner.split = .latest(by: times) }.prepare(examples)
    let last = [Int32](Int32(examples.count - 69)..<Int32(examples.count))
    #expect(latest.folds == 1 && latest.validation.folds[0] == last)
    let result = try latest.run(StudyBudget(trials: 10))
    #expect(result.trials.allSatisfy { $0.parts.count <= 1 } && result.chosen != nil)
    #expect { try Self.tuner { ($0.folds, $0.learner.split) = (3, .latest(by: times)) }.prepare(examples) } throws: {
      "\($0)".contains("3 folds can't be had")
    }
    #expect { try Self.tuner { $0.score = .rmse }.prepare(examples) } throws: { "\($0)".contains("log-loss or error") }
  }

  @Test("Regressions and other scores are searched too")
  func others() throws {
    let examples = try penguins(target: "body_mass_g")
    let result = try Self.tuner { $0.score = .mae }.prepare(examples).run(StudyBudget(trials: 12))
    #expect(result.score == .mae && result.trials[0].score! > 50)
    let error = try Self.tuner { $0.score = .error }.prepare(try penguins()).run(StudyBudget(trials: 12))
    #expect(error.trials.allSatisfy { ($0.score ?? 0.5) >= 0 && ($0.score ?? 0.5) < 1 })
  }

  @Test("Rungs lie within the first training, and after the first and three, nine, … whole ones")
  func rungs() {
    let expected: [(folds: Int, factor: Int, rungs: [Double])] = [
      (1, 3, [1.0 / 9.0, 1.0 / 3.0]), (5, 3, [1.0 / 3.0, 1, 3]), (10, 3, [1.0 / 3.0, 1, 3, 9]), (5, 2, [0.5, 1, 2, 4]),
    ]
    for (folds, factor, rungs) in expected {
      let found: [Double] = CrossValidation.rungs(folds: folds, factor: factor)
      #expect(found == rungs)
    }
  }

  @Test("Gains are means of differences by fold, with their standard errors")
  func gains() throws {
    let confirmation = Confirmation([
      .init(number: 0, scores: [1, 2, 3, 4]), .init(number: 7, scores: [0.9, 2.1, 2.7, 3.9]),
      .init(number: 9, scores: nil), .init(number: 11, scores: [1.2, 2, 3, 4]),
    ])
    let (mean, error) = try #require(confirmation.gain(of: confirmation.candidates[1]))
    // Of 0.1, −0.1, 0.3, 0.1: s² = 0.08/3.
    #expect(abs(mean - 0.1) < 1e-12 && abs(error! - (0.08 / 3 / 4).squareRoot()) < 1e-12)
    #expect(confirmation.best.number == 7 && confirmation.gain(of: confirmation.candidates[2]) == nil)
    #expect(Confirmation([confirmation.candidates[0], confirmation.candidates[3]]).best.number == 0)
    #expect(Confirmation([confirmation.candidates[2], confirmation.candidates[3]]).best.number == 11)
  }

  @Test("Of a journal that a kill cut short the whole lines are there, and it goes on behind them")
  func journal() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "downhill-\(UUID().uuidString)").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("one\ntwo\nthr".utf8).write(to: URL(filePath: path))
    do {
      let journal = try LineJournal(path)
      #expect(journal.lines == ["one", "two"])
      try journal.append("three")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\nthree\n")
    #expect(throws: FileError.self) { try LineJournal("/nowhere/at/all") }
  }
}
