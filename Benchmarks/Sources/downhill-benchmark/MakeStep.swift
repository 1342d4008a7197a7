import Downhill

/// One step of training as a user gets it: the classifier with ReLU between its layers, on a batch in memory.
/// - Throws: `NetworkError` where the layers make no network.
func makeStep(layers: [Int], batch: Int, threads: Int) throws -> () -> Void {
  let outputs = layers[layers.count - 1]
  let network = Network(inputs: Shape([layers[0]])) {
    for width in layers[1..<layers.count - 1] {
      Linear(width)
      ReLU()
    }
    Linear(outputs)
    Softmax()
  }
  var random = RandomStream(seed: 0, purpose: .check)
  let inputs = (0..<batch * layers[0]).map { _ in Float(random.normal()) }
  let classes = (0..<batch).map { _ in Int32(Double(outputs) * random.uniform()) }
  let samples = Samples(
    inputs: Matrix(rows: batch, columns: layers[0], elements: inputs), targets: .classes(classes))

  let training = try TrainingStep(
    network, loss: .crossEntropy, samples: samples, batchSize: batch, workers: WorkerPool(threads: threads))
  training.parameters = try network.initialParameters(seed: 0)
  let update = Momentum(0.9).makeState(count: try network.parameterCount())
  let rows = (0..<Int32(batch)).map { $0 }
  var number = 0
  return {
    update.begin(step: number, rate: 1e-3)
    rows.withUnsafeBufferPointer { _ = training.run(rows: $0, step: number, update: update) }
    number += 1
  }
}
