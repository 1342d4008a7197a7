internal import DownhillCompute
public import DownhillTraining

/// A search for the point of a space with the least score, in trials that run at the same time.
///
/// Trials and their results are a function of plan and objective alone. What is proposed for trial t, and which values it is held
/// against at its rungs, follows from the trials up to t − c, where c is the plan's concurrency; a trial begins once these are
/// finished. So neither the number of threads nor an interruption changes any trial.
public final class Study: Sendable {
  public let plan: StudyPlan
  private let objective: any Objective
  /// Keeps a finished trial where it outlives the process.
  private let keep: @Sendable (Trial) throws -> Void
  private let state: Monitor<State>
  private let started = ContinuousClock.now
  /// Of the sessions before.
  private let earlier: Double

  private struct State {
    /// By number; nil: under way.
    var trials: [Trial?]
    /// Those that were done in an earlier session, by number.
    var recorded: [Int: Trial]
    var points: [SearchPoint] = []
    /// All trials below are finished.
    var finishedPrefix = 0
    var ending: StudyEnding?
    var failure: (any Error)?
    /// Seconds of the study at which trials are given up.
    var deadline: Double?
    /// A trial's rungs so far.
    var rungs: [Int: [Double]] = [:]
    /// Trials that fell behind.
    var stopped: Set<Int> = []

    var finished: [Trial] { trials.compactMap { $0 } }
  }

