import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

@Suite("State of layers") struct StateTests {
  static let network = Network(inputs: 12) {
    Linear(40)
    BatchNorm(affine: false)
    ReLU()
    Residual {
      BatchNorm()
      Linear(40)
    }
    Linear(3)
    Softmax()
  }

  private func step(
    rows: Int = 300, threads: Int = 1, network: Network = network, optimizer: any Optimizer = Descent()
  ) throws -> TrainingStep {
    var random = RandomStream(seed: 3, purpose: .check)
    let inputs = Matrix(rows: rows, columns: 12, elements: (0..<rows * 12).map { _ in Float(random.normal()) })
    let samples = Samples(inputs: inputs, targets: .classes((0..<rows).map { Int32($0 % 3) }))
    let step = try TrainingStep(
      network, loss: .crossEntropy, samples: samples, batchSize: rows, rule: UpdateRule(optimizer),
      workers: WorkerPool(exactly: threads))
    step.parameters = try network.initialParameters(seed: 1)
    return step
  }

  private func run(_ step: TrainingStep, rows: Range<Int32>, number: Int = 0) {
    Array(rows).withUnsafeBufferPointer { _ = step.run(rows: $0, step: number, settings: UpdateSettings(rate: 0.1)) }
  }

  static let state = ["1.running_mean", "1.running_variance", "3.0.running_mean", "3.0.running_variance"]

  @Test("It stands in θ under its name, and is not counted as parameters")
  func stateIsNamed() throws {
    #expect(
      try Self.network.initialParameters(seed: 0).names == [
        "0.weights", "0.bias", "1.running_mean", "1.running_variance", "3.0.scale", "3.0.shift", "3.0.running_mean",
        "3.0.running_variance", "3.1.weights", "3.1.bias", "4.weights", "4.bias",
      ])
    let printed = Network(inputs: 8) { BatchNorm(momentum: 0.5) }.description
    #expect(
      printed.contains("BatchNorm(momentum: 0.5)  // 8 → 8, 16 parameters") && printed.hasSuffix("// 16 parameters"))
  }

  @Test("No update sees it; each step writes it; a gradient alone leaves it")
  func onlyTheLayerWritesIt() throws {
    // An update that writes nothing, but notes where it might have.
    let step = try step(optimizer: Watcher())
    let start = step.parameters
    let all = [Int32](0..<300)
    all.withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }
    #expect(step.parameters == start)
    for name in Self.state { #expect(step.gradient[name]!.elements.allSatisfy { $0 == 0 }) }

    run(step, rows: 0..<300)
    let after = step.parameters
    for name in after.names {
      let isState = Self.state.contains(name)
      #expect((after[name] != start[name]) == isState, "\(name)")
      var marks = start
      marks.vector = step.state[0]
      #expect(marks[name]!.elements.allSatisfy { $0 == (isState ? 0 : 1) }, "\(name)")
    }
  }

  @Test("A batch of one row moves nothing")
  func oneRowHasNoVariance() throws {
    let step = try step(optimizer: Watcher())
    let start = step.parameters
    run(step, rows: 7..<8)
    #expect(step.parameters == start)
  }

  @Test("Threads change no bit of it", arguments: [2, 3, 5])
  func bitsDoNotDependOnThreads(threads: Int) throws {
    let results = try [1, threads].map { threads in
      let step = try step(threads: threads)
      for number in 0..<6 { run(step, rows: 0..<(number % 2 == 0 ? 300 : 170), number: number) }
      return step.parameters.vector.elements
    }
    #expect(results[0] == results[1])
  }

  @Test("What is predicted does not depend on the rows beside it")
  func predictionsAreRowByRow() throws {
    let step = try step()
    for number in 0..<5 { run(step, rows: 0..<300, number: number) }
    var random = RandomStream(seed: 9, purpose: .check)
    let inputs = Matrix(rows: 200, columns: 12, elements: (0..<2400).map { _ in Float(random.normal()) })
    let predictor = try Predictor(Self.network, parameters: step.parameters)
    let all = try predictor.predict(inputs)
    for row in [0, 63, 64, 199] { #expect(try predictor.predict(Matrix([inputs.row(row)])).row(0) == all.row(row)) }
  }

  @Test("A network of images is normalised by channel, also where rows have gaps between them")
  func gapsBetweenRows() throws {
    let network = Network(inputs: [2, 2, 3]) { BatchNorm() }
    let predictor = try Predictor(network, parameters: network.initialParameters(seed: 1))
    let wide = Matrix(rows: 5, columns: 20, elements: (0..<100).map { Float($0 % 17) })
    var outputs = Matrix(rows: 5, columns: 12), packed = Matrix(rows: 5, columns: 12)
    for row in 0..<5 { for column in 0..<12 { packed[row, column] = wide[row, column + 4] } }
    wide.withView { wide in outputs.withMutableView { predictor.predict(wide[columns: 4..<16], into: $0) } }
    #expect(try predictor.predict(packed) == outputs)
  }
}

/// Marks what it is handed.
private struct Watcher: Optimizer {
  var stateVectors: Int { 1 }
  func update(_ pass: UpdatePass) { for index in 0..<pass.theta.count { pass.state(0)[index] += 1 } }
  var description: String { "Watcher()" }
}
