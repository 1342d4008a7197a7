internal import DownhillCompute

/// Holds a layer against everything that `Layer` promises and that training relies on, for each of the shapes and
/// batch sizes: derivatives that agree with central differences; rows that don't depend on how the batch is cut,
/// unless it says so; parts of ∇θ that don't depend on how θ is cut; in place the same as not in place; nothing read
/// that it says it doesn't read; the same value after encoding and decoding.
///
/// - Returns: what it found; nothing is what you want.
/// - Throws: `NetworkError` where the layer refuses a shape.
public func checkConformance(
  of layer: some Layer, inputs shapes: [Shape], batches: [Int] = [1, 2, 17], tolerance: Double = 1e-3,
  seed: UInt64 = 1
) throws(NetworkError) -> [ConformanceViolation] {
  var violations: [ConformanceViolation] = []
  if let problem = codingProblem(of: layer) { violations.append(ConformanceViolation("\(layer): \(problem)")) }
  for shape in shapes {
    for rows in batches {
      func report(_ text: String) {
        violations.append(ConformanceViolation("\(layer), \(rows) rows of \(shape): \(text)"))
      }
      let check = try checkDerivatives(of: layer, inputs: shape, rows: rows, seed: seed)
      if !check.passes(tolerance: tolerance) { report("derivatives differ from central differences\n\(check)") }

      let trial = try LayerTrial(layer, inputs: shape, rows: rows, seed: seed)
      let whole = trial.run()
      if layer.rowCoupling == .rowByRow, trial.run(.init(rowsPerTile: 3)) != whole {
        report("cutting the batch into tiles of rows changes the result, but rowCoupling is .rowByRow")
      }
      if layer.gradientCut == .byParameters, trial.run(.init(rowsPerPiece: 2)) != whole {
        report("cutting a parameter into pieces changes its gradient, but gradientCut is .byParameters")
      }
      if layer.runsInPlace {
        let inPlace = trial.run(.init(inPlace: true))
        if inPlace.output != whole.output { report("forward in place differs from forward, but runsInPlace is true") }
        // In place, the input is gone; a layer whose derivatives read it is never run in place.
        if !layer.inputDerivativeReads.contains(.input), inPlace.inputError != whole.inputError {
          report("the input derivative in place differs, but runsInPlace is true")
        }
      }
      if layer.fusesActivation {
        for function in [Elementwise.relu, .mish] where !trial.fuses(function, output: whole.output) {
          report(
            "forward that applies \(function) differs from forward and then \(function), but fusesActivation is true")
        }
      }
      let prediction = trial.run(.init(mode: .prediction))
      if trial.run(.init(rowsPerTile: 3, mode: .prediction)) != prediction {
        report("cutting the rows into tiles changes the prediction")
      }
      if trial.run(.init(spoilsUnread: true)) != whole {
        report("a derivative reads an input or output that inputDerivativeReads or parameterDerivativeReads lacks")
      }
    }
  }
  return violations
}
