import Downhill

/// Predictions of a batch into memory that is there already; of a single row by the call for single rows.
final class PredictionWork: Work {
  private let predictor: Predictor
  private let inputs: Matrix
  private var outputs: Matrix
  private let row: [Float]
  private var output: [Float]

  init(_ request: WorkRequest) throws {
    let layers = request.layers
    let network = classifier(layers, activation: request.activation)
    predictor = try Predictor(
      network, parameters: network.initialParameters(seed: 0), workers: WorkerPool(threads: request.threads))
    inputs = randomSamples(rows: request.batch, inputs: layers[0], classes: layers[layers.count - 1]).inputs
    outputs = Matrix(rows: request.batch, columns: layers[layers.count - 1])
    row = inputs.row(0)
    output = [Float](repeating: 0, count: layers[layers.count - 1])
  }

  func run(count: Int) {
    if inputs.rows == 1 {
      row.withUnsafeBufferPointer { row in
        output.withUnsafeMutableBufferPointer { output in
          for _ in 0..<count {
            var output = output.mutableSpan
            predictor.predict(row: row.span, into: &output)
          }
        }
      }
    } else {
      inputs.withView { inputs in
        outputs.withMutableView { outputs in
          for _ in 0..<count { predictor.predict(inputs, into: outputs) }
        }
      }
    }
  }
}
