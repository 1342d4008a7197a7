public import DownhillCompute
public import DownhillNetwork

/// Holds a metric against everything that `Metric` promises and that training relies on: a value that depends on no order of the
/// rows; weights that weigh, so that a row of weight 0 is as good as absent and one of weight 2 counts as two; perfect outputs
/// at least as good as these; no value, rather than one that is not finite, where there is none.
///
/// - Parameters:
///   - outputs: of a network, a row a sample, of which not all are right.
///   - samples: with the targets. Their weights are not looked at.
/// - Returns: what it found; nothing is what you want.
public func checkConformance(of metric: some Metric, outputs: Matrix, samples: Samples) -> [ConformanceViolation] {
  var violations: [ConformanceViolation] = []
  func report(_ text: String) { violations.append(ConformanceViolation("\(metric.name): \(text)")) }
  if metric.name.isEmpty { report("a metric without a name can't be shown") }
  let trial = MetricTrial(metric, outputs, samples)
  let rows = [Int](0..<samples.count)
  guard let value = trial.value(rows) else {
    report("it has no value for these outputs")
    return violations
  }
  if !value.isFinite { report("its value is \(value); where there is none, it is nil") }

  func compare(_ other: Double?, _ what: String) {
    // As far as sums in another order may differ.
    guard let other, abs(other - value) <= 1e-5 * max(1, abs(value)) else {
      return report("\(what): \(other.map { "\($0)" } ?? "nothing"), not \(value)")
    }
  }
  compare(trial.value(rows.reversed()), "its value with the rows in another order")
  compare(trial.value(rows, weights: rows.map { _ in 1 }), "its value where all weights are 1")
  compare(trial.value(rows, weights: rows.map { _ in 3 }), "its value where all weights are 3")
  let doubled = rows.filter { $0 % 3 == 0 }
  if let repeated = trial.value(rows + doubled) {
    let weighed = trial.value(rows, weights: rows.map { $0 % 3 == 0 ? 2 : 1 })
    if weighed.map({ abs($0 - repeated) > 1e-5 * max(1, abs(repeated)) }) ?? true {
      report("weights of 2 give \(weighed.map { "\($0)" } ?? "nothing"), and those rows twice \(repeated)")
    }
  }
  if let without = trial.value(doubled) {
    let weighed = trial.value(rows, weights: rows.map { $0 % 3 == 0 ? 1 : 0 })
    if weighed.map({ abs($0 - without) > 1e-5 * max(1, abs(without)) }) ?? true {
      report("weights of 0 give \(weighed.map { "\($0)" } ?? "nothing"), and without those rows it is \(without)")
    }
  }
  if let perfect = trial.valueOfPerfectOutputs(),
    metric.higherIsBetter ? perfect < value - 1e-6 : perfect > value + 1e-6
  {
    report(
      "it is \(value), and \(perfect) for perfect outputs, although \(metric.higherIsBetter ? "more" : "less") is better"
    )
  }
  return violations
}

/// A metric asked about some of the rows.
private struct MetricTrial {
  let metric: any Metric
  let outputs: Matrix
  let targets: Targets

  init(_ metric: any Metric, _ outputs: Matrix, _ samples: Samples) {
    (self.metric, self.outputs, targets) = (metric, outputs, samples.targets)
  }

  func value(_ rows: [Int], weights: [Float]? = nil) -> Double? {
    let targets: Targets =
      switch targets {
      case .classes(let classes): .classes(rows.map { classes[$0] })
      case .values(let values): .values(Self.select(rows, of: values))
      }
    let outputs = Self.select(rows, of: outputs)
    return metric.value(of: outputs, for: Samples(inputs: outputs, targets: targets, weights: weights))
  }

  func valueOfPerfectOutputs() -> Double? {
    switch targets {
    case .values(let values): return metric.value(of: values, for: Samples(inputs: values, targets: targets))
    case .classes(let classes):
      // One column is the probability of class 1.
      let columns = outputs.columns
      let perfect = classes.map { label in
        (0..<columns).map { columns == 1 ? Float(label) : $0 == Int(label) ? 1 : 0 }
      }
      let matrix = Matrix(perfect)
      return metric.value(of: matrix, for: Samples(inputs: matrix, targets: targets))
    }
  }

  private static func select(_ rows: [Int], of matrix: Matrix) -> Matrix {
    let elements = matrix.elements
    return Matrix(
      rows: rows.count, columns: matrix.columns,
      elements: rows.flatMap { elements[$0 * matrix.columns..<($0 + 1) * matrix.columns] })
  }
}
