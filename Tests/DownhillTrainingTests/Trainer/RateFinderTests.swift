import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite("The learning-rate range test") struct RateFinderTests {
  private static let network = Network(inputs: 2) {
    Linear(16)
    Tanh()
    Linear(2)
    Softmax()
  }

  private static func options(_ optimizer: any Optimizer) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = optimizer
    options.batchSize = .rows(64)
    options.seed = 1
    return options
  }

  private static let samples = Problems.exclusiveOr(rows: 512, seed: 1)

  @Test("Rates grow by the same factor from the lowest to the highest") func rates() throws {
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam()))
    let curve = try trainer.findRate(Self.samples, range: RateRange(from: 1e-5, to: 1e-1, steps: 101))
    #expect(curve.points.count == 101 && !curve.diverged)
    for (step, point) in curve.points.enumerated() {
      let expected = 1e-5 * power(10, Double(step) / 25)
      #expect(abs(point.rate - expected) < 1e-9 * expected)
    }
    // The first loss is that of the start, whatever the rate.
    let first = try Predictor(Self.network, parameters: Self.network.initialParameters(seed: 1))
      .evaluate(Self.samples, loss: .crossEntropy).loss
    #expect(abs(curve.points[0].loss - first) < 0.1)
  }

  @Test("The suggested rate learns, and lies below where the loss is lowest", arguments: [0, 1])
  func suggestion(index: Int) throws {
    var options = Self.options(index == 0 ? Adam() as any Optimizer : Momentum(0.9))
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: options)
    let curve = try trainer.findRate(Self.samples)
    let rate = try #require(curve.suggestion)
    let lowest = curve.points.min { $0.smoothed < $1.smoothed }!
    #expect(rate <= lowest.rate)
    options.learningRate = rate
    options.epochs = 30
    let trained = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
    #expect(trained.history.last!.loss < 0.5 * trained.history[0].loss, "\(rate)")
    // A hundredth of it learns far less in that time.
    options.learningRate = rate / 100
    let slow = try Trainer(Self.network, loss: .crossEntropy, options: options).train(Self.samples)
    #expect(slow.history.last!.loss > 1.5 * trained.history.last!.loss)
  }

  @Test("It ends where the loss runs away, and says so") func divergence() throws {
    let network = Network(inputs: 2) { Linear(1) }
    let inputs = Self.samples.inputs
    let targets = Matrix(
      rows: inputs.rows, columns: 1, elements: (0..<inputs.rows).map { inputs[$0, 0] - 2 * inputs[$0, 1] })
    let trainer = Trainer(network, loss: .meanSquaredError, options: Self.options(GradientDescent()))
    let curve = try trainer.findRate(
      Samples(inputs: inputs, targets: .values(targets)), range: RateRange(from: 1e-4, to: 1e4))
    #expect(curve.diverged && curve.points.count < 300)
    // Gradient descent on a quadratic runs away above 2 over its largest curvature, 2 E[x²]: about 1.
    let rate = try #require(curve.suggestion)
    #expect(rate < 2 && rate > 0.01)
    #expect(curve.points.last!.rate > 0.5)
  }

  @Test("A loss that doesn't fall suggests nothing") func nothing() throws {
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam()))
    let curve = try trainer.findRate(Self.samples, range: RateRange(from: 1e-12, to: 1e-10, steps: 100))
    #expect(curve.suggestion == nil && !curve.diverged)
  }

  @Test("The same seed gives the same curve on any number of threads") func determinism() throws {
    let curves = try [1, 3].map { threads in
      var options = Self.options(Adam())
      options.threads = threads
      return try Trainer(Self.network, loss: .crossEntropy, options: options).findRate(Self.samples)
    }
    #expect(curves[0] == curves[1])
  }

  @Test("Ranges that make no sense are refused") func refusals() {
    let trainer = Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam()))
    for (range, fragment) in [
      (RateRange(from: 0), "above 0, not 0.0"), (RateRange(from: 1, to: 0.1), "above the lowest, 1.0"),
      (RateRange(steps: 3), "from 10 to 1,000,000 steps, not 3"),
    ] {
      #expect { _ = try trainer.findRate(Self.samples, range: range) } throws: { "\($0)".contains(fragment) }
    }
  }

  @Test("It stops when asked to") func stopping() throws {
    let stop = StopSignal()
    stop.request()
    let curve = try Trainer(Self.network, loss: .crossEntropy, options: Self.options(Adam()))
      .findRate(Self.samples, stop: stop)
    #expect(curve.points.count == 1 && curve.suggestion == nil)
  }
}
