import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite struct DivergenceTests {
  private static let line = Network(inputs: 1) { Linear(1) }
  private static let samples = Problems.sine(rows: 100)

  private func diverge(
    _ network: Network, loss: any Loss, _ samples: Samples, validation: Samples? = nil, _ options: TrainingOptions
  ) throws -> (error: TrainingError, recording: Recording) {
    let recording = Recording()
    let error = #expect(throws: TrainingError.self) {
      try Trainer(network, loss: loss, options: options).train(samples, validation: validation) { recording.append($0) }
    }
    return (try #require(error), recording)
  }

  private func options(rate: Double, epochs: Int = 50) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = GradientDescent()
    options.learningRate = rate
    options.batchSize = .rows(10)
    options.epochs = epochs
    return options
  }

  @Test(arguments: [1e6, 1e300])
  func aRateFarTooHighDiverges(rate: Double) throws {
    let (error, recording) = try diverge(Self.line, loss: .meanSquaredError, Self.samples, options(rate: rate))
    guard case .diverged(let epoch, let step, let found, let loss, let lastGood) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(epoch == 1 && found == rate && !loss.isFinite)
    // The step that failed is not among the events; those before it are, and all were finite.
    #expect(recording.steps.count == step - 1 && recording.steps.allSatisfy { $0.loss.isFinite })
    #expect(recording.epochs.isEmpty && recording.endings.isEmpty)
    #expect(lastGood.epoch == 0 && lastGood.history.isEmpty)
    #expect(lastGood.parameters == (try Self.line.initialParameters(seed: 0)))
  }

  @Test func theParametersOfTheLastWholeEpochAreKept() throws {
    let (error, recording) = try diverge(Self.line, loss: .meanSquaredError, Self.samples, options(rate: 3))
    guard case .diverged(let epoch, let step, let rate, let loss, let lastGood) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(epoch > 1 && epoch == (step - 1) / 10 + 1)
    #expect(lastGood.epoch == epoch - 1 && lastGood.history.count == epoch - 1)
    #expect(lastGood.history == recording.epochs)
    #expect(lastGood.parameters.areFinite)
    let outputs = try Predictor(Self.line, parameters: lastGood.parameters).predict(Self.samples.inputs)
    #expect(outputs.elements.allSatisfy { $0.isFinite })
    #expect(
      error.description
        == "training diverged: the loss is \(loss) at epoch \(epoch), step \(step), with the learning rate \(Float(rate)); "
        + "the parameters of epoch \(epoch - 1) are kept. Try a learning rate of 0.3, standardised inputs, or a smaller "
        + "momentum")
  }

  @Test func withEarlyStoppingTheBestParametersAreKept() throws {
    var options = options(rate: 3)
    options.earlyStopping = EarlyStopping()
    let (error, _) = try diverge(
      Self.line, loss: .meanSquaredError, Self.samples, validation: Self.samples, options)
    guard case .diverged(_, _, _, _, let lastGood) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(lastGood.epoch == 1 && lastGood.history.count > 1)
    let loss = try Predictor(Self.line, parameters: lastGood.parameters)
      .evaluate(Self.samples, loss: .meanSquaredError).loss
    #expect(loss == lastGood.history[0].validationLoss)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func inputsThatAreNotFiniteDivergeInTheFirstEpoch(bad: Float) throws {
    var samples = Self.samples
    samples.inputs[0, 0] = bad
    var options = options(rate: 0.01)
    options.shuffles = false
    let (error, recording) = try diverge(Self.line, loss: .meanSquaredError, samples, options)
    guard case .diverged(1, 1, 0.01, _, let lastGood) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(recording.order == "b" && lastGood.epoch == 0 && lastGood.parameters.areFinite)
    #expect(
      error.description.hasSuffix(
        " at the first step, before any parameter was changed: look for inputs or targets that are not numbers, "
          + "infinite or very large"))
  }

  @Test func whatTheLossDoesNotShowTheParametersDo() throws {
    // The last update of an epoch: no loss follows that could show it.
    var options = options(rate: 1e38)
    options.batchSize = .all
    var samples = Self.samples
    samples.targets = .values(Matrix(rows: 100, columns: 1, elements: [Float](repeating: 100, count: 100)))
    let (error, recording) = try diverge(Self.line, loss: .meanSquaredError, samples, options)
    guard case .diverged(1, 1, 1e38, let loss, let lastGood) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(loss.isFinite && recording.order == "bs")
    #expect(lastGood.epoch == 0 && lastGood.parameters.areFinite)
    #expect(
      error.description
        == "training diverged: the parameters are no longer finite at epoch 1, step 1, with the learning rate 1e+38; "
        + "no epoch was finished before. Try a learning rate of 1e+37, standardised inputs, or a smaller momentum")
  }
}
