public import DownhillCompute

/// Holds a loss against everything that `Loss` promises and that training relies on: a derivative that agrees with central
/// differences; rows that don't depend on how the batch is cut; weights that weigh; the same sum with the derivative asked for
/// and without; the same loss where it is fused with the last layer; the same value after encoding and decoding.
///
/// - Parameters:
///   - predictions: rows such as the last layer gives them, away from kinks.
///   - targets: what they should have been.
///   - last: the layer that the loss stands behind.
/// - Returns: what it found; nothing is what you want.
/// - Throws: `NetworkError` where predictions and targets don't fit together.
public func checkConformance(
  of loss: some Loss, predictions: Matrix, targets: Targets, last: any Layer = Identity(), tolerance: Double = 1e-3,
  seed: UInt64 = 1
) throws(NetworkError) -> [ConformanceViolation] {
  var violations: [ConformanceViolation] = []
  func report(_ text: String) { violations.append(ConformanceViolation("\(loss): \(text)")) }
  if let problem = codingProblem(of: loss) { report(problem) }
  if let objection = loss.objection(outputs: predictions.columns, last: last, targets: targets) {
    report("it refuses these targets behind \(last): \(objection)")
    return violations
  }

  let rows = predictions.rows
  var random = RandomStream(seed: seed, purpose: .check, index: 4)
  let weights = (0..<rows).map { $0 % 4 == 3 ? 0 : Float(0.5 + random.uniform()) }
  for weights in [nil, weights] {
    let check = try checkDerivative(
      of: loss, predictions: predictions, targets: targets, weights: weights, seed: seed)
    if !check.passes(tolerance: tolerance) {
      report("with\(weights == nil ? "out" : "") weights its derivative differs from central differences\n\(check)")
    }
  }

  let trial = LossTrial(loss, predictions, targets)
  let whole = trial.run(weights: weights)
  if let row = whole.error.firstIndex(where: { !$0.isFinite }) {
    report("the derivative with respect to element \(row) is \(whole.error[row])")
  }
  let cut = trial.run(weights: weights, rowsPerTile: 3)
  if cut.error.map(\.bitPattern) != whole.error.map(\.bitPattern) || !isNear(cut.sum, whole.sum) {
    report("cutting the batch into tiles of rows changes the result")
  }
  if !isNear(trial.run(weights: weights, wantsError: false).sum, whole.sum) {
    report("its sum is another when no derivative is asked for")
  }
  for (row, weight) in weights.enumerated() where weight == 0 {
    let part = whole.error[row * predictions.columns..<(row + 1) * predictions.columns]
    if part.contains(where: { $0 != 0 }) { report("row \(row), whose weight is 0, has a derivative") }
  }
  let twice = trial.run(weights: weights.map { 2 * $0 })
  if !isNear(twice.sum, 2 * whole.sum)
    || !zip(twice.error, whole.error).allSatisfy({ isNear(Double($0), 2 * Double($1)) })
  {
    report("twice the weights aren't twice the sum and twice the derivative")
  }
  if let counts = loss.rowCounts(for: targets) {
    if counts.count != rows {
      report("rowCounts has \(counts.count) numbers for \(rows) rows")
    } else if let wrong = counts.first(where: { !($0 >= 0 && $0.isFinite) }) {
      report("a row counts \(wrong) in the mean; finite numbers from 0 up do")
    }
  }
  if let fused = loss.fused(with: last) {
    let inputs = Matrix.normal(rows: rows, columns: predictions.columns, seed: seed, index: 5)
    let apart = try Network(inputs: Shape([inputs.columns]), layers: [last]).outputs(of: inputs)
    let (one, two) = (LossTrial(fused, inputs, targets).run().sum, LossTrial(loss, apart, targets).run().sum)
    if !isNear(one, two) { report("fused with \(last) it sums up to \(one), and behind it to \(two)") }
  }
  return violations
}

/// To the precision of the 32-bit floats that losses are worked out from.
private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-5 * max(1e-3, abs(a), abs(b)) }

extension Network {
  /// The outputs for some inputs with parameters that nothing depends on: there are none.
  fileprivate func outputs(of inputs: Matrix) throws(NetworkError) -> Matrix {
    try Predictor(self, parameters: try zeroParameters()).predict(inputs)
  }
}

/// A loss run by hand.
private struct LossTrial {
  let loss: any Loss
  let predictions: Matrix
  let targets: Targets

  init(_ loss: any Loss, _ predictions: Matrix, _ targets: Targets) {
    (self.loss, self.predictions, self.targets) = (loss, predictions, targets)
  }

  /// The sum over the rows, and its derivative times 1/2 (a scale like any other); 0 where none is asked for.
  func run(weights: [Float]? = nil, rowsPerTile: Int? = nil, wantsError: Bool = true) -> (sum: Double, error: [Float]) {
    var error = Matrix(rows: predictions.rows, columns: predictions.columns)
    let samples = Samples(inputs: predictions, targets: targets, weights: weights)
    let sum = error.withMutableView { error in
      samples.withViews { inputs, targets, weights in
        stride(from: 0, to: inputs.rows, by: rowsPerTile ?? inputs.rows).reduce(0.0) { sum, first in
          let rows = first..<min(first + (rowsPerTile ?? inputs.rows), inputs.rows)
          return sum
            + loss.evaluate(
              LossPass(
                prediction: inputs[rows: rows], target: targets[rows: rows],
                error: wantsError ? error[rows: rows] : nil,
                scale: 0.5, weights: weights.map { $0 + first }))
        }
      }
    }
    return (sum, error.elements)
  }
}
