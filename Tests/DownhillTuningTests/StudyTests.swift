import DownhillCompute
import DownhillTraining
import DownhillTuning
import Foundation
import Testing

/// The squared distance from a point, in a space of numbers, whole numbers and choices, with rungs that say half of it.
private struct Bowl: Objective {
  static let space = [
    SearchDimension("x", from: 0, to: 1), SearchDimension("y", from: 0, to: 1),
    SearchDimension("rate", from: 0.001, to: 1, scale: .log),
    SearchDimension("depth", wholeFrom: 1, to: 6), SearchDimension("kind", oneOf: ["a", "b", "c", "d"]),
  ]
  var rungs = 0
  /// How long a trial takes, by chance.
  var delay = false

  func run(_ number: Int, _ point: SearchPoint, _ progress: TrialProgress) throws -> Verdict {
    if delay { usleep(UInt32.random(in: 0...3_000)) }
    if progress.isCancelled { return .ended(parts: []) }
    let x = point["x"]!.number! - 0.7, y = point["y"]!.number! - 0.2
    let rate = (log(point["rate"]!.number!) - log(0.03)) / -log(0.001)
    let depth = (point["depth"]!.number! - 4) / 6
    let kind = point["kind"] == "c" ? 0 : 0.1
    let score = x * x + y * y + rate * rate + depth * depth + kind
    for _ in 0..<rungs where !progress.reached(score / 2) { return .ended(parts: [score / 2]) }
    return .score(score, parts: [score])
  }
}

/// Values at three rungs that have nothing to do with each other or with anything.
private struct Noise: Objective {
  let seed: UInt64

  func run(_ number: Int, _ point: SearchPoint, _ progress: TrialProgress) throws -> Verdict {
    var random = RandomStream(seed: seed, purpose: .check, index: number)
    for _ in 0..<3 where !progress.reached(random.uniform()) { return .ended(parts: []) }
    return .score(random.uniform(), parts: [])
  }
}

extension Trial {
  /// All but how long it took.
  fileprivate var timeless: Trial {
    Trial(
      number: number, point: point, outcome: outcome, score: score, parts: parts, rungs: rungs, problem: problem)
  }
}

@Suite("Studies") struct StudyTests {
  private static func plan(_ sampler: Sampler, seed: UInt64, concurrency: Int = 8) throws -> StudyPlan {
    var plan = StudyPlan(space: try SearchSpace(Bowl.space))
    (plan.sampler, plan.seed, plan.concurrency) = (sampler, seed, concurrency)
    return plan
  }

  @Test("The tree Parzen estimator finds lower scores than chance does")
  func samplers() throws {
    func best(_ sampler: Sampler) throws -> Double {
      let scores = try (0..<20).map { seed in
        let study = Study(try Self.plan(sampler, seed: UInt64(seed)), Bowl())
        return try study.run(StudyBudget(trials: 80), threads: 1).trials.best!.score!
      }
      return scores.reduce(0, +) / Double(scores.count)
    }
    var independent = TreeParzenEstimator()
    independent.isMultivariate = false
    let chance = try best(.random)
    #expect(try best(.tpe(TreeParzenEstimator())) < 0.6 * chance)
    #expect(try best(.tpe(independent)) < 0.6 * chance)
  }

  @Test("As many trials go on from each rung as successive halving says", arguments: [2, 3, 4])
  func halving(factor: Int) throws {
    let trials = 120, concurrency = 8
    // With n values at a rung a further one, of the same distribution, is among the best ⌊(n + 1)/η⌋ with the probability of
    // that by n + 1, whatever went before.
    func share(_ values: Int) -> Double {
      let places = (values + 1) / factor
      return places == 0 ? 1 : Double(places) / Double(values + 1)
    }
    var (found, expected, variance) = ([0.0, 0, 0], [0.0, 0, 0], [0.0, 0, 0])
    for seed in UInt64(0)..<30 {
      var plan = try Self.plan(.random, seed: seed, concurrency: concurrency)
      plan.halving = SuccessiveHalving(factor: factor)
      let result = try Study(plan, Noise(seed: seed)).run(StudyBudget(trials: trials), threads: 2).trials
      for trial in result {
        let known = result.prefix(max(0, trial.number - concurrency + 1))
        for rung in trial.rungs.indices {
          let probability = share(known.count { $0.rungs.count > rung })
          expected[rung] += probability
          variance[rung] += probability * (1 - probability)
          if trial.rungs.count > rung + 1 || trial.outcome == .complete { found[rung] += 1 }
        }
      }
    }
    for rung in 0..<3 {
      #expect(abs(found[rung] - expected[rung]) < 4 * variance[rung].squareRoot(), "rung \(rung)")
      #expect(found[rung] > 30)
    }
    // All trials come to the first rung, and each knows those that are a concurrency before it.
    let first = (0..<trials).reduce(0) { $0 + share(max(0, $1 - concurrency + 1)) }
    #expect(abs(expected[0] - 30 * first) < 1e-6)
  }

