import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Foundation
import Testing

@Suite("Training by L-BFGS") struct MinimizedTrainingTests {
  private static let network = Network(inputs: 6) {
    Linear(3)
    Softmax()
  }

  private static func options(
    _ minimizer: LBFGS, epochs: Int, threads: Int = 1, checkpoints folder: String? = nil
  ) -> TrainingOptions {
    var options = TrainingOptions()
    options.minimizer = minimizer
    options.epochs = epochs
    options.seed = 3
    options.threads = threads
    options.checkpointing = folder.map { Checkpointing(CheckpointFolder($0, keepsLast: 100)) }
    return options
  }

  private static func loss(_ network: Network, at parameters: Parameters, _ samples: Samples) throws -> Double {
    let step = try TrainingStep(network, loss: .crossEntropy, samples: samples, batchSize: samples.count)
    step.parameters = parameters
    return [Int32](0..<Int32(samples.count)).withUnsafeBufferPointer { step.differentiate(rows: $0, step: 0) }
  }

  @Test("The trainer gets to the minimum that SciPy finds, and ends there", arguments: [0, 1])
  func agreesWithSciPy(number: Int) throws {
    let reference = try LBFGSTests.read(number)
    let options = Self.options(LBFGS(penalty: reference.penalty), epochs: 400)
    let result = try Trainer(Self.network, loss: .crossEntropy, options: options).train(
      reference.samples, from: Self.network.zeroParameters())
    #expect(result.ending == .converged && result.history.count < 150, "\(result.history.count) iterations")
    let squares = result.parameters.vector.elements.reduce(0) { $0 + Double($1) * Double($1) }
    let loss = try Self.loss(Self.network, at: result.parameters, reference.samples)
    let value = loss + reference.penalty / 2 * squares
    #expect(abs(value - reference.loss) < 1e-6 * reference.loss)
    // An epoch is told of as an iteration: its loss is that before the step.
    #expect(result.history.first?.loss.rounded(to: 1e-6) == log(3).rounded(to: 1e-6))
    #expect(result.history.map(\.steps) == Array(1...result.history.count))
    #expect(abs(result.history.last!.loss - loss) < 1e-6)
  }

  @Test("So many epochs are as many iterations of the minimizer, to the bit, on any number of threads")
  func isTheMinimizer() throws {
    let reference = try LBFGSTests.read(1)
    for epochs in [1, 7, 25] {
      let minimizer = LBFGS(memory: 4, iterations: epochs, penalty: reference.penalty)
      let minimum = try minimizer.minimize(
        Self.network, loss: .crossEntropy, samples: reference.samples, seed: 3)
      for threads in [1, 3] {
        let options = Self.options(minimizer, epochs: epochs, threads: threads)
        let result = try Trainer(Self.network, loss: .crossEntropy, options: options).train(reference.samples)
        #expect(result.parameters == minimum.parameters && result.ending == .completed)
      }
    }
  }

  @Test("The best epoch on the validation samples is the result, and patience ends training")
  func earlyStopping() throws {
    let network = Network(inputs: 5) {
      Linear(24)
      Tanh()
      Linear(3)
      Softmax()
    }
    var options = Self.options(LBFGS(), epochs: 500)
    options.earlyStopping = EarlyStopping(patience: 6)
    let held = CheckpointTests.held
    let result = try Trainer(network, loss: .crossEntropy, options: options).train(
      CheckpointTests.training, validation: held)
    // These samples are noise: what is learned is soon too much.
    #expect(result.ending == .stoppedEarly && result.history.count == result.epoch + 6)
    let best = try #require(result.history.compactMap(\.validationLoss).min())
    #expect(abs(try Self.loss(network, at: result.parameters, held) - best) < 1e-6)
  }

