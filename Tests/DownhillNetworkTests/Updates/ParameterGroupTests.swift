import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

@Suite("Groups of parameters") struct ParameterGroupTests {
  static let network = Network(inputs: 6) {
    Linear(5)
    Tanh()
    ParameterGroup(rate: 0.5, decay: 0.25) {
      Linear(4)
      ParameterGroup(rate: 0.5, decay: 0, of: [.bias]) {
        Residual { Linear(4) }
      }
    }
    Scale(factors: LearningFactors(rate: 3, decay: 2))
    Linear(3)
  }

  /// One step from zeros by an optimizer that writes what it is told.
  private func step(_ network: Network, _ rule: UpdateRule) throws -> Parameters {
    let samples = Samples(
      inputs: normal(rows: 8, columns: 6, seed: 1), targets: .values(normal(rows: 8, columns: 3, seed: 2)))
    let step = try TrainingStep(network, loss: .meanSquaredError, samples: samples, batchSize: 8, rule: rule)
    step.parameters = try network.zeroParameters()
    let rows = [Int32](0..<8)
    rows.withUnsafeBufferPointer { _ = step.run(rows: $0, step: 0, settings: UpdateSettings(rate: 8, decayFactor: 2)) }
    return step.parameters
  }

  @Test func factorsMultiplyByLayerKindAndDeclaration() throws {
    let rates = try step(Self.network, UpdateRule(Telling(decay: false)))
    let decays = try step(Self.network, UpdateRule(Telling(decay: true)))
    let expected: [(name: String, rate: Float, decay: Float)] = [
      ("0.weights", 8, 2), ("0.bias", 8, 2), ("2.0.weights", 4, 0.5), ("2.0.bias", 4, 0.5),
      ("2.1.0.0.weights", 4, 0.5), ("2.1.0.0.bias", 2, 0), ("3.scale", 24, 4), ("4.weights", 8, 2), ("4.bias", 8, 2),
    ]
    #expect(rates.names == expected.map(\.name))
    for (name, rate, decay) in expected {
      #expect(rates[name]!.elements.allSatisfy { $0 == rate }, "\(name)")
      #expect(decays[name]!.elements.allSatisfy { $0 == decay }, "\(name)")
    }
  }

  @Test func aRuleSaysWhichKindsDecay() throws {
    let decays = try step(Self.network, UpdateRule(Telling(decay: true), decaying: [.weights]))
    #expect(decays["0.weights"]!.elements.allSatisfy { $0 == 2 })
    for name in ["0.bias", "2.1.0.0.bias", "3.scale"] { #expect(decays[name]!.elements.allSatisfy { $0 == 0 }) }
    // Rates stay.
    let rates = try step(Self.network, UpdateRule(Telling(decay: false), decaying: [.weights]))
    #expect(rates["0.bias"]!.elements.allSatisfy { $0 == 8 })
  }

  @Test func aRateOfZeroLeavesALayerAsItIs() throws {
    let network = Network(inputs: 6) {
      ParameterGroup(rate: 0) { Linear(5) }
      Tanh()
      Linear(3)
    }
    let samples = Samples(
      inputs: normal(rows: 8, columns: 6, seed: 1), targets: .values(normal(rows: 8, columns: 3, seed: 2)))
    let step = try TrainingStep(
      network, loss: .meanSquaredError, samples: samples, batchSize: 8, rule: UpdateRule(Descent()))
    let start = try network.initialParameters(seed: 1)
    step.parameters = start
    let rows = [Int32](0..<8)
    rows.withUnsafeBufferPointer { _ = step.run(rows: $0, step: 0, settings: UpdateSettings(rate: 1)) }
    #expect(step.parameters["0.0.weights"] == start["0.0.weights"])
    #expect(step.parameters["2.weights"] != start["2.weights"])
  }

  /// Several tiles in both phases, and kept transposes.
  private static func wide(_ grouped: Bool) -> Network {
    let second: any Component = grouped ? ParameterGroup(decay: 0, of: [.bias]) { Linear(300) } : Linear(300)
    let third: any Component = grouped ? ParameterGroup(decay: 0.5) { Linear(40) } : Linear(40)
    return Network(inputs: 50) {
      Linear(200)
      ReLU()
      second
      GELU()
      third
      Tanh()
      Linear(3)
    }
  }

  private func train(_ network: Network, _ rule: UpdateRule, threads: Int) throws -> [Float] {
    let samples = Samples(
      inputs: normal(rows: 250, columns: 50, seed: 1), targets: .values(normal(rows: 250, columns: 3, seed: 2)))
    let step = try TrainingStep(
      network, loss: .meanSquaredError, samples: samples, batchSize: 250, rule: rule,
      workers: WorkerPool(exactly: threads))
    step.parameters = try network.initialParameters(seed: 3)
    let rows = [Int32](0..<250)
    for number in 0..<4 {
      rows.withUnsafeBufferPointer { _ = step.run(rows: $0, step: number, settings: UpdateSettings(rate: 0.1)) }
    }
    return step.parameters.vector.elements
  }

  @Test("Cutting blocks by groups, by whole parameters or for clipping changes no bit", arguments: [1, 3])
  func cutsChangeNothing(threads: Int) throws {
    let plain = try train(Self.wide(false), UpdateRule(Descent()), threads: 1)
    // Decay factors differ, and Descent doesn't look at them.
    #expect(try train(Self.wide(true), UpdateRule(Descent()), threads: threads) == plain)
    #expect(try train(Self.wide(false), UpdateRule(Descent(), decaying: [.weights]), threads: threads) == plain)
    #expect(try train(Self.wide(true), UpdateRule(WholeDescent()), threads: threads) == plain)
    let far = Clipping(norm: 1e9, value: 1e9)
    #expect(try train(Self.wide(true), UpdateRule(Descent(), clipping: far), threads: threads) == plain)
  }

  @Test func aFactorThatMakesNoSenseIsRefusedWithItsPlace() {
    let network = Network(inputs: 2) {
      Linear(2)
      Residual { ParameterGroup(rate: -1) { Linear(2) } }
    }
    do {
      try network.validate()
      Issue.record("accepted")
    } catch {
      #expect(error.layer == 1 && error.reason.contains("a factor on the rate is at least 0, not -1.0"))
    }
    #expect(throws: NetworkError.self) {
      try Network(inputs: 2) { Scale(factors: LearningFactors(decay: .nan)) }.validate()
    }
  }

