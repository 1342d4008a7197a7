import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

/// Problems that a trainer must be able to solve.
@Suite struct LearningTests {
  private func accuracy(_ network: Network, _ result: TrainingResult, _ samples: Samples) throws -> Double {
    let outputs = try Predictor(network, parameters: result.parameters).predict(samples.inputs)
    return try #require(ClassificationMetric.accuracy.value(of: outputs, for: samples))
  }

  @Test func oneLinearLayerPartsTwoClouds() throws {
    let network = Network(inputs: 2) {
      Linear(1)
      Sigmoid()
    }
    var options = TrainingOptions()
    options.optimizer = Momentum()
    options.learningRate = 0.1
    options.epochs = 10
    let trainer = Trainer(network, loss: .binaryCrossEntropy, options: options)
    let result = try trainer.train(Problems.clouds(rows: 400, seed: 1))
    #expect(try accuracy(network, result, Problems.clouds(rows: 400, seed: 2)) > 0.99)
    #expect(result.history.last!.loss < 0.02)
  }

  @Test func noLinearLayerLearnsTheExclusiveOrAndAHiddenOneDoes() throws {
    var options = TrainingOptions()
    options.learningRate = 0.01
    options.epochs = 60
    let samples = Problems.exclusiveOr(rows: 400, seed: 1), others = Problems.exclusiveOr(rows: 400, seed: 2)

    let linear = Network(inputs: 2) {
      Linear(2)
      Softmax()
    }
    let straight = try Trainer(linear, loss: .crossEntropy, options: options).train(samples)
    #expect(try accuracy(linear, straight, others) < 0.7)

    let bent = Network(inputs: 2) {
      Linear(16)
      Tanh()
      Linear(2)
      Softmax()
    }
    let learned = try Trainer(bent, loss: .crossEntropy, options: options).train(samples)
    #expect(try accuracy(bent, learned, others) > 0.96)
  }

  @Test func trainingStartsFromParametersFittedToItsRows() throws {
    let network = Network(inputs: 2) {
      Linear(4, fitted: true)
      Tanh()
      Linear(2, fitted: true)
      Softmax()
    }
    let samples = Problems.clouds(rows: 400, seed: 1)
    var options = TrainingOptions()
    (options.optimizer, options.learningRate, options.epochs) = (GradientDescent(), 1e-30, 1)
    let result = try Trainer(network, loss: .crossEntropy, options: options).train(samples)
    #expect(try result.parameters == network.initialParameters(seed: options.seed, inputs: samples.inputs))
  }

  /// Columns of very different sizes far from 0: what normalising the batch is for. Decay must not touch what it keeps.
  @Test func batchNormLearnsAndPredictsWithWhatItKept() throws {
    let network = Network(inputs: 2) {
      BatchNorm()
      Linear(16)
      BatchNorm()
      Tanh()
      Linear(2)
      Softmax()
    }
    func moved(_ samples: Samples) -> Samples {
      var samples = samples
      for row in 0..<samples.count {
        samples.inputs[row, 0] = samples.inputs[row, 0] * 100 + 500
        samples.inputs[row, 1] = samples.inputs[row, 1] * 0.01 - 3
      }
      return samples
    }
    var options = TrainingOptions()
    (options.optimizer, options.learningRate, options.epochs) = (Adam.adamW(decay: 0.1), 0.01, 60)
    let result = try Trainer(network, loss: .crossEntropy, options: options).train(
      moved(Problems.exclusiveOr(rows: 400, seed: 1)))
    let others = moved(Problems.exclusiveOr(rows: 400, seed: 2))
    #expect(try accuracy(network, result, others) > 0.94)
    let kept = try #require(result.parameters["0.running_mean"])
    #expect(abs(kept[0, 0] - 500) < 20 && abs(kept[0, 1] + 3) < 0.01)
    let variance = try #require(result.parameters["0.running_variance"])
    #expect(abs(variance[0, 0] / 3333 - 1) < 0.3 && abs(variance[0, 1] / 3.333e-5 - 1) < 0.3)
  }

