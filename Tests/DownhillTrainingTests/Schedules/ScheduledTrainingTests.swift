import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite("Schedules drive training") struct ScheduledTrainingTests {
  private static let network = Network(inputs: 2) {
    Linear(8)
    Tanh()
    Dropout(0.4)
    Linear(2)
    Softmax()
  }

  private static func options(_ optimizer: any Optimizer) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = optimizer
    options.learningRate = 0.05
    options.epochs = 4
    options.shuffles = false
    options.seed = 3
    return options
  }

  private static let samples = Problems.exclusiveOr(rows: 96, seed: 1)
  /// A jump in the middle: two trainings, one after the other.
  private static let half = PiecewiseSchedule([(0, 1), (0.5, 0.5)], interpolation: .constant)

  /// Runs twelve steps by hand: six with one optimizer and dropout, six with the others, the optimizer's memory kept where
  /// it has none.
  private static func byHand(_ first: Network, _ second: Network, optimizers: [any Optimizer]) throws -> [Float] {
    var parameters = try first.initialParameters(seed: 3)
    for (part, network) in [first, second].enumerated() {
      let step = try TrainingStep(
        network, loss: .crossEntropy, samples: samples, batchSize: 32, rule: UpdateRule(optimizers[part]), seed: 3)
      step.parameters = parameters
      for number in part * 6..<part * 6 + 6 {
        let rows = (0..<32).map { Int32(number % 3 * 32 + $0) }
        rows.withUnsafeBufferPointer { _ = step.run(rows: $0, step: number, settings: UpdateSettings(rate: 0.05)) }
      }
      parameters = step.parameters
    }
    return parameters.vector.elements
  }

  @Test("A schedule of decay changes the decay") func decay() throws {
    for decay in [WeightDecay.l2(0.2), .decoupled(0.2)] {
      var options = Self.options(GradientDescent(weightDecay: decay))
      options.decaySchedule = Self.half
      let trained = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
      let weaker: WeightDecay = if case .l2 = decay { .l2(0.1) } else { .decoupled(0.1) }
      let expected = try Self.byHand(
        Self.network, Self.network,
        optimizers: [GradientDescent(weightDecay: decay), GradientDescent(weightDecay: weaker)])
      #expect(trained.parameters.vector.elements == expected)
    }
  }

  @Test("A schedule of dropout changes the probability") func dropout() throws {
    var options = Self.options(GradientDescent())
    options.dropoutSchedule = Self.half
    let trained = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
    let less = Network(
      inputs: 2,
      layers: Self.network.layers.map { layer -> any Component in
        guard let dropout = layer as? Dropout else { return layer }
        return Dropout(dropout.probability * 0.5)
      })
    let expected = try Self.byHand(Self.network, less, optimizers: [GradientDescent(), GradientDescent()])
    #expect(trained.parameters.vector.elements == expected)
    options.dropoutSchedule = nil
    let without = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
    #expect(without.parameters.vector.elements != expected)
  }

  @Test("A schedule of momentum changes the momentum: with a factor of 0 there is none") func momentum() throws {
    let zero = PiecewiseSchedule([(0, 0)])
    let pairs: [(any Optimizer, any Optimizer)] = [
      (Momentum(0.9), Momentum(0)), (Nesterov(0.9), Nesterov(0)), (Adam(beta1: 0.9), Adam(beta1: 0)),
    ]
    for (optimizer, plain) in pairs {
      var options = Self.options(optimizer)
      options.momentumSchedule = zero
      let scheduled = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
      let expected = try Trainer(Self.network, loss: .crossEntropy, options: Self.options(plain)).train(Self.samples)
      #expect(scheduled.parameters == expected.parameters)
      // And a half is a half.
      options.momentumSchedule = PiecewiseSchedule([(0, 0.5)])
      let other = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
      #expect(other.parameters != expected.parameters)
    }
  }

  @Test("Factors that make no sense are refused before training", arguments: [0, 1, 2]) func refusals(index: Int) {
    var options = Self.options(Momentum(0.9))
    let fragment: String
    switch index {
    case 0: (options.momentumSchedule, fragment) = (PiecewiseSchedule([(0, 1), (1, 1.5)]), "for the momentum factors")
    case 1:
      (options.dropoutSchedule, fragment) = (PiecewiseSchedule([(0, 2)]), "for the dropout factors are from 0 to 1")
    default: (options.schedule, fragment) = (CosineSchedule(end: -1), "at least 0, not -1.0")
    }
    #expect {
      _ = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
    } throws: { "\($0)".contains(fragment) }
  }
}
