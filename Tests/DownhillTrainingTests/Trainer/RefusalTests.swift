import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

/// What is refused before the first step, with which words.
@Suite struct RefusalTests {
  private static let network = Network(inputs: 2) {
    Linear(2)
    Softmax()
  }
  private static let samples = Problems.clouds(rows: 20, seed: 1)

  struct Case: Sendable {
    let message: String
    let change: @Sendable (inout TrainingOptions) -> Void
    init(_ message: String, _ change: @escaping @Sendable (inout TrainingOptions) -> Void) {
      self.message = message
      self.change = change
    }
  }

  static let cases = [
    Case("training takes at least one epoch, not 0") { $0.epochs = 0 },
    Case("training takes at least one epoch, not -3") { $0.epochs = -3 },
    Case("a batch has at least one row, not 0") { $0.batchSize = .rows(0) },
    Case("a learning rate is above 0, not 0.0") { $0.learningRate = 0 },
    Case("a learning rate is above 0, not -1.0") { $0.learningRate = -1 },
    Case("a learning rate is above 0, not nan") { $0.learningRate = .nan },
    Case("a learning rate is above 0, not inf") { $0.learningRate = .infinity },
    Case("a momentum is at least 0 and below 1, not 1.0") { $0.optimizer = Momentum(1) },
    Case("early stopping waits at least one epoch, not 0") { $0.earlyStopping = EarlyStopping(patience: 0) },
    Case("early stopping needs validation samples: it keeps the parameters that are best on them") {
      $0.earlyStopping = EarlyStopping()
    },
  ]

  private func refusal(
    _ options: TrainingOptions = TrainingOptions(), _ samples: Samples = samples, validation: Samples? = nil,
    from start: Parameters? = nil
  ) -> (any Error)? {
    let recording = Recording()
    let error = #expect(throws: (any Error).self) {
      try Trainer(Self.network, loss: .crossEntropy, options: options)
        .train(samples, validation: validation, from: start) { recording.append($0) }
    }
    #expect(recording.events.isEmpty)
    return error
  }

  @Test(arguments: cases.indices)
  func optionsThatMakeNoSenseAreRefused(index: Int) throws {
    var options = TrainingOptions()
    Self.cases[index].change(&options)
    guard case TrainingError.invalid(let reason)? = refusal(options) else {
      Issue.record("another error is expected")
      return
    }
    #expect(reason == Self.cases[index].message)
    #expect("\(TrainingError.invalid(reason))" == reason)
  }

  @Test func noRowsAreRefused() {
    let error = refusal(TrainingOptions(), Problems.clouds(rows: 0, seed: 1))
    #expect(error.map { "\($0)" } == "there are no rows to train on")
  }

  @Test func parametersOfAnotherNetworkAreRefused() throws {
    let other = Network(inputs: 2) { Linear(3) }
    let error = refusal(from: try other.initialParameters(seed: 1))
    #expect(error.map { "\($0)" } == "the parameters to start from are those of another network")
  }

  @Test func samplesThatDoNotFitAreRefusedBeforeTheFirstStep() throws {
    let wide = Samples(inputs: Matrix(rows: 3, columns: 5), targets: .classes([0, 1, 0]))
    let unknown = Samples(inputs: Matrix(rows: 3, columns: 2), targets: .classes([0, 1, 2]))
    for (samples, reason) in [
      (wide, "the inputs have 5 columns and the network takes 2"),
      (unknown, "the class of sample 2 is 2; with 2 outputs classes run from 0 to 1"),
    ] {
      #expect((refusal(TrainingOptions(), samples) as? NetworkError)?.reason == reason)
      #expect((refusal(validation: samples) as? NetworkError)?.reason == reason)
    }
  }

  @Test func rowsTargetsAndWeightsOfDifferentNumberAreRefused() throws {
    var samples = Self.samples
    samples.targets = .classes([0, 1])
    #expect((refusal(TrainingOptions(), samples) as? NetworkError)?.reason == "there are 20 rows of inputs, 2 targets")
    samples.targets = Self.samples.targets
    samples.weights = [1]
    #expect(
      (refusal(TrainingOptions(), samples) as? NetworkError)?.reason
        == "there are 20 rows of inputs, 20 targets, 1 weights")
  }
}
