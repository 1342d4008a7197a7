internal import DownhillCompute
internal import DownhillNetwork

/// The loss over all samples of a step, with a penalty λ/2 ‖θ‖², and its gradient, as functions of θ.
final class Objective {
  private let step: TrainingStep
  private let rows: [Int32]
  private let penalty: Double
  private var parameters: Parameters
  private(set) var evaluations = 0

  init(_ step: TrainingStep, rows: Int, penalty: Double) {
    self.step = step
    self.rows = [Int32](0..<Int32(rows))
    self.penalty = penalty
    parameters = step.parameters
  }

  /// At the parameters that the step has.
  func pointOfStep() -> LinePoint { point(step.parameters.vector) }

  /// - Parameters:
  ///   - direction: of a line; nil: none.
  ///   - length: how far along it.
  func point(_ theta: Vector, along direction: Vector? = nil, length: Double = 0) -> LinePoint {
    var theta = theta
    if let direction { theta.mutableView().addScaled(Float(length), direction.view) }
    settle(at: theta)
    evaluations += 1
    var value = rows.withUnsafeBufferPointer { step.differentiate(rows: $0, step: 0) }
    var gradient = step.gradient.vector
    if penalty > 0 {
      value += penaltyValue(theta)
      gradient.mutableView().addScaled(Float(penalty), theta.view)
    }
    let slope = direction.map { $0.view.inner(gradient.view) } ?? 0
    return LinePoint(length: length, value: value, slope: slope, theta: theta, gradient: gradient)
  }

  func penaltyValue(_ theta: Vector) -> Double { penalty > 0 ? penalty / 2 * theta.view.sumOfSquares : 0 }

  /// Leaves the step at these parameters.
  func settle(at theta: Vector) {
    parameters.vector = theta
    step.parameters = parameters
  }
}
