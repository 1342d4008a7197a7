public import DownhillNetwork

extension Trainer {
  /// The learning-rate range test: trains with a rate that grows by the same factor each step, and watches the loss (Smith,
  /// "Cyclical learning rates for training neural networks", 2017). A good rate is where the loss falls most steeply.
  ///
  /// Everything but rate, epochs and early stopping is as the options have it. The test ends early where the mean of the last
  /// losses is four times the lowest that it was, or not finite.
  ///
  /// - Parameters:
  ///   - start: the first parameters; nil: initial ones, drawn by the seed.
  ///   - stop: ends the test after the step under way; the curve is as far as it came.
  /// - Throws: as `train` does; never for a loss that runs away.
  public func findRate(
    _ samples: Samples, range: RateRange = RateRange(), from start: Parameters? = nil, stop: StopSignal? = nil
  ) throws -> RateCurve {
    if let objection = range.objection { throw TrainingError.invalid(objection) }
    if options.minimizer != nil {
      throw TrainingError.invalid("L-BFGS has no learning rate to look for: it finds the length of each step itself")
    }
    let batch = options.batchSize.rows(of: samples.count)
    let stepsPerEpoch = max(1, (samples.count + batch - 1) / max(1, batch))
    let epochs = (range.steps + stepsPerEpoch - 1) / stepsPerEpoch
    var options = options
    options.learningRate = range.lowest
    options.schedule = RangeTest(range: range, totalSteps: epochs * stepsPerEpoch)
    (options.momentumSchedule, options.decaySchedule, options.dropoutSchedule) = (nil, nil, nil)
    options.epochs = epochs
    options.endsAfter = nil
    options.earlyStopping = nil
    options.metrics = []

    let end = StopSignal()
    var (rates, losses): ([Double], [Double]) = ([], [])
    var watch = Watch()
    do {
      _ = try Trainer(network, loss: loss, options: options).train(samples, from: start, stop: end) { event in
        guard case .step(let step) = event else { return }
        rates.append(step.rate)
        losses.append(step.loss)
        watch.see(step.loss)
        if watch.hasDiverged || rates.count == range.steps || stop?.isRequested == true { end.request() }
      }
    } catch TrainingError.diverged {
      watch.hasDiverged = true
    }
    return RateCurve(rates: rates, losses: losses, diverged: watch.hasDiverged)
  }
}

/// Follows the mean of the last losses.
private struct Watch {
  private var mean = 0.0
  private var weight = 0.0
  private var lowest = Double.infinity
  private var seen = 0
  var hasDiverged = false

  /// Of what the mean was, this much stays at each step.
  private static let memory = 0.9

  mutating func see(_ loss: Double) {
    mean = Self.memory * mean + (1 - Self.memory) * loss
    weight = Self.memory * weight + (1 - Self.memory)
    seen += 1
    // The first few losses are of the start alone.
    if seen > 10, mean / weight > 4 * lowest { hasDiverged = true }
    lowest = min(lowest, mean / weight)
  }
}
