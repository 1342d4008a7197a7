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
    let objective = try Objective(network, loss, samples, penalty: penalty, seed: seed, threads: threads)
    let first = if let start { start } else { try network.initialParameters(seed: seed) }
    var point = objective.point(first.vector)
    guard point.value.isFinite else {
      throw TrainingError.invalid(
        "the loss at the start is not finite: look for inputs or targets that are not numbers")
    }
    var curvatures = CurvatureMemory(capacity: memory)
    var losses = [point.value]
    func minimum(_ ending: Ending) -> Minimum {
      var parameters = first
      parameters.vector = point.theta
      return Minimum(parameters: parameters, losses: losses, evaluations: objective.evaluations, ending: ending)
    }
    while losses.count <= iterations {
      if stop?.isRequested ?? false { return minimum(.interrupted) }
      let steepest = point.gradient.elements.reduce(0) { max($0, Double(abs($1))) }
      if steepest <= tolerance { return minimum(.converged) }
      let direction = curvatures.direction(point.gradient)
      let slope = direction.view.inner(point.gradient.view)
      let line = LinePoint(length: 0, value: point.value, slope: slope)
      // Without curvature nothing says how long a step is: of the gradient's elements, the sum is to be one.
      let sum = point.gradient.elements.reduce(0) { $0 + Double(abs($1)) }
      let length = curvatures.isEmpty ? min(1, 1 / sum) : 1
      // Losses of rows are floats, and errors in their mean are some hundredths of one in theirs.
      let found = WolfeSearch(precision: 1e-9).point(from: line, first: length) {
        objective.point(point.theta, along: direction, length: $0)
      }
      guard slope < 0, let found, found.value < point.value else {
        // A memory that leads nowhere is given up; the gradient itself is tried once more.
        if curvatures.isEmpty { return minimum(.exhausted) }
        curvatures.forget()
        continue
      }
      curvatures.add(s: found.theta - point.theta, y: found.gradient - point.gradient)
      point = found
      losses.append(point.value)
    }
    return minimum(.iterations)
  }
}

extension Vector {
  fileprivate static func - (a: Vector, b: Vector) -> Vector {
    var difference = a
    difference.mutableView().addScaled(-1, b.view)
    return difference
  }
}

/// The loss over all samples, with a penalty, and its gradient, as functions of θ.
private final class Objective {
  private let step: TrainingStep
  private let rows: [Int32]
  private let penalty: Double
  private var parameters: Parameters
  private(set) var evaluations = 0

  init(
    _ network: Network, _ loss: any Loss, _ samples: Samples, penalty: Double, seed: UInt64, threads: Int?
  ) throws {
    guard samples.count > 0, samples.count <= Int32.max else {
      throw TrainingError.invalid("L-BFGS takes from one row to as many as 32 bits number, not \(samples.count)")
    }
    step = try TrainingStep(
      network, loss: loss, samples: samples, batchSize: samples.count, seed: seed,
      workers: WorkerPool(threads: threads))
    rows = [Int32](0..<Int32(samples.count))
    parameters = try network.zeroParameters()
    self.penalty = penalty
  }

  /// - Parameters:
  ///   - direction: of a line; nil: none.
  ///   - length: how far along it.
  func point(_ theta: Vector, along direction: Vector? = nil, length: Double = 0) -> LinePoint {
    var theta = theta
    if let direction { theta.mutableView().addScaled(Float(length), direction.view) }
    parameters.vector = theta
    step.parameters = parameters
    evaluations += 1
    var value = rows.withUnsafeBufferPointer { step.differentiate(rows: $0, step: 0) }
    var gradient = step.gradient.vector
    if penalty > 0 {
      value += penalty / 2 * theta.view.sumOfSquares
      gradient.mutableView().addScaled(Float(penalty), theta.view)
    }
    let slope = direction.map { $0.view.inner(gradient.view) } ?? 0
    return LinePoint(length: length, value: value, slope: slope, theta: theta, gradient: gradient)
  }
}
