import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Foundation
import Testing

/// How training ends, and with which parameters.
@Suite struct EndingTests {
  /// Large enough to learn noise by heart.
  private static let network = Network(inputs: 4) {
    Linear(32)
    Tanh()
    Linear(2)
    Softmax()
  }
  private static let samples = Problems.noise(rows: 40, seed: 1)
  private static let held = Problems.noise(rows: 12, seed: 3)

  private static func options(_ earlyStopping: EarlyStopping?, epochs: Int = 60) -> TrainingOptions {
    var options = TrainingOptions()
    options.learningRate = 0.02
    options.batchSize = .rows(8)
    options.epochs = epochs
    options.metrics = [ClassificationMetric.accuracy]
    options.earlyStopping = earlyStopping
    return options
  }

  private static func train(_ options: TrainingOptions) throws -> TrainingResult {
    try Trainer(network, loss: .crossEntropy, options: options).train(samples, validation: held)
  }

  @Test("training that ends before its schedule does takes the steps that the whole one would have taken")
  func endsAfter() throws {
    var options = Self.options(nil, epochs: 6)
    options.schedule = CosineSchedule()
    let whole = Recording()
    _ = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples, onEvent: whole.append)
    options.endsAfter = 2
    let part = Recording()
    let result = try Trainer(Self.network, loss: .crossEntropy, options: options)
      .train(Self.samples, onEvent: part.append)
    #expect(result.epoch == 2 && result.ending == .completed && part.steps.count == 10)
    #expect(part.steps.map(\.loss) == whole.steps.prefix(10).map(\.loss))
    #expect(part.steps.map(\.rate) == whole.steps.prefix(10).map(\.rate))
  }

  private func expectParametersOfBestEpoch(_ result: TrainingResult) throws {
    let (outputs, loss) = try Predictor(Self.network, parameters: result.parameters)
      .evaluate(Self.held, loss: .crossEntropy)
    let report = result.history[result.epoch - 1]
    #expect(loss == report.validationLoss)
    #expect(ClassificationMetric.accuracy.value(of: outputs, for: Self.held) == report.metrics[0].value)
    #expect(report.isBest && result.history[result.epoch...].allSatisfy { !$0.isBest })
  }

  @Test(arguments: [1, 3, 10])
  func patienceEndsTrainingAndTheBestParametersAreTheResult(patience: Int) throws {
    let result = try Self.train(Self.options(EarlyStopping(patience: patience)))
    #expect(result.ending == .stoppedEarly)
    #expect(result.history.count == result.epoch + patience)
    let losses = result.history.map { $0.validationLoss! }
    #expect(result.epoch == losses.firstIndex(of: losses.min()!)! + 1)
    for epoch in losses.indices {
      #expect(result.history[epoch].isBest == losses[..<epoch].allSatisfy { losses[epoch] < $0 })
    }
    try expectParametersOfBestEpoch(result)
  }

  @Test func withoutPatienceNothingStopsTrainingAndTheBestParametersAreTheResult() throws {
    let result = try Self.train(Self.options(EarlyStopping()))
    #expect(result.ending == .completed && result.history.count == 60 && result.epoch < 60)
    try expectParametersOfBestEpoch(result)
    let last = try Self.train(Self.options(nil))
    #expect(last.epoch == 60 && last.parameters != result.parameters)
  }

  @Test func theFirstMetricDecidesAndTheLossBetweenEquals() throws {
    let result = try Self.train(Self.options(EarlyStopping(monitor: .firstMetric)))
    let history = result.history
    let highest = history.map { $0.metrics[0].value }.max()!
    let equals = history.filter { $0.metrics[0].value == highest }
    let best = equals.min { $0.validationLoss! < $1.validationLoss! }!
    #expect(result.epoch == best.epoch)
    try expectParametersOfBestEpoch(result)
    // The problem has what is tested: equals, and another answer by the loss alone.
    #expect(equals.count > 1)
    #expect(try Self.train(Self.options(EarlyStopping())).epoch != result.epoch)
  }

  @Test func aMetricMayBeTheBetterTheLower() throws {
    var options = Self.options(EarlyStopping(patience: 4, monitor: .firstMetric))
    options.metrics = [ClassificationMetric.logLoss]
    let byMetric = try Self.train(options)
    let byLoss = try Self.train(Self.options(EarlyStopping(patience: 4)))
    #expect(byMetric.epoch == byLoss.epoch && byMetric.parameters == byLoss.parameters)
    #expect(byMetric.history.count == byLoss.history.count)
  }

  @Test func aMetricThatIsNoNumberIsWorseThanAny() throws {
    struct SometimesNothing: Metric {
      let name = "sometimes nothing"
      let higherIsBetter = true
      let calls = Calls()
      func value(of outputs: Matrix, for samples: Samples) -> Double? { [.nan, 0.5, .nan, 0.4, .nan][calls.next()] }
    }
    var options = Self.options(EarlyStopping(monitor: .firstMetric), epochs: 5)
    options.metrics = [SometimesNothing()]
    let result = try Self.train(options)
    #expect(result.epoch == 2)
    #expect(result.history.map(\.isBest) == [true, true, false, false, false])
  }

  @Test func aSignalStopsAfterTheStepUnderWay() throws {
    let stop = StopSignal()
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: Self.options(nil))
    let recording = Recording()
    let result = try trainer.train(Self.samples, stop: stop) { event in
      recording.append(event)
      if case .step(let step) = event, step.step == 13 { stop.request() }
    }
    #expect(recording.order == "bssssse" + "ssssse" + "sssf")
    #expect(recording.endings == [.interrupted] && result.ending == .interrupted)
    #expect(result.history.map(\.epoch) == [1, 2] && result.epoch == 2)
    // All thirteen steps are in the parameters.
    let (_, parameters) = try runByHand(trainer, Self.samples, steps: 13) { epoch in
      var random = RandomStream(seed: 0, purpose: .shuffle, step: epoch)
      return random.permutation(of: 40)
    }
    #expect(result.parameters == parameters)
  }

  @Test func aSignalBeforeTheFirstStepLeavesTheStart() throws {
    let stop = StopSignal()
    #expect(!stop.isRequested)
    stop.request()
    #expect(stop.isRequested)
    let start = try Self.network.initialParameters(seed: 77)
    let (result, recording) = try Trainer(Self.network, loss: .crossEntropy, options: Self.options(nil))
      .record(Self.samples, from: start, stop: stop)
    #expect(recording.order == "bf")
    #expect(result.ending == .interrupted && result.epoch == 0 && result.history.isEmpty)
    #expect(result.parameters == start)
  }

  @Test func anInterruptedTrainingWithEarlyStoppingLeavesTheBestParameters() throws {
    let stop = StopSignal()
    let trainer = Trainer(
      Self.network, loss: .crossEntropy, options: Self.options(EarlyStopping(), epochs: 1_000))
    let result = try trainer.train(Self.samples, validation: Self.held, stop: stop) { event in
      if case .step(let step) = event, step.epoch == 40, step.step % 5 == 2 { stop.request() }
    }
    #expect(result.ending == .interrupted && result.history.count == 39 && result.epoch < 39)
    try expectParametersOfBestEpoch(result)
  }

  @Test func aSignalMayComeFromAnotherThread() throws {
    let stop = StopSignal()
    // A thread of its own: training holds on to the one that a task might need.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.02)
      stop.request()
    }
    var options = Self.options(nil, epochs: .max)
    options.threads = 2
    let result = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples, stop: stop)
    #expect(result.ending == .interrupted && result.parameters.areFinite)
  }
}

/// Counts from 0.
private final class Calls: @unchecked Sendable {
  // Unchecked: one training at a time asks.
  private var number = -1
  func next() -> Int {
    number += 1
    return number
  }
}
