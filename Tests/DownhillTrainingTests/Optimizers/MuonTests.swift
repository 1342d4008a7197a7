import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite("Muon") struct MuonTests {
  /// Five steps of the iteration on a singular value.
  private func iterated(_ value: Double) -> Double {
    (0..<5).reduce(value) { s, _ in 3.4445 * s - 4.7750 * s * s * s + 2.0315 * s * s * s * s * s }
  }

  @Test("Of a diagonal gradient, every singular value goes its own way", arguments: [(4, 4), (4, 9), (9, 4), (30, 70)])
  func diagonals(rows: Int, columns: Int) {
    let values = (0..<min(rows, columns)).map { 0.3 + 2.5 * Double(($0 * 7) % 5) }
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var gradient = [Float](repeating: 0, count: rows * columns)
    for (index, value) in values.enumerated() { gradient[index * columns + index] = Float(value) }
    var trial = OptimizerTrial(
      Muon(0), theta: [Float](repeating: 0, count: rows * columns), role: ParameterRole(rows: rows, columns: columns))
    trial.step(gradient: gradient, UpdateSettings(rate: 0.1))
    let size = 0.1 * 0.2 * Double(max(rows, columns)).squareRoot()
    for row in 0..<rows {
      for column in 0..<columns {
        let expected = row == column ? -size * iterated(values[row] / norm) : 0
        #expect(abs(Double(trial.theta[row * columns + column]) - expected) < 1e-5 * size)
      }
    }
  }

  @Test(
    "A step's singular values are about 1 on the whole, whatever the gradient's",
    arguments: [(20, 20), (12, 40), (40, 12)])
  func stepsAreNearlyOrthogonal(rows: Int, columns: Int) {
    let gradient = Problems.normal(rows: rows, columns: columns, seed: 4)
    var trial = OptimizerTrial(
      Muon(), theta: [Float](repeating: 0, count: rows * columns), role: ParameterRole(rows: rows, columns: columns))
    trial.step(gradient: gradient.elements, UpdateSettings(rate: 1))
    let size = 0.2 * Double(max(rows, columns)).squareRoot()
    // The mean of the squared singular values is ‖O‖² / min(rows, columns).
    let squares = trial.theta.elements.reduce(0) { $0 + Double($1) * Double($1) } / (size * size)
    let mean = (squares / Double(min(rows, columns))).squareRoot()
    #expect(mean > 0.6 && mean < 1.3)
    // It goes down the gradient: by the sum of its singular values, about.
    let descent = zip(trial.theta.elements, gradient.elements).reduce(0) { $0 - Double($1.0) * Double($1.1) } / size
    #expect(descent > 0.6 * gradient.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot())
  }

  private static let network = Network(inputs: 12) {
    Linear(30)
    Tanh()
    Linear(20, bias: false)
    Tanh()
    Linear(3)
    Softmax()
  }

  private func train(_ optimizer: any Optimizer, threads: Int = 1, steps: Int = 1) throws -> Parameters {
    let inputs = Problems.normal(rows: 64, columns: 12, seed: 1)
    let samples = Samples(inputs: inputs, targets: .classes((0..<64).map { inputs[$0, 0] > 0 ? 1 : 2 }))
    let step = try TrainingStep(
      Self.network, loss: .crossEntropy, samples: samples, batchSize: 64, rule: UpdateRule(optimizer),
      workers: WorkerPool(exactly: threads))
    step.parameters = try Self.network.initialParameters(seed: 2)
    for number in 0..<steps {
      [Int32](0..<64).withUnsafeBufferPointer {
        _ = step.run(rows: $0, step: number, settings: UpdateSettings(rate: 0.01))
      }
    }
    return step.parameters
  }

  @Test func whatIsNoHiddenMatrixIsUpdatedByTheOther() throws {
    let adam = Adam(beta2: 0.95, weightDecay: .decoupled(0.1))
    let muon = try train(Muon(weightDecay: .decoupled(0.1), others: adam)), others = try train(adam)
    for name in ["0.bias", "4.weights", "4.bias"] { #expect(muon[name] == others[name], "\(name)") }
    for name in ["0.weights", "2.weights"] { #expect(muon[name] != others[name], "\(name)") }
  }

  @Test(arguments: [2, 4]) func threadsChangeNoBit(threads: Int) throws {
    #expect(try train(Muon(), threads: threads, steps: 5) == train(Muon(), steps: 5))
  }
}
