import DownhillCompute
import DownhillFiles
import DownhillNetwork
import DownhillTraining
import Foundation
import Testing

@Suite("Checkpoints") struct CheckpointTests {
  static let network = Network(inputs: 5) {
    Linear(9)
    Residual {
      Tanh(); Linear(9); Dropout(0.2)
    }
    Linear(3)
    Softmax()
  }

  static func samples(_ rows: Int, seed: UInt64) -> Samples {
    var random = RandomStream(seed: seed, purpose: .check)
    let inputs = Matrix(rows: rows, columns: 5, elements: (0..<rows * 5).map { _ in Float(random.normal()) })
    return Samples(inputs: inputs, targets: .classes((0..<rows).map { _ in Int32(random.uniform() * 3) }))
  }

  static let training = samples(70, seed: 1)
  static let held = samples(30, seed: 2)

  static let optimizers: [any Optimizer] = [
    GradientDescent(), Momentum(0.9), Nesterov(0.8, weightDecay: .l2(0.01)), Adam(), .adamW(decay: 0.1),
  ]

  static func options(_ optimizer: any Optimizer, folder: String? = nil) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = optimizer
    options.learningRate = 0.02
    options.schedule = CosineSchedule()
    options.batchSize = .rows(16)
    options.epochs = 6
    options.earlyStopping = EarlyStopping(patience: 4)
    options.average = MovingAverage(0.9)
    options.seed = 5
    options.threads = 1
    options.checkpointing = folder.map { Checkpointing(CheckpointFolder($0), every: .steps(3)) }
    return options
  }

  /// A folder of its own that goes with the test.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "downhill-checkpoints-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test("A checkpoint that claims what can't be is refused, whatever its checksum")
  func impossible() throws {
    try Self.withFolder { folder in
      let trainer = Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam(), folder: folder))
      let stop = StopSignal()
      _ = try trainer.train(Self.training, validation: Self.held, stop: stop) { event in
        if case .step(let step) = event, step.step == 13 { stop.request() }
      }
      let good = try SafetensorsFile(reading: CheckpointFolder(folder).latestPath())
      let content = try #require(good.metadata["checkpoint"])
      func outcome(_ found: String, _ written: String) throws -> String {
        var metadata = good.metadata
        let start = try #require(content.range(of: "\"progress\":")).lowerBound
        let place = try #require(content.range(of: found, range: start..<content.endIndex), "\(found) in \(content)")
        metadata["checkpoint"] = content.replacingCharacters(in: place, with: written)
        let path = folder + "/changed"
        try SafetensorsFile.write(good.entries.map { try good.tensor($0.name) }, metadata: metadata, to: path)
        do {
          _ = try trainer.train(Self.training, validation: Self.held, resuming: Checkpoint(reading: path))
          return "went on"
        } catch { return "\(error)" }
      }
      // 70 rows in batches of 16 are 5 steps an epoch: 13 of them are 48 rows of the third.
      #expect(try outcome("\"steps\":13", "\"steps\":13") == "went on")
      for (found, written) in [
        ("\"steps\":13", "\"steps\":-9223372036854775808"), ("\"steps\":13", "\"steps\":12"),
        ("\"rows\":48", "\"rows\":-16"), ("\"rows\":48", "\"rows\":47"), ("\"rows\":48", "\"rows\":80"),
        ("\"keptEpoch\":", "\"keptEpoch\":9"), ("\"backOff\":1", "\"backOff\":0"),
        ("\"weightSum\":", "\"weightSum\":-"),
      ] {
        #expect(try outcome(found, written).contains("damaged"), "\(written)")
      }
    }
  }

  @Test("A training stopped after any step goes on to the same bits", arguments: optimizers.indices)
  func resumesToTheSameBits(index: Int) throws {
    let trainer = { (folder: String?) in
      Trainer(Self.network, loss: .crossEntropy, options: Self.options(Self.optimizers[index], folder: folder))
    }
    let whole = try trainer(nil).train(Self.training, validation: Self.held)
    for last in [0, 1, 4, 5, 7, 12, 23] {
      try Self.withFolder { folder in
        let stop = StopSignal()
        if last == 0 { stop.request() }
        _ = try trainer(folder).train(Self.training, validation: Self.held, stop: stop) { event in
          if case .step(let step) = event, step.step == last { stop.request() }
        }
        let found = try #require(try CheckpointFolder(folder).latest())
        #expect(found.damaged.isEmpty && found.checkpoint.progress.steps == min(last, whole.history.last!.steps))
        let rest = try trainer(folder).train(Self.training, validation: Self.held, resuming: found.checkpoint)
        #expect(rest.parameters.vector.elements == whole.parameters.vector.elements, "stopped after \(last) steps")
        #expect(rest.epoch == whole.epoch && rest.ending == whole.ending)
        #expect(rest.history.map(\.loss) == whole.history.map(\.loss))
        #expect(rest.history.map(\.validationLoss) == whole.history.map(\.validationLoss))
        // What has ended stays as it ended.
        let end = try #require(try CheckpointFolder(folder).latest()).checkpoint
        let again = try trainer(folder).train(Self.training, validation: Self.held, resuming: end)
        #expect(again.parameters == whole.parameters && again.ending == whole.ending)
      }
    }
  }

  @Test("Only the last ones stay, and that of the best epoch")
  func foldersAreTidy() throws {
    try Self.withFolder { folder in
      var options = Self.options(Adam(), folder: folder)
      options.checkpointing?.folder.keepsLast = 3
      options.checkpointing?.every = .epochs(1)
      let result = try Trainer(Self.network, loss: .crossEntropy, options: options).train(
        Self.training, validation: Self.held)
      let names = try Folder(folder).names()
      #expect(names.filter { $0.hasPrefix("checkpoint-") }.count == 3)
      let best = try Checkpoint(reading: Folder(folder).file("best.safetensors"))
      #expect(best.progress.history.last?.epoch == result.epoch)
    }
  }

  @Test("A damaged checkpoint is passed over for the one before it, and is told of")
  func damageIsSurvived() throws {
    try Self.withFolder { folder in
      _ = try Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam(), folder: folder)).train(
        Self.training, validation: Self.held)
      let names = try Folder(folder).names().filter { $0.hasPrefix("checkpoint-") }
      #expect(names.count == 2)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: Folder(folder).file(names[1])))
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(fileURLWithPath: Folder(folder).file(names[1])))
      let found = try #require(try CheckpointFolder(folder).latest())
      #expect(found.damaged.count == 1 && found.damaged[0].kind == .malformed)
      #expect(names[0].contains("\(found.checkpoint.progress.steps)"))
      try Data("{}".utf8).write(to: URL(fileURLWithPath: Folder(folder).file(names[0])))
      #expect(throws: FileError.self) { try CheckpointFolder(folder).latest() }
    }
  }

  @Test("A checkpoint of another training is refused, and the message says what differs")
  func othersAreRefused() throws {
    try Self.withFolder { folder in
      _ = try Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam(), folder: folder)).train(
        Self.training, validation: Self.held)
      let checkpoint = try #require(try CheckpointFolder(folder).latest()).checkpoint
      func message(_ network: Network = Self.network, _ change: (inout TrainingOptions) -> Void = { _ in }) -> String {
        var options = Self.options(Adam())
        change(&options)
        do {
          _ = try Trainer(network, loss: .crossEntropy, options: options).train(
            Self.training, validation: Self.held, resuming: checkpoint)
          return ""
        } catch { return "\(error)" }
      }
      let wider = Network(inputs: 5) {
        Linear(11); Linear(3); Softmax()
      }
      #expect(message(wider).contains("its network is “Linear(9)") && message(wider).contains("“Linear(11)"))
      #expect(message { $0.batchSize = .rows(8) }.contains("its batch size is “16”, and that of this training “8”"))
      #expect(message { $0.seed = 6 }.contains("its seed is “5”"))
      #expect(message { $0.optimizer = Momentum(0.9) }.contains("its optimizer is “Adam()”"))
      #expect(message { $0.threads = 2 } == "")
    }
  }

  @Test("Where no checkpoint can be written, training goes on and says so")
  func failedWritesAreSurvived() throws {
    try Self.withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder))  // a file where the folder should be
      var warnings: [String] = []
      let plain = try Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam())).train(
        Self.training, validation: Self.held)
      let result = try Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam(), folder: folder)).train(
        Self.training, validation: Self.held
      ) { event in if case .warning(let text) = event { warnings.append(text) } }
      #expect(result.parameters == plain.parameters)
      #expect(!warnings.isEmpty && warnings.allSatisfy { $0.contains("no checkpoint after step") })
    }
  }

  @Test("A training that runs away goes back and halves its rate, as often as it may")
  func backsOff() throws {
    var options = Self.options(Momentum(0.9))
    options.average = nil
    options.learningRate = 1e4
    options.earlyStopping = nil
    let network = Network(inputs: 5) {
      Linear(9); Linear(9); Linear(1); Identity()
    }
    var random = RandomStream(seed: 3, purpose: .check)
    let targets = Matrix(rows: 70, columns: 1, elements: (0..<70).map { _ in Float(random.normal()) })
    let samples = Samples(inputs: Self.training.inputs, targets: .values(targets))
    #expect(throws: TrainingError.self) {
      try Trainer(network, loss: .meanSquaredError, options: options).train(samples)
    }
    options.onDivergence = .backOff(times: 3)
    #expect(throws: TrainingError.self) {
      try Trainer(network, loss: .meanSquaredError, options: options).train(samples)
    }
    options.onDivergence = .backOff(times: 40)
    var warnings = 0
    let result = try Trainer(network, loss: .meanSquaredError, options: options).train(samples) { event in
      if case .warning = event { warnings += 1 }
    }
    #expect(result.ending == .completed && warnings > 5 && result.parameters.areFinite)
    let factor = result.history.last!.rate / options.learningRate / CosineSchedule().factor(at: 29.0 / 30)
    #expect(abs(factor * Double(1 << warnings) - 1) < 1e-6)
  }

  @Test("A time limit ends training and keeps what there is")
  func timeLimitEnds() throws {
    var options = Self.options(Adam())
    options.epochs = 1_000_000
    options.earlyStopping = nil
    options.timeLimit = 0.05
    let result = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.training)
    #expect(result.ending == .outOfTime && result.epoch > 0 && result.seconds < 5)
  }
}

extension CheckpointFolder {
  fileprivate func latestPath() throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("checkpoint-") }
    return path + "/" + (try #require(names.max()))
  }
}
