internal import DownhillTraining

/// A time limit that is too short for all epochs of all members.
extension Learning {
  /// The least share of the epochs that all members are worth: for less there are fewer of them,
  private static let leastEpochs = 1.0 / 3
  /// but so many.
  private static let fewestMembers = 4
  /// The share of the time that is planned with.
  private static let planned = 0.9
  /// How many epochs are timed, where they take little of the time.
  private static let timedEpochs = 3

  /// The same with as many epochs, or members, as there is time for, judged by some epochs of the first member: a schedule that comes to
  /// its end is worth more than a longer one that is cut off. nil: there is time enough, or no limit; or checkpoints are kept, by
  /// which training can go on.
  func fittingTime(stop: StopSignal?, _ onEvent: (TrainingEvent) -> Void) -> Learning? {
    let safekeeping = learner.safekeeping
    guard let limit = safekeeping.timeLimit, safekeeping.checkpointing == nil, safekeeping.resumes == nil,
      let epochs = recipe.epochs, epochs > 1, learner.optimizer == nil
    else { return nil }
    let began = ContinuousClock.now
    guard let seconds = secondsOfEpoch(within: limit / 10, stop: stop) else { return nil }
    let left = limit - (ContinuousClock.now - began) / .seconds(1)
    func affordable(_ members: Int) -> Int {
      let inTurn = (members + membersAtOnce - 1) / membersAtOnce
      return Int(Self.planned * left / (seconds * Double(inTurn)))
    }
    let all = parts.folds.count
    if affordable(all) >= epochs { return nil }
    let enough = Int((Self.leastEpochs * Double(epochs)).rounded(.up))
    var members = all
    while members > min(Self.fewestMembers, all), affordable(members) < enough { members -= 1 }
    var shorter = learner
    shorter.recipe.epochs = min(epochs, max(1, affordable(members)))
    shorter.recipe.members = members
    // What is left is a limit that is not expected to matter.
    shorter.safekeeping.timeLimit = max(left, limit / 10)
    // Other folds are those of another preparation; other epochs aren't.
    let learning =
      members < all
      ? try? shorter.prepare(examples, test: test)
      : try? Learning(
        learner: shorter, examples: examples, test: test, parts: parts, encoder: encoder, target: target,
        network: network, start: start, notes: notes)
    guard let learning else { return nil }
    onEvent(
      .warning(
        "there is time for \(learning.recipe.epochs!) of \(epochs) epochs"
          + (members < all ? ", and for \(members) of \(all) networks" : "")))
    return learning
  }

  /// How long an epoch of a member takes; nil: that could not be found out.
  private func secondsOfEpoch(within limit: Double, stop: StopSignal?) -> Double? {
    var options = trainingOptions()
    (options.endsAfter, options.timeLimit, options.checkpointing) = (Self.timedEpochs, limit, nil)
    options.threads = max(1, allThreads / membersAtOnce)
    let trainer = Trainer(network, loss: recipe.lossFunction(for: target.task), options: options)
    var steps = 0, whole = 1
    var ends: [ContinuousClock.Instant] = []
    let result = try? trainer.train(
      samples(parts.rows(ofMember: 0)), validation: samples(parts.folds[0]), from: start, stop: stop
    ) { event in
      switch event {
      case .began(let beginning): whole = beginning.stepsPerEpoch
      case .step(let step): steps = step.step
      case .epoch: ends.append(.now)
      default: break
      }
    }
    guard let result, result.ending != .interrupted, steps > 0 else { return nil }
    // The first epoch has what training begins with.
    if let first = ends.first, ends.count > 1 { return (ends.last! - first) / .seconds(1) / Double(ends.count - 1) }
    return result.seconds * Double(whole) / Double(steps)
  }
}
