internal import DownhillCompute
internal import DownhillNetwork

/// One training under way.
final class Course {
  let beginning: TrainingEvent.Beginning
  private let options: TrainingOptions
  private let loss: any Loss
  private let step: TrainingStep
  private let optimizer: any OptimizerState
  private var validation: Validation?
  private let stop: StopSignal?
  private let rows: Int
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant

  private var order: [Int32]
  private var steps = 0
  private var rate = 0.0
  private var history: [TrainingEvent.Epoch] = []
  private var best: (epoch: Int, score: Score)?
  /// With early stopping the best epoch and its parameters, else the last whole one and its; at first the start.
  private var kept: (epoch: Int, parameters: Parameters)

  init(
    _ trainer: Trainer, _ samples: Samples, _ validation: Samples?, start: Parameters?, stop: StopSignal?
  ) throws {
    options = trainer.options
    loss = trainer.loss
    self.stop = stop
    rows = samples.count
    started = clock.now
    let workers = WorkerPool(threads: options.threads)
    let batchSize = options.batchSize.rows(of: samples.count)
    let step = try TrainingStep(
      trainer.network, loss: loss, samples: samples, batchSize: batchSize, seed: options.seed, workers: workers)
    let parameters: Parameters
    if let start { parameters = start } else { parameters = try trainer.network.initialParameters(seed: options.seed) }
    step.parameters = parameters
    self.step = step
    kept = (0, parameters)
    optimizer = options.optimizer.makeState(count: parameters.count)
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
      epochs: options.epochs, stepsPerEpoch: (samples.count + batchSize - 1) / batchSize, batchSize: batchSize)
  }

  /// One pass over the rows; nil: stopped before its end.
  func run(epoch: Int, _ onEvent: (TrainingEvent) -> Void) throws -> TrainingEvent.Epoch? {
    let start = clock.now
    if options.shuffles {
      for index in order.indices { order[index] = Int32(truncatingIfNeeded: index) }
      var random = RandomStream(seed: options.seed, purpose: .shuffle, step: epoch)
      random.shuffle(&order)
    }
    guard let loss = try runSteps(epoch: epoch, onEvent) else { return nil }
    if !step.parametersAreFinite { throw Divergence(step: steps, loss: loss) }
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
      isBest = best.map { score.isBetter(than: $0.score) } ?? true
      if isBest { best = (epoch, score) }
    }
    if isBest || options.earlyStopping == nil {
      kept.epoch = epoch
      step.copyParameters(into: &kept.parameters)
    }
    let report = TrainingEvent.Epoch(
      epoch: epoch, steps: steps, loss: loss, validationLoss: validationLoss, metrics: values, rate: rate,
      seconds: (clock.now - start).seconds, rowsPerSecond: Double(rows) / max(trainingSeconds, 1e-9), isBest: isBest)
    history.append(report)
    return report
  }

  /// All steps of an epoch; the mean loss of its rows, or nil: stopped before its end.
  private func runSteps(epoch: Int, _ onEvent: (TrainingEvent) -> Void) throws -> Double? {
    try order.withUnsafeBufferPointer { order in
      let total = Double(beginning.stepsPerEpoch) * Double(options.epochs)
      var sum = 0.0, totalWeight = 0.0
      for first in stride(from: 0, to: rows, by: beginning.batchSize) {
        if let stop, stop.isRequested { return nil }
        let batch = UnsafeBufferPointer(rebasing: order[first..<min(rows, first + beginning.batchSize)])
        let values = options.values(forStep: steps, of: total)
        rate = values.rate
        optimizer.begin(values)
        step.dropoutFactor = Float(values.dropout)
        let loss = step.run(rows: batch, step: steps, update: optimizer)
        steps += 1
        if !loss.isFinite { throw Divergence(step: steps, loss: loss) }
        sum += loss * step.totalWeight
        totalWeight += step.totalWeight
        onEvent(.step(TrainingEvent.Step(epoch: epoch, step: steps, loss: loss, rate: rate)))
      }
      return totalWeight > 0 ? sum / totalWeight : 0
    }
  }

  /// The first metric, the higher the better; nil: the loss decides alone.
  private func monitoredMetric(_ values: [Double?]) -> Double? {
    guard options.earlyStopping?.monitor == .firstMetric, let metric = options.metrics.first, let value = values[0]
    else { return nil }
    // What is not a number is worse than any.
    return value.isNaN ? -.infinity : metric.higherIsBetter ? value : -value
  }

  func isOutOfPatience(_ epoch: Int) -> Bool {
    guard let patience = options.earlyStopping?.patience, let best else { return false }
    return epoch - best.epoch >= patience
  }

  /// - Parameter lastGood: whether the parameters as they are now can't be used.
  func result(_ ending: TrainingEvent.Ending, lastGood: Bool) -> TrainingResult {
    let hasBest = options.earlyStopping != nil && best != nil
    let goesOn = ending == .interrupted && !lastGood && !hasBest && step.parametersAreFinite
    return TrainingResult(
      parameters: goesOn ? step.parameters : kept.parameters, epoch: kept.epoch, history: history, ending: ending,
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
private struct Score {
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