  @Test func twoSpiralsAreUntangled() throws {
    let network = Network(inputs: 2) {
      Linear(48)
      Tanh()
      Linear(48)
      Tanh()
      Linear(2)
      Softmax()
    }
    var options = TrainingOptions()
    options.learningRate = 0.01
    options.schedule = CosineSchedule()
    options.epochs = 100
    let samples = Problems.spirals(rows: 200)
    let result = try Trainer(network, loss: .crossEntropy, options: options).train(samples)
    #expect(try accuracy(network, result, samples) == 1)
    #expect(result.history.last!.loss < 0.02)
  }

  @Test func aCurveIsFitted() throws {
    let network = Network(inputs: 1) {
      Linear(24)
      Tanh()
      Linear(24)
      Tanh()
      Linear(1)
    }
    var options = TrainingOptions()
    options.learningRate = 0.01
    options.schedule = LinearWarmUp(then: CosineSchedule())
    options.epochs = 120
    let samples = Problems.sine(rows: 200)
    let result = try Trainer(network, loss: .meanSquaredError, options: options).train(samples)
    let outputs = try Predictor(network, parameters: result.parameters).predict(samples.inputs)
    #expect(try #require(RegressionMetric(.rmse).value(of: outputs, for: samples)) < 0.05)
    #expect(try #require(RegressionMetric(.r2).value(of: outputs, for: samples)) > 0.995)
  }

  @Test(arguments: [false, true])
  func gradientDescentOnAllRowsApproachesTheLeastSquares(weighted: Bool) throws {
    let inputs = Problems.normal(rows: 60, columns: 3, seed: 1)
    let noise = Problems.normal(rows: 60, columns: 1, seed: 2)
    let targets = (0..<60).map { 2 * inputs[$0, 0] - inputs[$0, 1] + 0.5 * inputs[$0, 2] + 3 + noise[$0, 0] }
    let weights = weighted ? (0..<60).map { Float($0 % 4) } : nil
    let samples = Samples(
      inputs: inputs, targets: .values(Matrix(rows: 60, columns: 1, elements: targets)), weights: weights)
    let network = Network(inputs: 3) { Linear(1) }
    var options = TrainingOptions()
    options.optimizer = GradientDescent()
    options.learningRate = 0.2
    options.batchSize = .all
    options.epochs = 300
    let result = try Trainer(network, loss: .meanSquaredError, options: options).train(samples)

    let exact = leastSquares(samples)
    for (found, exact) in zip(result.parameters.vector.elements, exact) { #expect(abs(Double(found) - exact) < 1e-5) }
    let least = meanSquare(samples, exact)
    #expect(abs(result.history.last!.loss - least) < 1e-5 * least)
    // On a convex problem, with a rate below 2/λ, no step makes it worse.
    for (before, after) in zip(result.history, result.history.dropFirst()) {
      #expect(after.loss <= before.loss * (1 + 1e-6))
    }
  }

  /// Rows of inputs with a 1 for the bias, target and weight, in Double.
  private func equations(_ samples: Samples) -> [(x: [Double], y: Double, weight: Double)] {
    guard case .values(let targets) = samples.targets else { return [] }
    return (0..<samples.count).map { row in
      let x = samples.inputs.row(row).map { Double($0) } + [1]
      return (x, Double(targets[row, 0]), Double(samples.weights?[row] ?? 1))
    }
  }

  /// The solution of the normal equations, XᵀWX θ = XᵀWy, by Gauss–Jordan elimination.
  private func leastSquares(_ samples: Samples) -> [Double] {
    let count = samples.inputs.columns + 1
    var system = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
    for (x, y, weight) in equations(samples) {
      for i in 0..<count {
        for j in 0..<count { system[i][j] += weight * x[i] * x[j] }
        system[i][count] += weight * x[i] * y
      }
    }
    for pivot in 0..<count {
      for row in 0..<count where row != pivot {
        let factor = system[row][pivot] / system[pivot][pivot]
        for column in 0...count { system[row][column] -= factor * system[pivot][column] }
      }
    }
    return (0..<count).map { system[$0][count] / system[$0][$0] }
  }

  private func meanSquare(_ samples: Samples, _ theta: [Double]) -> Double {
    var sum = 0.0, total = 0.0
    for (x, y, weight) in equations(samples) {
      var error = -y
      for (x, theta) in zip(x, theta) { error += x * theta }
      sum += weight * error * error
      total += weight
    }
    return sum / total
  }
}
