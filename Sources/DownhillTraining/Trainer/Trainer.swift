internal import DownhillCompute
public import DownhillNetwork

/// Trains a network: epochs of steps on batches, an eye on the validation samples.
///
///     let trainer = Trainer(network, loss: .crossEntropy, options: options)
///     let result = try trainer.train(samples, validation: held)
///
/// The result is a function of network, loss, options but for `threads`, samples and start alone: the same bits each
/// time. The order of the rows in an epoch is a function of (seed, epoch).
public struct Trainer: Sendable {
  public let network: Network
  public let loss: any Loss
  public let options: TrainingOptions

  public init(_ network: Network, loss: any Loss, options: TrainingOptions = TrainingOptions()) {
    self.network = network
    self.loss = loss
    self.options = options
  }

  /// - Parameters:
  ///   - start: the first parameters; nil: initial ones, drawn by the seed.
  ///   - checkpoint: where to go on; nil: at the beginning. It comes from a training of the same network, loss, options
  ///     (but for `threads`, checkpointing and time limit), samples and start; the result has the bits of one that was
  ///     never interrupted.
  ///   - stop: ends training after the step under way.
  ///   - onEvent: called on this thread.
  /// - Throws: `NetworkError` where network, loss and samples don't fit together; `TrainingError`.
  public func train(
    _ samples: Samples, validation: Samples? = nil, from start: Parameters? = nil,
    resuming checkpoint: Checkpoint? = nil, stop: StopSignal? = nil,
    onEvent: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainingResult {
    try validate(samples, validation)
    if let start, try start.layout != network.resolved().layout {
      throw TrainingError.invalid("the parameters to start from are those of another network")
    }
    let course = try Course(self, samples, validation, start: start, stop: stop, resuming: checkpoint)
    if let ending = course.progress.ending { return course.result(ending, lastGood: false) }
    onEvent(.began(course.beginning))
    let ending = try run(course, onEvent)
    course.saveEnd(ending, onEvent)
    onEvent(.ended(ending))
    return course.result(ending, lastGood: false)
  }

  /// The epochs that are left.
  private func run(_ course: Course, _ onEvent: (TrainingEvent) -> Void) throws -> TrainingEvent.Ending {
    while course.progress.epoch <= min(options.epochs, options.endsAfter ?? options.epochs) {
      let epoch = course.progress.epoch
      do {
        guard let report = try course.runEpoch(onEvent) else { return course.isOutOfTime ? .outOfTime : .interrupted }
        onEvent(.epoch(report))
      } catch let divergence as Divergence {
        if course.backOff(divergence, onEvent) { continue }
        throw TrainingError.diverged(
          epoch: epoch, step: divergence.step, rate: options.learningRate * course.progress.backOff,
          loss: divergence.loss, lastGood: course.result(.completed, lastGood: true))
      }
      if course.isOutOfPatience { return .stoppedEarly }
      if course.minimization?.hasConverged == true { return .converged }
      course.saveIfDue(onEvent)
    }
    return .completed
  }

  private func validate(_ samples: Samples, _ validation: Samples?) throws {
    func refuse(_ reason: String?) throws { if let reason { throw TrainingError.invalid(reason) } }
    try refuse(samples.count > 0 ? nil : "there are no rows to train on")
    try refuse(samples.count <= Int32.max ? nil : "\(samples.count) rows are more than can be numbered with 32 bits")
    try refuse(options.epochs > 0 ? nil : "training takes at least one epoch, not \(options.epochs)")
    if let last = options.endsAfter, last < 1 { try refuse("training ends after at least one epoch, not \(last)") }
    if case .rows(let rows) = options.batchSize, rows < 1 { try refuse("a batch has at least one row, not \(rows)") }
    let rate = options.learningRate
    try refuse(rate > 0 && rate.isFinite ? nil : "a learning rate is above 0, not \(rate)")
    try refuse(options.updateRule.objection)
    try refuse(options.scheduleObjection)
    try refuse(options.minimizerObjection)
    if options.minimizer != nil { try refuse(network.objectionToMinimizing().map { "L-BFGS: \($0)" }) }
    if let limit = options.timeLimit, !(limit > 0) { try refuse("a time limit is above 0 seconds, not \(limit)") }
    if let patience = options.earlyStopping?.patience, patience < 1 {
      try refuse("early stopping waits at least one epoch, not \(patience)")
    }
    if options.earlyStopping != nil, (validation?.count ?? 0) == 0 {
      try refuse("early stopping needs validation samples: it keeps the parameters that are best on them")
    }
  }
}