  @Test func groupsAreCodedAndPrinted() throws {
    let network = Network(inputs: 6) {
      ParameterGroup(rate: 0.1, decay: 0, of: [.bias, .weights]) { Linear(3) }
    }
    let read = try JSONDecoder().decode(Network.self, from: JSONEncoder().encode(network))
    #expect(read == network)
    #expect(
      network.description == """
        Network(inputs: 6) {
          ParameterGroup(rate: 0.1, decay: 0.0, of: [.weights, .bias]) {  // 6 → 3, 21 parameters
            Linear(3)
          }
        }  // 21 parameters
        """)
  }
}

/// Writes the rate or the decay factor that it is told into θ.
private struct Telling: Optimizer {
  let decay: Bool
  func update(_ pass: UpdatePass) {
    for index in 0..<pass.theta.count { pass.theta[index] += Float(decay ? pass.decayFactor : pass.rate) }
  }
  var description: String { "Telling()" }
}

/// Descent that takes matrices as a whole, in scratch memory.
private struct WholeDescent: Optimizer {
  func scratchOfWholeUpdate(of parameter: ParameterRole) -> Int? {
    parameter.rows > 1 ? parameter.rows * parameter.columns : nil
  }
  func update(_ pass: UpdatePass) {
    guard let matrix = pass.matrix else { return Descent().update(pass) }
    precondition(matrix.rows * matrix.columns == pass.theta.count && pass.scratch.count == pass.theta.count)
    for index in 0..<pass.theta.count { pass.scratch[index] = Float(pass.rate) * pass.gradient[index] }
    for index in 0..<pass.theta.count { pass.theta[index] -= pass.scratch[index] }
  }
  var description: String { "WholeDescent()" }
}

/// y = s ⊙ x, with factors of its own.
private struct Scale: Layer {
  let factors: LearningFactors
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func parameters(for input: Shape) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "scale", rows: 1, columns: input.count, initializer: .constant(1), kind: .scale, factors: factors)
    ]
  }
  func forward(_ pass: ForwardPass) { scale(pass.input, by: pass.parameters[0], into: pass.output) }
  func inputDerivative(_ pass: InputDerivativePass) {
    scale(pass.outputError, by: pass.parameters[0], into: pass.inputError)
  }
  func parameterDerivative(_ pass: ParameterDerivativePass) { pass.gradient.fill(0) }
  var inputDerivativeReads: LayerReads { [] }
  var description: String { "Scale()" }

  private func scale(_ x: MatrixView, by scale: MatrixView, into y: MutableMatrixView) {
    for row in 0..<x.rows {
      for column in 0..<x.columns { y[row, column] = x[row, column] * scale[0, column] }
    }
  }
}
