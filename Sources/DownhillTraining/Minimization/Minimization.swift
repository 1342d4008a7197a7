internal import DownhillCompute
internal import DownhillNetwork

/// L-BFGS under way on the loss of a training step over all its samples. θ is where the step has it.
///
/// What the next iteration depends on besides θ is the memory of curvatures: loss and gradient are worked out again, to the
/// same bits.
final class Minimization {
  private let settings: LBFGS
  private let objective: Objective
  private var curvatures: CurvatureMemory
  private var current: LinePoint?
  /// That the last iteration found no lower loss.
  private var isExhausted = false

  init(_ settings: LBFGS, _ step: TrainingStep, rows: Int) {
    self.settings = settings
    objective = Objective(step, rows: rows, penalty: settings.penalty)
    curvatures = CurvatureMemory(capacity: settings.memory)
  }

  var evaluations: Int { objective.evaluations }

  private var point: LinePoint {
    if let current { return current }
    let point = objective.pointOfStep()
    current = point
    return point
  }

  /// The loss with the penalty.
  var value: Double { point.value }
  /// The loss alone.
  var loss: Double { point.value - objective.penaltyValue(point.theta) }

  /// Whether no element of the gradient is above the tolerance.
  var isFlat: Bool {
    point.gradient.elements.reduce(0) { max($0, Double(abs($1))) } <= settings.tolerance
  }

  /// Whether there is nothing to be gained by going on.
  var hasConverged: Bool { isExhausted || isFlat }

  /// One step along one line.
  /// - Returns: how long it was, of the direction's length; nil: no lower loss was found, and θ is what it was.
  func iterate() -> Double? {
    let start = point
    defer { objective.settle(at: point.theta) }
    while true {
      let direction = curvatures.direction(start.gradient)
      let slope = direction.view.inner(start.gradient.view)
      let line = LinePoint(length: 0, value: start.value, slope: slope)
      // Without curvature nothing says how long a step is: of the gradient's elements, the sum is to be one.
      let sum = start.gradient.elements.reduce(0) { $0 + Double(abs($1)) }
      let length = curvatures.isEmpty ? min(1, 1 / sum) : 1
      if slope < 0 {
        // Losses of rows are floats, and errors in their mean are some hundredths of one in theirs.
        let found = WolfeSearch(precision: 1e-9).point(from: line, first: length) {
          objective.point(start.theta, along: direction, length: $0)
        }
        if let found, found.value < start.value {
          curvatures.add(s: found.theta - start.theta, y: found.gradient - start.gradient)
          current = found
          return found.length
        }
      }
      // A memory that leads nowhere is given up; the gradient itself is tried once more.
      if curvatures.isEmpty {
        isExhausted = true
        return nil
      }
      curvatures.forget()
    }
  }

  /// What is remembered besides θ: to go on, set the step's parameters before this.
  var state: [Vector] {
    get { curvatures.vectors }
    set {
      curvatures.vectors = newValue
      (current, isExhausted) = (nil, false)
    }
  }
}

extension Vector {
  fileprivate static func - (a: Vector, b: Vector) -> Vector {
    var difference = a
    difference.mutableView().addScaled(-1, b.view)
    return difference
  }
}
