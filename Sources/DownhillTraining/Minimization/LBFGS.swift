internal import DownhillCompute
public import DownhillNetwork

/// L-BFGS: steps on all samples at once, in directions that take the loss's curvature into account as the last steps showed
/// it, each as long as a line search finds good (Liu and Nocedal, "On the limited memory BFGS method for large scale
/// optimization", 1989).
///
///     let minimum = try LBFGS(penalty: 1e-3).minimize(network, loss: .crossEntropy, samples: samples)
///
/// For small networks and few samples, where it gets to a minimum in few steps. What the loss is must not change from one
/// evaluation to the next: random layers keep the numbers of the first.
public struct LBFGS: Sendable, Codable, Equatable {
  /// How many steps are remembered, at least 1.
  public var memory: Int
  /// Steps, at most.
  public var iterations: Int
  /// Training ends where no element of the gradient is larger.
  public var tolerance: Double
  /// λ of an L2 penalty λ/2 ‖θ‖² on the loss.
  public var penalty: Double

  public init(memory: Int = 10, iterations: Int = 200, tolerance: Double = 1e-5, penalty: Double = 0) {
    self.memory = memory
    self.iterations = iterations
    self.tolerance = tolerance
    self.penalty = penalty
  }

  /// What is wrong with the settings; nil: nothing.
  public var objection: String? {
    if memory < 1 { return "L-BFGS remembers at least one step, not \(memory)" }
    if iterations < 0 { return "L-BFGS takes no fewer than 0 iterations, not \(iterations)" }
    if !(tolerance >= 0) { return "L-BFGS's tolerance is at least 0, not \(tolerance)" }
    return penalty >= 0 && penalty.isFinite ? nil : "a penalty is a number of at least 0, not \(penalty)"
  }

  /// Where it came to.
  public struct Minimum: Sendable {
    public let parameters: Parameters
    /// The loss over all samples with the penalty, before the first step and after each.
    public let losses: [Double]
    /// How often loss and gradient were worked out.
    public let evaluations: Int
    public let ending: Ending
  }

  public enum Ending: Sendable, Equatable {
    /// No element of the gradient is larger than the tolerance.
    case converged
    /// No lower loss was found, although the gradient isn't that small: the precision of floats ends here.
    case exhausted
    /// As many steps as there may be.
    case iterations
    /// Someone asked to stop.
    case interrupted
  }

  /// - Parameters:
  ///   - start: the first parameters; nil: initial ones, drawn by the seed.
  ///   - threads: at most; they change the speed, never the result.
  /// - Throws: `NetworkError` where network, loss and samples don't fit together; `TrainingError`.
  public func minimize(
    _ network: Network, loss: any Loss, samples: Samples, from start: Parameters? = nil, seed: UInt64 = 0,
    threads: Int? = nil, stop: StopSignal? = nil
  ) throws -> Minimum {
    if let objection { throw TrainingError.invalid(objection) }
    guard samples.count > 0, samples.count <= Int32.max else {
      throw TrainingError.invalid("L-BFGS takes from one row to as many as 32 bits number, not \(samples.count)")
    }
    let step = try TrainingStep(
      network, loss: loss, samples: samples, batchSize: samples.count, seed: seed,
      workers: WorkerPool(threads: threads))
    step.parameters = if let start { start } else { try network.initialParameters(seed: seed) }
    let minimization = Minimization(self, step, rows: samples.count)
    var losses = [minimization.value]
    guard losses[0].isFinite else {
      throw TrainingError.invalid(
        "the loss at the start is not finite: look for inputs or targets that are not numbers")
    }
    func minimum(_ ending: Ending) -> Minimum {
      Minimum(parameters: step.parameters, losses: losses, evaluations: minimization.evaluations, ending: ending)
    }
    while losses.count <= iterations {
      if stop?.isRequested ?? false { return minimum(.interrupted) }
      if minimization.isFlat { return minimum(.converged) }
      guard minimization.iterate() != nil else { return minimum(.exhausted) }
      losses.append(minimization.value)
    }
    return minimum(.iterations)
  }
}
