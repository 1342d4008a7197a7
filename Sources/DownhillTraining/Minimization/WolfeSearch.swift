package import DownhillCompute

/// A point on a line through θ, at θ + `length` · direction.
package struct LinePoint {
  package let length: Double
  /// φ(length), the loss there.
  package let value: Double
  /// φ′(length)
  package let slope: Double
  let theta: Vector
  let gradient: Vector

  package init(length: Double, value: Double, slope: Double, theta: Vector = [], gradient: Vector = []) {
    (self.length, self.value, self.slope) = (length, value, slope)
    (self.theta, self.gradient) = (theta, gradient)
  }
}

/// Finds a point on a line that meets the strong Wolfe conditions,
///
///     φ(t) ≤ φ(0) + c₁ t φ′(0)   and   |φ′(t)| ≤ c₂ |φ′(0)|,
///
/// by going on until a stretch must hold one, then narrowing that by cubic interpolation (Nocedal and Wright, "Numerical
/// optimization", 2006, algorithms 3.5 and 3.6).
package struct WolfeSearch {
  package var decrease = 1e-4
  package var curvature = 0.9
  package var mostEvaluations = 25
  /// Relative to the value: a stretch on which there is less to gain is not narrowed further.
  package var precision: Double

  package init(precision: Double = 0) { self.precision = precision }

  /// - Parameters:
  ///   - start: the point at 0, whose slope is below 0.
  ///   - first: the length that is tried first.
  ///   - evaluate: the point at a length.
  /// - Returns: a point that meets the conditions, or the lowest found where evaluations run out; nil: none is lower than the
  ///   start.
  package func point(from start: LinePoint, first: Double, _ evaluate: (Double) -> LinePoint) -> LinePoint? {
    var previous = start, length = first
    for evaluation in 1...mostEvaluations {
      let point = evaluate(length)
      let isHigher = evaluation > 1 && point.value >= previous.value
      if isTooHigh(point, start) || isHigher {
        return narrow(previous, point, start, left: mostEvaluations - evaluation, evaluate)
      }
      if isFlat(point, start) { return point }
      if point.slope >= 0 { return narrow(point, previous, start, left: mostEvaluations - evaluation, evaluate) }
      let next = Self.cubicMinimum(previous, point)
      length = min(max(next ?? 0, 2 * point.length), 10 * point.length)
      previous = point
    }
    return previous
  }

  /// Also where it is not a number.
  private func isTooHigh(_ point: LinePoint, _ start: LinePoint) -> Bool {
    !(point.value <= start.value + decrease * point.length * start.slope)
  }

  private func isFlat(_ point: LinePoint, _ start: LinePoint) -> Bool { abs(point.slope) <= -curvature * start.slope }

  /// - Parameters:
  ///   - low: the end with the lower value, from which the way to the other goes down.
  ///   - left: how many evaluations there may still be.
  private func narrow(
    _ low: LinePoint, _ high: LinePoint, _ start: LinePoint, left: Int, _ evaluate: (Double) -> LinePoint
  ) -> LinePoint? {
    var (low, high) = (low, high)
    for _ in 0..<max(0, left) {
      let (first, last) = (min(low.length, high.length), max(low.length, high.length))
      let margin = 0.1 * (last - first)
      if margin <= 1e-10 * last || abs(low.slope) * (last - first) < precision * abs(low.value) { break }
      let middle = Self.cubicMinimum(low, high) ?? (first + last) / 2
      let point = evaluate(min(max(middle, first + margin), last - margin))
      if isTooHigh(point, start) || point.value >= low.value {
        high = point
      } else {
        if isFlat(point, start) { return point }
        if point.slope * (high.length - low.length) >= 0 { high = low }
        low = point
      }
    }
    return low.length > 0 ? low : nil
  }

  /// Where the cubic with the values and slopes of two points is lowest; nil: nowhere.
  private static func cubicMinimum(_ a: LinePoint, _ b: LinePoint) -> Double? {
    let secant = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length)
    let square = secant * secant - a.slope * b.slope
    guard square >= 0, square.isFinite else { return nil }
    let root = (b.length >= a.length ? 1.0 : -1) * square.squareRoot()
    let length = b.length - (b.length - a.length) * (b.slope + root - secant) / (b.slope - a.slope + 2 * root)
    return length.isFinite ? length : nil
  }
}