  @Test("One value is held against others by its rank, and one that is no number ends a trial")
  func ranks() {
    let halving = SuccessiveHalving(factor: 3)
    #expect(halving.goesOn(5, among: []) && halving.goesOn(5, among: [1]))
    #expect(!halving.goesOn(5, among: [1, 2]) && halving.goesOn(0.5, among: [1, 2]))
    #expect(halving.goesOn(2.5, among: [1, 3, 4, 5, 6]) && !halving.goesOn(3.5, among: [1, 3, 4, 5, 6]))
    #expect(!halving.goesOn(.nan, among: []))
  }

  @Test("Trials are the same on any number of threads, however long each takes")
  func threads() throws {
    var plan = try Self.plan(.tpe(TreeParzenEstimator()), seed: 4)
    plan.usual = ["x": 0.5, "y": 0.5, "rate": 0.1, "depth": 3, "kind": "a"]
    func trials(_ threads: Int) throws -> [Trial] {
      let study = Study(plan, Bowl(rungs: 2, delay: true))
      return try study.run(StudyBudget(trials: 70), threads: threads).trials.map(\.timeless)
    }
    let one = try trials(1)
    #expect(one.count == 70 && one.map(\.number) == Array(0..<70) && one.contains { $0.outcome == .stopped })
    #expect(one[0].point == plan.usual && one[0].outcome == .complete)
    for threads in [2, 5, 8] { #expect(try trials(threads) == one) }
  }

  @Test("A study that goes on after any of its trials comes to the same trials")
  func resuming() throws {
    let plan = try Self.plan(.tpe(TreeParzenEstimator()), seed: 9)
    let whole = try Study(plan, Bowl(rungs: 2)).run(StudyBudget(trials: 50), threads: 2).trials
    for seed in 0..<10 {
      // As a kill leaves it: up to some trial all are there, and of the next seven some.
      var random = RandomStream(seed: UInt64(seed), purpose: .check)
      let last = Int(random.below(42))
      let kept = whole.filter { $0.number < last || $0.number < last + 7 && random.uniform() < 0.5 }
      let added = Shared<[Int]>([])
      let study = Study(plan, Bowl(rungs: 2), resuming: kept) { trial in added.change { $0.append(trial.number) } }
      let (trials, ending) = try study.run(StudyBudget(trials: 50), threads: 3)
      #expect(trials.map(\.timeless) == whole.map(\.timeless) && ending == .trialsDone)
      #expect(Set(added.value) == Set(0..<50).subtracting(kept.map(\.number)))
    }
  }

  @Test("A study that is stopped keeps what is finished, and one without time has its first trial")
  func endings() throws {
    var plan = try Self.plan(.random, seed: 1)
    plan.usual = ["x": 0.5, "y": 0.5, "rate": 0.1, "depth": 3, "kind": "a"]
    let stop = StopSignal()
    let (trials, ending) = try Study(plan, Bowl(delay: true)).run(StudyBudget(), threads: 2, stop: stop) { event in
      if case .finished(let trial, _) = event, trial.number == 20 { stop.request() }
    }
    #expect(ending == .interrupted && trials.count >= 13 && trials.count <= 30)
    let (few, end) = try Study(plan, Bowl(delay: true)).run(StudyBudget(seconds: 1e-9), threads: 2)
    #expect(end == .outOfTime && few.map(\.number) == [0])
  }

  @Test("No point is tried twice, and a study of a small space ends when all were tried")
  func exhaustion() throws {
    struct Flat: Objective {
      func run(_ number: Int, _ point: SearchPoint, _ progress: TrialProgress) throws -> Verdict {
        .score(1, parts: [])
      }
    }
    for sampler in [Sampler.random, .tpe(TreeParzenEstimator())] {
      var plan = StudyPlan(
        space: try SearchSpace([
          SearchDimension("a", wholeFrom: 1, to: 5), SearchDimension("b", oneOf: ["x", "y", "z"]),
        ]))
      plan.sampler = sampler
      let (trials, ending) = try Study(plan, Flat()).run(StudyBudget(trials: 100), threads: 2)
      #expect(ending == .exhausted && trials.count >= 14 && Set(trials.map(\.point)).count == trials.count)
    }
  }

  @Test("What an objective can't use fails, and what it throws ends the study")
  func failures() throws {
    struct Broken: Error {}
    struct Fussy: Objective {
      func run(_ number: Int, _ point: SearchPoint, _ progress: TrialProgress) throws -> Verdict {
        if number == 12 { throw Broken() }
        return number % 2 == 1 ? .failed("odd") : number == 4 ? .score(.nan, parts: []) : .score(1, parts: [])
      }
    }
    let plan = try Self.plan(.random, seed: 1)
    #expect(throws: Broken.self) { try Study(plan, Fussy()).run(StudyBudget(trials: 20), threads: 2) }
    let trials = try Study(plan, Fussy()).run(StudyBudget(trials: 10), threads: 2).trials
    #expect(trials.filter { $0.outcome == .failed }.map(\.number) == [1, 3, 4, 5, 7, 9])
    #expect(trials[1].problem == "odd" && trials.best?.number == 0)
  }
}
