import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite struct EventTests {
  private static let network = Network(inputs: 2) {
    Linear(8)
    Tanh()
    Linear(2)
    Softmax()
  }

  private static func options(epochs: Int) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = Momentum()
    options.learningRate = 0.1
    options.epochs = epochs
    return options
  }

  @Test func eventsComeInOrderAndCount() throws {
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: Self.options(epochs: 3))
    let (result, recording) = try trainer.record(
      Problems.exclusiveOr(rows: 100, seed: 1), validation: Problems.exclusiveOr(rows: 30, seed: 2))
    #expect(recording.order == "bssss" + "essss" + "essss" + "ef")
    let beginning = recording.beginnings[0]
    #expect(beginning.rows == 100 && beginning.validationRows == 30 && beginning.parameters == 42)
    #expect(beginning.epochs == 3 && beginning.stepsPerEpoch == 4 && beginning.batchSize == 32)
    #expect(recording.steps.map(\.step) == Array(1...12))
    #expect(recording.steps.map(\.epoch) == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    #expect(recording.epochs.map(\.epoch) == [1, 2, 3])
    #expect(recording.epochs.map(\.steps) == [4, 8, 12])
    #expect(recording.endings == [.completed])
    #expect(result.ending == .completed)
    #expect(result.history == recording.epochs)
    // Without early stopping the last parameters are the result.
    #expect(result.epoch == 3)
    #expect(recording.epochs.allSatisfy { $0.seconds > 0 && $0.rowsPerSecond > 0 })
    #expect(result.seconds >= recording.epochs.reduce(0) { $0 + $1.seconds })
  }

  @Test(arguments: [1, 2, 99, 100, 101])
  func batchesCoverAllRows(size: Int) throws {
    var options = Self.options(epochs: 2)
    options.batchSize = .rows(size)
    let (_, recording) = try Trainer(Self.network, loss: .crossEntropy, options: options)
      .record(Problems.exclusiveOr(rows: 100, seed: 1))
    let steps = [1: 100, 2: 50, 99: 2, 100: 1, 101: 1][size]!
    #expect(recording.beginnings[0].stepsPerEpoch == steps)
    #expect(recording.beginnings[0].batchSize == min(size, 100))
    #expect(recording.steps.count == 2 * steps)
  }

  @Test func withoutValidationNothingIsJudged() throws {
    var options = Self.options(epochs: 2)
    options.metrics = [ClassificationMetric.accuracy]
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: options)
    let none = Problems.exclusiveOr(rows: 0, seed: 1)
    for validation in [nil, none] {
      let (_, recording) = try trainer.record(Problems.exclusiveOr(rows: 100, seed: 1), validation: validation)
      #expect(recording.beginnings[0].validationRows == 0)
      for epoch in recording.epochs {
        #expect(epoch.validationLoss == nil && epoch.metrics.isEmpty && !epoch.isBest)
      }
    }
  }

  @Test func ratesFollowTheSchedule() throws {
    var options = Self.options(epochs: 5)
    options.schedule = LinearWarmUp(over: 0.2, then: CosineSchedule())
    let (_, recording) = try Trainer(Self.network, loss: .crossEntropy, options: options)
      .record(Problems.exclusiveOr(rows: 128, seed: 1))
    // 20 steps: four up to 0.1, sixteen down half a cosine wave.
    for (number, step) in recording.steps.enumerated() {
      let expected =
        number < 4
        ? 0.1 * Double(number + 1) / 4 : 0.1 * 0.5 * (1 + cosine(.pi * Double(number - 4) / 16))
      #expect(abs(step.rate - expected) < 1e-15)
    }
    #expect(recording.epochs.map(\.rate) == [3, 7, 11, 15, 19].map { recording.steps[$0].rate })
  }

  @Test(arguments: [false, true])
  func theLossOfAnEpochIsTheMeanOverItsRows(weighted: Bool) throws {
    var samples = Problems.exclusiveOr(rows: 70, seed: 1)
    if weighted { samples.weights = (0..<70).map { Float($0 < 64 ? 0.5 : 4) } }
    var options = Self.options(epochs: 1)
    options.shuffles = false
    // So small a rate that θ stays: the mean over the batches is that of all rows at once.
    options.learningRate = 1e-30
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: options)
    let (result, recording) = try trainer.record(samples)
    let predictor = try Predictor(Self.network, parameters: Self.network.initialParameters(seed: 0))
    let whole = try predictor.evaluate(samples, loss: .crossEntropy).loss
    #expect(abs(result.history[0].loss - whole) < 1e-6)
    let shares = weighted ? [16.0, 16, 24] : [32.0, 32, 6]
    let mean = zip(recording.steps, shares).reduce(0.0) { $0 + $1.0.loss * $1.1 } / shares.reduce(0, +)
    #expect(abs(result.history[0].loss - mean) < 1e-12)
  }

  @Test(arguments: [false, true])
  func reportsAgreeWithPredictionsOfTheValidationSamples(weighted: Bool) throws {
    var held = Problems.exclusiveOr(rows: 77, seed: 2)
    if weighted { held.weights = (0..<77).map { Float($0 % 4) } }
    var options = Self.options(epochs: 6)
    options.metrics = [
      ClassificationMetric.accuracy, ClassificationMetric.logLoss, ClassificationMetric.auc, RegressionMetric(.rmse),
    ]
    // Every epoch but the last: train again for so many epochs.
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: options)
    let full = try trainer.train(Problems.exclusiveOr(rows: 100, seed: 1), validation: held)
    for epochs in 1...6 {
      options.epochs = epochs
      let result = try Trainer(Self.network, loss: .crossEntropy, options: options)
        .train(Problems.exclusiveOr(rows: 100, seed: 1), validation: held)
      let report = full.history[epochs - 1]
      let predictor = try Predictor(Self.network, parameters: result.parameters)
      let outputs = try predictor.predict(held.inputs)
      guard case .classes(let classes) = held.targets else { return }

      var right = 0.0, logLoss = 0.0, total = 0.0
      for (row, label) in classes.enumerated() {
        let weight = Double(held.weights?[row] ?? 1)
        total += weight
        if (outputs[row, 1] > outputs[row, 0]) == (label == 1) { right += weight }
        logLoss -= weight * logarithm(Double(outputs[row, Int(label)]))
      }
      // No value of a metric that such targets have not.
      #expect(report.metrics.map(\.name) == ["accuracy", "logLoss", "auc"])
      #expect(abs(report.metrics[0].value - right / total) < 1e-12)
      #expect(abs(report.metrics[1].value - logLoss / total) < 1e-6)
      #expect(abs(report.validationLoss! - logLoss / total) < 1e-6)
      #expect(report.metrics[2].value == ClassificationMetric.auc.value(of: outputs, for: held))
      #expect(report.validationLoss == (try predictor.evaluate(held, loss: .crossEntropy).loss))
    }
  }
}
