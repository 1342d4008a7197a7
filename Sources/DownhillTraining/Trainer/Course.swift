internal import DownhillCompute
internal import DownhillFiles
internal import DownhillNetwork

/// One training under way.
final class Course {
  let beginning: TrainingEvent.Beginning
  let options: TrainingOptions
  private let loss: any Loss
  let step: TrainingStep
  /// nil: an optimizer trains, on batches.
  let minimization: Minimization?
  private var validation: Validation?
  private let stop: StopSignal?
  /// The rows, where they are read from a file; nil: they are in memory.
  private let inputs: Matrix?
  /// So many rows ahead the system is told what will be read, where the file may not stay in memory; 0: it may.
  private let lookAhead: Int
  let rows: Int
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant

  private var order: [Int32]
  var progress = Checkpoint.Progress()
  /// With early stopping the parameters of the best epoch, else those of the last whole one; at first the start.
  var kept: Parameters

  /// For checkpoints: nil where none are asked for.
  let setup: TrainingSetup?
  var lastCheckpoint: (steps: Int, epoch: Int, instant: ContinuousClock.Instant)
  /// The last checkpoint could not be written, and that was said.
  var isToldOfFailure = false
  /// Where training may be set back to when it diverges, and the epoch that it was set back to last.
  var goodPlaces: [Checkpoint] = []
  var setBackTo = 0

  init(
    _ trainer: Trainer, _ samples: Samples, _ validation: Samples?, start: Parameters?, stop: StopSignal?,
    resuming: Checkpoint?
  ) throws {
    options = trainer.options
    loss = trainer.loss
    self.stop = stop
    rows = samples.count
    inputs = samples.inputs.file == nil ? nil : samples.inputs
    lookAhead = (samples.inputs.file?.count ?? 0) > allowedMemory / 4 ? 1 << 12 : 0
    started = clock.now
    let workers = WorkerPool(threads: options.threads)
    let batchSize = options.minimizer == nil ? options.batchSize.rows(of: samples.count) : samples.count
    let step = try TrainingStep(
      trainer.network, loss: loss, samples: samples, batchSize: batchSize, rule: options.ruleOfStep, seed: options.seed,
      workers: workers)
    let parameters: Parameters
    if let start {
      parameters = start
    } else {
      parameters = try trainer.network.initialParameters(seed: options.seed, inputs: samples.inputs)
    }
    step.parameters = parameters
    self.step = step
    minimization = options.minimizer.map { Minimization($0, step, rows: samples.count) }
    kept = parameters
    setup =
      options.checkpointing != nil || options.onDivergence != .stop || resuming != nil
      ? TrainingSetup(trainer, samples, validation, start: start) : nil
    lastCheckpoint = (0, 0, started)
    self.validation = try validation.flatMap { samples in
      if samples.count == 0 { return nil }
      _ = try trainer.network.check(loss: trainer.loss, samples: samples)
      return try Validation(
        samples: samples, predictor: Predictor(following: step),
        outputs: Matrix(rows: samples.count, columns: trainer.network.outputs().count))
    }
    order = [Int32](0..<Int32(samples.count))
    beginning = TrainingEvent.Beginning(
      rows: samples.count, validationRows: validation?.count ?? 0, parameters: parameters.count,
      epochs: options.epochs, stepsPerEpoch: (samples.count + batchSize - 1) / batchSize, batchSize: batchSize,
      resumedAfter: resuming?.progress.steps ?? 0)
    if let resuming { try resume(from: resuming) }
  }

  /// What is left of one pass over the rows; nil: stopped before its end.
  func runEpoch(_ onEvent: (TrainingEvent) -> Void) throws -> TrainingEvent.Epoch? {
    let start = clock.now
    let (epoch, firstRow) = (progress.epoch, progress.rows)
    rememberGood()
    if options.shuffles {
      for index in order.indices { order[index] = Int32(truncatingIfNeeded: index) }
      var random = RandomStream(seed: options.seed, purpose: .shuffle, step: epoch)
      random.shuffle(&order)
    }
    guard try runSteps(onEvent) else { return nil }
    let loss = progress.weightSum > 0 ? progress.lossSum / progress.weightSum : 0
    if !step.parametersAreFinite { throw Divergence(step: progress.steps, loss: loss) }
    let trainingSeconds = (clock.now - start).seconds

    var validationLoss: Double?
    var values: [MetricValue] = []
    var isBest = false
    if let (loss, scores) = try validation?.judge(loss: self.loss, metrics: options.metrics) {
      validationLoss = loss
      values = zip(options.metrics, scores).compactMap { metric, value in
        value.map { MetricValue(name: metric.name, value: $0) }
      }
      let score = Score(loss: loss, metric: monitoredMetric(scores))
      isBest = progress.best.map { score.isBetter(than: $0.score) } ?? true
      if isBest { progress.best = Checkpoint.Best(epoch: epoch, score: score) }
    }
    if isBest || options.earlyStopping == nil {
      progress.keptEpoch = epoch
      step.copyResult(into: &kept)
    }
    let report = TrainingEvent.Epoch(
      epoch: epoch, steps: progress.steps, loss: loss, validationLoss: validationLoss, metrics: values,
      rate: progress.rate, seconds: (clock.now - start).seconds,
      rowsPerSecond: Double(rows - firstRow) / max(trainingSeconds, 1e-9), isBest: isBest)
    progress.history.append(report)
    (progress.epoch, progress.rows, progress.lossSum, progress.weightSum) = (epoch + 1, 0, 0, 0)
    return report
  }

