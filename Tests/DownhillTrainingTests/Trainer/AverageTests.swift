import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite("A moving average of θ, and what updates remember") struct AverageTests {
  private static let network = Network(inputs: 2) {
    Linear(8)
    Tanh()
    Linear(2)
    Softmax()
  }
  private static let samples = Problems.exclusiveOr(rows: 90, seed: 1)

  private static func step(_ rule: UpdateRule) throws -> TrainingStep {
    let step = try TrainingStep(network, loss: .crossEntropy, samples: samples, batchSize: 30, rule: rule)
    step.parameters = try network.initialParameters(seed: 1)
    return step
  }

  private static func run(_ step: TrainingStep, _ number: Int) {
    let first = Int32(number % 3 * 30)
    [Int32](first..<first + 30).withUnsafeBufferPointer {
      _ = step.run(rows: $0, step: number, settings: UpdateSettings(rate: 0.05))
    }
  }

  @Test(arguments: [0, 0.5, 0.99])
  func theAverageFollowsTheta(decay: Double) throws {
    let step = try Self.step(UpdateRule(Momentum(), average: MovingAverage(decay)))
    var mean = step.parameters.vector.elements.map { Double($0) }
    #expect(step.result == step.parameters)
    for number in 0..<40 {
      Self.run(step, number)
      let t = Double(number + 1), share = 1 - min(decay, (1 + t) / (10 + t))
      for (index, element) in step.parameters.vector.elements.enumerated() {
        mean[index] = (1 - share) * mean[index] + share * Double(element)
      }
    }
    #expect(zip(step.result.vector.elements, mean).allSatisfy { abs(Double($0) - $1) < 2e-6 })
    #expect((step.result == step.parameters) == (decay == 0))
  }

  @Test func anAverageChangesNoBitOfThetaItself() throws {
    let with = try Self.step(UpdateRule(Adam(), average: MovingAverage())), without = try Self.step(UpdateRule(Adam()))
    for number in 0..<10 {
      Self.run(with, number)
      Self.run(without, number)
    }
    #expect(with.parameters == without.parameters && without.result == without.parameters)
  }

  @Test(
    arguments: [
      GradientDescent(), Nesterov(), AdaGrad(), RMSProp(momentum: 0.5), Adam.adamW(), NAdam(), Lion(), Muon(),
    ] as [any Optimizer])
  func whatAStepRemembersTakesAnotherOnToTheSameBits(optimizer: any Optimizer) throws {
    let rule = UpdateRule(optimizer, average: MovingAverage(0.9))
    let whole = try Self.step(rule), other = try Self.step(rule)
    for number in 0..<7 { Self.run(whole, number) }
    let (parameters, state) = (whole.parameters, whole.state)
    #expect(state.count == optimizer.stateVectors + 1)
    for number in 7..<15 { Self.run(whole, number) }
    other.parameters = parameters
    other.state = state
    for number in 7..<15 { Self.run(other, number) }
    #expect(other.parameters == whole.parameters && other.result == whole.result && other.state == whole.state)
  }

  private static func trainer(_ change: (inout TrainingOptions) -> Void) -> Trainer {
    var options = TrainingOptions()
    options.optimizer = Adam()
    options.learningRate = 0.02
    options.batchSize = .rows(30)
    options.epochs = 4
    options.average = MovingAverage(0.9)
    options.clipping = Clipping(norm: 0.5)
    options.shuffles = false
    change(&options)
    return Trainer(network, loss: .crossEntropy, options: options)
  }

  @Test func validationJudgesTheAverageAndTheResultIsIt() throws {
    let trainer = Self.trainer { $0.metrics = [ClassificationMetric.accuracy] }
    let held = Problems.exclusiveOr(rows: 50, seed: 2)
    let result = try trainer.train(Self.samples, validation: held)
    let step = try TrainingStep(
      Self.network, loss: .crossEntropy, samples: Self.samples, batchSize: 30, rule: trainer.options.updateRule)
    step.parameters = try Self.network.initialParameters(seed: 0)
    for number in 0..<12 {
      let first = Int32(number % 3 * 30)
      [Int32](first..<first + 30).withUnsafeBufferPointer {
        _ = step.run(rows: $0, step: number, settings: UpdateSettings(rate: 0.02))
      }
    }
    #expect(result.parameters == step.result && step.result != step.parameters)
    let judged = try Predictor(Self.network, parameters: step.result).evaluate(held, loss: .crossEntropy)
    #expect(result.history.last!.validationLoss == judged.loss)
  }

  @Test func settingsThatMakeNoSenseAreRefused() {
    for (change, reason) in [
      ({ $0.average = MovingAverage(1) }, "the decay of a moving average is at least 0 and below 1, not 1.0"),
      ({ $0.clipping = Clipping(norm: -1) }, "a gradient's norm is clipped to a bound above 0, not -1.0"),
    ] as [((inout TrainingOptions) -> Void, String)] {
      do {
        _ = try Self.trainer(change).train(Self.samples)
        Issue.record("accepted")
      } catch {
        #expect("\(error)" == reason)
      }
    }
  }
}
