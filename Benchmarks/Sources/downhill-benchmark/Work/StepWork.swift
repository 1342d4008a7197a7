import Downhill

/// Steps of training as a user gets them, on one batch in memory.
final class StepWork: Work {
  private let training: TrainingStep
  private let rows: [Int32]
  private var number = 0

  /// - Throws: `NetworkError` where the layers make no network.
  init(_ request: WorkRequest) throws {
    let network = request.network
    training = try TrainingStep(
      network, loss: .crossEntropy,
      samples: randomSamples(rows: request.batch, inputs: network.inputs.count, classes: network.outputs().count),
      batchSize: request.batch, rule: UpdateRule(request.optimizerInUse),
      workers: WorkerPool(threads: request.threads))
    training.parameters = try network.initialParameters(seed: 0)
    rows = (0..<Int32(request.batch)).map { $0 }
  }

  func run(count: Int) {
    rows.withUnsafeBufferPointer { rows in
      for _ in 0..<count {
        training.run(rows: rows, step: number, settings: UpdateSettings(rate: 1e-3))
        number += 1
      }
    }
  }
}
