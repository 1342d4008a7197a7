import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite struct DeterminismTests {
  /// Wide enough for several tiles of rows and of parameters, with random numbers inside, weights and a last batch
  /// that is not full.
  private static let network = Network(inputs: 50) {
    Linear(200)
    ReLU()
    Dropout(0.2)
    Linear(130)
    GELU()
    Dropout(0.1)
    Linear(3)
    Softmax()
  }

  private static func samples(rows: Int, seed: UInt64) -> Samples {
    let inputs = Problems.normal(rows: rows, columns: 50, seed: seed)
    let classes = (0..<rows).map { Int32(inputs[$0, 0] > 0.5 ? 2 : inputs[$0, 1] > 0 ? 1 : 0) }
    return Samples(inputs: inputs, targets: .classes(classes), weights: (0..<rows).map { Float(1 + $0 % 3) })
  }

  /// All that came out, to the bit.
  private struct Outcome: Equatable {
    let stepLosses: [UInt64]
    let epochLosses: [UInt64]
    let validation: [UInt64]
    let metrics: [MetricValue]
    let parameters: [UInt32]
    let epoch: Int
  }

  private static func train(seed: UInt64 = 5, threads: Int?) throws -> Outcome {
    var options = TrainingOptions()
    options.optimizer = .adamW()
    options.schedule = LinearWarmUp(over: 0.2, then: CosineSchedule())
    options.batchSize = .rows(250)
    options.epochs = 4
    options.earlyStopping = EarlyStopping(patience: 3)
    options.metrics = [ClassificationMetric.accuracy, ClassificationMetric.logLoss]
    options.seed = seed
    options.threads = threads
    let (result, recording) = try Trainer(network, loss: .crossEntropy, options: options)
      .record(samples(rows: 600, seed: 1), validation: samples(rows: 300, seed: 2))
    #expect(result.history.last!.loss < result.history.first!.loss)
    return Outcome(
      stepLosses: recording.steps.map(\.loss.bitPattern), epochLosses: result.history.map(\.loss.bitPattern),
      validation: result.history.map(\.validationLoss!.bitPattern), metrics: result.history.flatMap(\.metrics),
      parameters: result.parameters.vector.elements.map(\.bitPattern), epoch: result.epoch)
  }

  private static let onOneThread = Result { try train(threads: 1) }

  @Test(arguments: [1, 2, 5, nil])
  func aSeedGivesTheSameBitsOnAnyNumberOfThreads(threads: Int?) throws {
    #expect(try Self.train(threads: threads) == Self.onOneThread.get())
  }

  @Test func anotherSeedGivesAnotherTraining() throws {
    let other = try Self.train(seed: 6, threads: 1), one = try Self.onOneThread.get()
    #expect(other.stepLosses[0] != one.stepLosses[0])
    #expect(other.parameters != one.parameters)
  }

  private static func smallTrainer(shuffles: Bool) -> Trainer {
    var options = TrainingOptions()
    options.optimizer = Nesterov()
    options.learningRate = 0.05
    options.schedule = StepSchedule()
    options.batchSize = .rows(16)
    options.epochs = 5
    options.shuffles = shuffles
    options.seed = 3
    let network = Network(inputs: 2) {
      Linear(8)
      Tanh()
      Dropout(0.1)
      Linear(2)
      Softmax()
    }
    return Trainer(network, loss: .crossEntropy, options: options)
  }

  @Test func unshuffledRowsAreTakenAsTheyStand() throws {
    let trainer = Self.smallTrainer(shuffles: false), samples = Problems.exclusiveOr(rows: 90, seed: 1)
    let (result, recording) = try trainer.record(samples)
    let (losses, parameters) = try runByHand(trainer, samples) { _ in [Int32](0..<90) }
    #expect(recording.steps.map(\.loss) == losses)
    #expect(result.parameters == parameters)
  }

  @Test func theOrderOfRowsIsAFunctionOfSeedAndEpoch() throws {
    let trainer = Self.smallTrainer(shuffles: true), samples = Problems.exclusiveOr(rows: 90, seed: 1)
    let (result, recording) = try trainer.record(samples)
    func order(_ epoch: Int) -> [Int32] {
      var random = RandomStream(seed: 3, purpose: .shuffle, step: epoch)
      return random.permutation(of: 90)
    }
    #expect(order(1) != order(2) && order(1).sorted() == [Int32](0..<90))
    let (losses, parameters) = try runByHand(trainer, samples, order: order)
    #expect(recording.steps.map(\.loss) == losses)
    #expect(result.parameters == parameters)
  }
}
