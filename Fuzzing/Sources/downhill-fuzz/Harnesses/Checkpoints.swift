import Downhill
import Glibc

/// Checkpoints, as documents like those of models. One that is read is gone on with, by the training that it may be of.
let checkpoints = Harness(name: "checkpoints", isJSON: true, seeds: { try checkpointSeeds() }) { bytes in
  guard let contents = SealedFile(bytes).flatMap({ file in attempt { try file.encoded() } }) else { return }
  let file = MemoryFile(contents)
  guard let checkpoint = attempt({ try Checkpoint(reading: file.path) }) else { return }
  _ = attempt { try training().train(trained, validation: held, resuming: checkpoint) }
}

private let trained = Samples(
  inputs: Matrix(rows: 7, columns: 2, elements: (0..<14).map { Float($0 % 5) - 2 }),
  targets: .classes((0..<7).map { Int32($0 % 2) }))
private let held = Samples(
  inputs: Matrix(rows: 2, columns: 2, elements: [1, 0, -1, 2]), targets: .classes([0, 1]))

private func training(_ folder: String? = nil) -> Trainer {
  let network = Network(inputs: 2) {
    Linear(3)
    Tanh()
    Linear(2)
    Softmax()
  }
  var options = TrainingOptions()
  options.optimizer = Adam()
  options.learningRate = 0.01
  options.batchSize = .rows(3)
  options.epochs = 3
  options.earlyStopping = EarlyStopping(patience: 3)
  options.threads = 1
  options.checkpointing = folder.map { Checkpointing(CheckpointFolder($0, keepsLast: 9), every: .steps(1)) }
  return Trainer(network, loss: .crossEntropy, options: options)
}

/// One after each step.
private func checkpointSeeds() throws -> [[UInt8]] {
  let folder = Folder("/tmp/downhill-fuzz-\(UInt64.random(in: 0 ... .max))")
  var seeds: [[UInt8]] = []
  _ = try training(folder.path).train(trained, validation: held) { event in
    if case .checkpoint(let path) = event, let file = try? SafetensorsFile(reading: path) {
      seeds.append(SealedFile.document(of: file))
    }
  }
  for name in try folder.names() { folder.remove(name) }
  rmdir(folder.path)
  return seeds
}
