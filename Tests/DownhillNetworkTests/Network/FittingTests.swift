import DownhillCompute
import DownhillNetwork
import Testing

@Suite("First parameters fitted to data") struct FittingTests {
  static let network = Network(inputs: 9) {
    Scale()
    Linear(40, parametrization: .neuralTangent, fitted: true)
    Residual {
      BatchNorm()
      Dropout(0.3)
      Linear(40, fitted: true)
    }
    Concatenate {
      Branch(columns: 3..<20) { SELU() }
      Branch { Linear(7, bias: false, fitted: true) }
    }
    Linear(5)
  }

  private func inputs(rows: Int) -> Matrix {
    var random = RandomStream(seed: 3, purpose: .check)
    return Matrix(
      rows: rows, columns: 9, elements: (0..<rows * 9).map { Float(random.normal() * Double($0 % 9 + 1) + 3) })
  }

  /// What a part of the network up to here makes of the inputs.
  private func outputs(of inputs: Matrix, _ parameters: Parameters, _ layers: [any Component]) throws -> Matrix {
    let network = Network(inputs: 9, layers: layers)
    var own = try network.zeroParameters()
    for name in own.names { own[name] = parameters[name] }
    return try Predictor(network, parameters: own).predict(inputs)
  }

  private func moments(_ matrix: Matrix, _ column: Int) -> (mean: Double, variance: Double) {
    let values = (0..<matrix.rows).map { Double(matrix[$0, column]) }
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count))
  }

  @Test("Each output has variance 1 and its 0 among the rows, layer after layer")
  func outputsHaveUnitVariance() throws {
    let inputs = inputs(rows: 500)
    let parameters = try Self.network.initialParameters(seed: 4, inputs: inputs)
    let first = try outputs(of: inputs, parameters, Array(Self.network.layers[..<2]))
    let second = try outputs(of: inputs, parameters, Array(Self.network.layers[..<3]))
    let third = try outputs(of: inputs, parameters, Array(Self.network.layers[..<4]))
    for column in 0..<40 {
      #expect(abs(moments(first, column).variance - 1) < 1e-3)
      let values = (0..<500).map { first[$0, column] }
      #expect(values.min()! < 0 && values.max()! > 0)
      // The residual's own part.
      let part = Matrix(rows: 500, columns: 1, elements: (0..<500).map { second[$0, column] - first[$0, column] })
      #expect(abs(moments(part, 0).variance - 1) < 1e-3)
    }
    for column in 17..<24 { #expect(abs(moments(third, column).variance - 1) < 1e-3) }
    // A layer that is not fitted keeps its initialiser's numbers.
    let plain = try Self.network.initialParameters(seed: 4)
    #expect(parameters["4.weights"] == plain["4.weights"] && parameters["1.weights"] != plain["1.weights"])
  }

  @Test("It is a function of seed and inputs; without a layer that asks for it, of the seed alone")
  func isDeterministic() throws {
    let inputs = inputs(rows: 6_000)
    let once = try Self.network.initialParameters(seed: 4, inputs: inputs)
    #expect(try Self.network.initialParameters(seed: 4, inputs: inputs) == once && once.areFinite)
    #expect(try Self.network.initialParameters(seed: 5, inputs: inputs) != once)
    let plain = Network(inputs: 9) { Linear(3) }
    #expect(try plain.initialParameters(seed: 4, inputs: inputs) == plain.initialParameters(seed: 4))
  }

  @Test("Columns that never vary leave finite weights")
  func constantInputsAreFine() throws {
    let parameters = try Self.network.initialParameters(seed: 1, inputs: Matrix(rows: 3, columns: 9))
    #expect(parameters.areFinite)
  }
}