  /// The steps that are left of an epoch; false: stopped before its end.
  private func runSteps(_ onEvent: (TrainingEvent) -> Void) throws -> Bool {
    try order.withUnsafeBufferPointer { order in
      let total = Double(beginning.stepsPerEpoch) * Double(options.epochs)
      for first in stride(from: progress.rows, to: rows, by: beginning.batchSize) {
        if let stop, stop.isRequested { return false }
        if isOutOfTime { return false }
        let batch = UnsafeBufferPointer(rebasing: order[first..<min(rows, first + beginning.batchSize)])
        if let inputs, lookAhead > 0 {
          let next = first == 0 ? 0 : min(rows, first + lookAhead)
          let end = min(rows, first + lookAhead + batch.count)
          inputs.prepare(UnsafeBufferPointer(rebasing: order[next..<end]))
        }
        let loss: Double
        if let minimization { loss = iterate(minimization) } else { loss = runStep(batch, of: total) }
        progress.steps += 1
        if !loss.isFinite {
          if inputs?.file?.isBroken == true {
            throw FileError(
              .inputOutput, path: "the encoded rows", problem: "reading from the disk failed",
              advice: "Check the disk that the table's cache is on.")
          }
          throw Divergence(step: progress.steps, loss: loss)
        }
        progress.rows = first + batch.count
        progress.lossSum += loss * step.totalWeight
        progress.weightSum += step.totalWeight
        onEvent(
          .step(TrainingEvent.Step(epoch: progress.epoch, step: progress.steps, loss: loss, rate: progress.rate)))
        if progress.rows < rows { saveIfDue(onEvent) }
      }
      return true
    }
  }

  /// One step on a batch. Returns its mean loss before the update.
  private func runStep(_ batch: UnsafeBufferPointer<Int32>, of total: Double) -> Double {
    let (settings, dropout) = options.values(forStep: progress.steps, of: total, backOff: progress.backOff)
    progress.rate = settings.rate
    step.dropoutFactor = Float(dropout)
    return step.run(rows: batch, step: progress.steps, settings: settings)
  }

  /// One step on all rows. Its rate is how far along its direction it went.
  private func iterate(_ minimization: Minimization) -> Double {
    let loss = minimization.loss
    progress.rate = loss.isFinite ? minimization.iterate() ?? 0 : 0
    return loss
  }

  /// Whether the time that training was given is over.
  var isOutOfTime: Bool { options.timeLimit.map { (clock.now - started).seconds >= $0 } ?? false }

  /// Seconds since the last checkpoint.
  var secondsSinceCheckpoint: Double { (clock.now - lastCheckpoint.instant).seconds }
  var now: ContinuousClock.Instant { clock.now }

  /// The first metric, the higher the better; nil: the loss decides alone.
  private func monitoredMetric(_ values: [Double?]) -> Double? {
    guard options.earlyStopping?.monitor == .firstMetric, let metric = options.metrics.first, let value = values[0]
    else { return nil }
    // What is not a number is worse than any.
    return value.isNaN ? -.infinity : metric.higherIsBetter ? value : -value
  }

  /// After a whole epoch.
  var isOutOfPatience: Bool {
    guard let patience = options.earlyStopping?.patience, let best = progress.best else { return false }
    return progress.epoch - 1 - best.epoch >= patience
  }

  /// - Parameter lastGood: whether the parameters as they are now can't be used.
  func result(_ ending: TrainingEvent.Ending, lastGood: Bool) -> TrainingResult {
    let hasBest = options.earlyStopping != nil && progress.best != nil
    let goesOn = ending.isCutShort && !lastGood && !hasBest && step.parametersAreFinite
    return TrainingResult(
      parameters: goesOn ? step.result : kept, epoch: progress.keptEpoch, history: progress.history, ending: ending,
      seconds: (clock.now - started).seconds)
  }
}

/// The samples that watch over training.
private struct Validation {
  let samples: Samples
  /// Reads the parameters where the training step has them.
  let predictor: Predictor
  /// What the network says to them, in memory that each epoch writes again.
  var outputs: Matrix

  mutating func judge(loss: any Loss, metrics: [any Metric]) throws -> (loss: Double, scores: [Double?]) {
    let loss = try predictor.evaluate(samples, loss: loss, into: &outputs)
    return (loss, metrics.map { $0.value(of: outputs, for: samples) })
  }
}

/// A loss or parameters that are not finite.
struct Divergence: Error {
  let step: Int
  let loss: Double
}

/// How good an epoch was.
struct Score: Sendable, Equatable, Codable {
  let loss: Double
  /// The higher the better.
  let metric: Double?

  func isBetter(than other: Score) -> Bool {
    if let metric, let theirs = other.metric, metric != theirs { return metric > theirs }
    // Also better than what is not a number.
    return loss < other.loss || (other.loss.isNaN && !loss.isNaN)
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