  @Test("A training stopped after any iteration goes on to the same bits")
  func resumes() throws {
    let network = Network(inputs: 5) {
      Linear(8)
      SiLU()
      Linear(3)
      Softmax()
    }
    func trainer(_ folder: String?) -> Trainer {
      Trainer(network, loss: .crossEntropy, options: Self.options(LBFGS(memory: 3), epochs: 12, checkpoints: folder))
    }
    let whole = try trainer(nil).train(CheckpointTests.training, validation: CheckpointTests.held)
    for last in [1, 2, 5, 9] {
      try CheckpointTests.withFolder { folder in
        let stop = StopSignal()
        let part = try trainer(folder).train(CheckpointTests.training, validation: CheckpointTests.held, stop: stop) {
          if case .step(let step) = $0, step.step == last { stop.request() }
        }
        #expect(part.ending == .interrupted && part.history.count == last)
        let found = try #require(try CheckpointFolder(folder).latest()).checkpoint
        let rest = try trainer(folder).train(
          CheckpointTests.training, validation: CheckpointTests.held, resuming: found)
        #expect(rest.parameters.vector.elements == whole.parameters.vector.elements, "stopped after \(last)")
        #expect(rest.history.map(\.loss) == whole.history.map(\.loss))
        #expect(rest.history.map(\.rate) == whole.history.map(\.rate))
      }
    }
  }

  @Test("A checkpoint of an optimizer is not gone on from by L-BFGS, nor the other way round")
  func othersAreRefused() throws {
    try CheckpointTests.withFolder { folder in
      let options = Self.options(LBFGS(), epochs: 2, checkpoints: folder)
      let samples = CheckpointTests.training
      let network = Network(inputs: 5) {
        Linear(3); Softmax()
      }
      _ = try Trainer(network, loss: .crossEntropy, options: options).train(samples)
      let found = try #require(try CheckpointFolder(folder).latest()).checkpoint
      var other = options
      other.minimizer = nil
      #expect(throws: TrainingError.self) {
        try Trainer(network, loss: .crossEntropy, options: other).train(samples, resuming: found)
      }
      other.minimizer = LBFGS(penalty: 0.5)
      #expect(throws: TrainingError.self) {
        try Trainer(network, loss: .crossEntropy, options: other).train(samples, resuming: found)
      }
    }
  }

  @Test("What can't be combined with it is refused, with the reason")
  func refusals() throws {
    func message(
      _ layers: [any Component] = [Linear(3), Softmax()], _ change: (inout TrainingOptions) -> Void = { _ in }
    )
      -> String
    {
      var options = Self.options(LBFGS(), epochs: 2)
      change(&options)
      let network = Network(inputs: [5], layers: layers)
      do {
        _ = try Trainer(network, loss: .crossEntropy, options: options).train(CheckpointTests.training)
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(message() == "nothing")
    #expect(
      message([Linear(4), Dropout(0.2), Linear(3), Softmax()]).contains("Dropout(0.2) makes the loss another one"))
    #expect(message([Residual(layers: [Linear(5), Dropout(0.5)]), Linear(3), Softmax()]).contains("Dropout(0.5)"))
    #expect(message([Linear(4), BatchNorm(), Linear(3), Softmax()]).contains("batch normalisation"))
    #expect(message { $0.schedule = CosineSchedule() }.contains("no schedule"))
    #expect(message { $0.dropoutSchedule = CosineSchedule() }.contains("no schedules"))
    #expect(message { $0.average = MovingAverage(0.9) }.contains("no moving average"))
    #expect(message { $0.clipping.norm = 1 }.contains("no clipping"))
    #expect(message { $0.decaying = [.weights] }.contains("penalty leaves alone"))
    #expect(message { $0.minimizer = LBFGS(memory: 0) }.contains("at least one step"))
    var options = Self.options(LBFGS(), epochs: 2)
    options.timeLimit = 1
    let trainer = Trainer(
      Network(inputs: 5) {
        Linear(3); Softmax()
      }, loss: .crossEntropy, options: options)
    #expect(throws: TrainingError.self) { try trainer.findRate(CheckpointTests.training) }
  }

  @Test("Inputs that are not numbers end it with advice, not with a model")
  func notANumber() throws {
    var samples = CheckpointTests.training
    samples.inputs[0, 0] = .nan
    let trainer = Trainer(
      Network(inputs: 5) {
        Linear(3); Softmax()
      }, loss: .crossEntropy, options: Self.options(LBFGS(), epochs: 2))
    #expect { try trainer.train(samples) } throws: { "\($0)".contains("look for inputs or targets") }
  }
}

extension Double {
  fileprivate func rounded(to unit: Double) -> Double { (self / unit).rounded() * unit }
}