  /// - Parameters:
  ///   - trials: those that were finished in earlier sessions of the same study.
  ///   - keep: is called with each trial that is finished, one at a time.
  public init(
    _ plan: StudyPlan, _ objective: any Objective, resuming trials: [Trial] = [],
    keep: @escaping @Sendable (Trial) throws -> Void = { _ in }
  ) {
    (self.plan, self.objective, self.keep) = (plan, objective, keep)
    earlier = trials.map(\.elapsed).max() ?? 0
    state = Monitor(
      State(trials: [], recorded: Dictionary(trials.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })))
  }

  /// Seconds over all sessions.
  public var elapsed: Double { earlier + (ContinuousClock.now - started).inSeconds }

  /// Runs trials until the budget is spent.
  /// - Returns: all finished trials in the order of their numbers, and why there are no more.
  /// - Throws: what the objective or `keep` throw.
  public func run(
    _ budget: StudyBudget, threads: Int, stop: StopSignal? = nil,
    onEvent: @escaping @Sendable (StudyEvent) -> Void = { _ in }
  ) throws -> (trials: [Trial], ending: StudyEnding) {
    state.with { $0.deadline = budget.seconds.map { $0 - budget.reserve([]) } }
    let threads = max(1, min(threads, plan.concurrency))
    WorkerPool(exactly: threads).forEach(threads) { _ in work(budget, stop, onEvent) }
    return try state.with { state in
      if let failure = state.failure { throw failure }
      // Those of an earlier session that were not reached this time are there all the same.
      let unreached = state.recorded.filter { $0.key >= state.trials.count }.values
      return ((state.finished + unreached).sorted { $0.number < $1.number }, state.ending ?? .trialsDone)
    }
  }

  private func work(_ budget: StudyBudget, _ stop: StopSignal?, _ onEvent: @escaping @Sendable (StudyEvent) -> Void) {
    while let (number, point) = next(budget, stop, onEvent) {
      do {
        guard let trial = try run(number, point, stop, onEvent) else { continue }
        try state.with { state in
          try keep(trial)
          finish(trial, &state, budget)
          onEvent(.finished(trial, all: state.finished))
        }
      } catch { state.with { $0.failure = $0.failure ?? error } }
    }
  }

  // MARK: Proposing

  /// The next trial to run; nil: there is none any more.
  private func next(
    _ budget: StudyBudget, _ stop: StopSignal?, _ onEvent: (StudyEvent) -> Void
  ) -> (Int, SearchPoint)? {
    state.wait { state -> (Int, SearchPoint)?? in
      while true {
        if stop?.isRequested == true { state.ending = .interrupted }
        if state.failure != nil || state.ending != nil { return .some(nil) }
        let number = state.trials.count
        if let trials = budget.trials, number >= trials {
          return .some(nil)
        }
        if state.finishedPrefix <= number - plan.concurrency { return nil }
        if let deadline = state.deadline, elapsed >= deadline, number > 0, state.recorded[number] == nil {
          state.ending = .outOfTime
          return .some(nil)
        }
        if let trial = state.recorded[number] {
          state.trials.append(nil)
          state.points.append(trial.point)
          finish(trial, &state, budget)
          onEvent(.finished(trial, all: state.finished))
          continue
        }
        guard let point = proposal(number, state) else {
          state.ending = .exhausted
          return .some(nil)
        }
        state.trials.append(nil)
        state.points.append(point)
        onEvent(.started(number, point))
        return (number, point)
      }
    }
  }

  /// Trials that a trial knows: all that are so far before it that none of them can be under way.
  private func known(to number: Int, _ state: State) -> [Trial] {
    state.trials.prefix(max(0, number - plan.concurrency + 1)).map { $0! }
  }

  /// A point that was not tried before; nil: there seems to be none.
  private func proposal(_ number: Int, _ state: State) -> SearchPoint? {
    if number == 0, let usual = plan.usual { return usual }
    let place = plan.usual == nil ? number : number - 1
    if place < plan.starts.count, !state.points.contains(plan.starts[place]) { return plan.starts[place] }
    var random = RandomStream(seed: plan.seed, purpose: .search, index: number)
    let ranked = known(to: number, state).ranked.map(\.point)
    for attempt in 0..<Self.attempts {
      let sampler = attempt < Self.attempts / 2 ? plan.sampler : .random
      let point = sampler.propose(in: plan.space, knowing: ranked, usual: plan.usual, using: &random)
      if !state.points.contains(point) { return point }
    }
    return nil
  }

  private static let attempts = 64

  private func finish(_ trial: Trial, _ state: inout State, _ budget: StudyBudget) {
    state.trials[trial.number] = trial
    state.rungs[trial.number] = nil
    while state.finishedPrefix < state.trials.count, state.trials[state.finishedPrefix] != nil {
      state.finishedPrefix += 1
    }
    if let seconds = budget.seconds { state.deadline = seconds - budget.reserve(state.finished) }
  }

  // MARK: Running

  /// nil: it was given up because the study is ending.
  private func run(
    _ number: Int, _ point: SearchPoint, _ stop: StopSignal?, _ onEvent: @escaping @Sendable (StudyEvent) -> Void
  ) throws -> Trial? {
    let start = ContinuousClock.now
    let progress = TrialProgress { [self] value in
      state.with { state in reached(number, value, &state, onEvent) }
    } isCancelled: { [self] in
      if stop?.isRequested == true { return true }
      return state.look { state in
        // Without the first there is nothing to compare with.
        state.failure != nil || number > 0 && state.deadline.map { elapsed >= $0 } ?? false
      }
    }
    let verdict = try objective.run(number, point, progress)
    let seconds = (ContinuousClock.now - start).inSeconds
    let rungs = state.look { $0.rungs[number] ?? [] }
    func trial(_ outcome: Trial.Outcome, score: Double? = nil, parts: [Double] = [], problem: String? = nil) -> Trial {
      Trial(
        number: number, point: point, outcome: outcome, score: score, parts: parts, rungs: rungs, problem: problem,
        seconds: seconds, elapsed: elapsed)
    }
    switch verdict {
    case .score(let score, let parts) where score.isFinite: return trial(.complete, score: score, parts: parts)
    case .score: return trial(.failed, problem: "the score is not a number")
    case .failed(let problem): return trial(.failed, problem: problem)
    case .ended(let parts):
      if state.look({ $0.stopped.contains(number) }) { return trial(.stopped, parts: parts) }
      if progress.isCancelled {
        state.with { $0.ending = $0.ending ?? (stop?.isRequested == true ? .interrupted : .outOfTime) }
        return nil
      }
      return trial(.failed, parts: parts, problem: "it ended without a score")
    }
  }

  private func reached(
    _ number: Int, _ value: Double, _ state: inout State, _ onEvent: (StudyEvent) -> Void
  ) -> Bool {
    // A file has no numbers for what is none.
    let value = value.isFinite ? value : .greatestFiniteMagnitude
    let rung = state.rungs[number]?.count ?? 0
    state.rungs[number, default: []].append(value)
    let others = known(to: number, state).compactMap { $0.rungs.count > rung ? $0.rungs[rung] : nil }
    let isUsual = number == 0 && plan.usual != nil
    let goesOn = isUsual || plan.halving?.goesOn(value, among: others) ?? true
    if !goesOn { state.stopped.insert(number) }
    onEvent(.rung(number, index: rung, value: value, goesOn: goesOn))
    return goesOn
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
