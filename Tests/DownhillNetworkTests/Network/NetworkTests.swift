import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

@Suite struct NetworkTests {
  @Test func aNetworkPrintsAsItsConstructor() {
    let network = Network(inputs: 784) {
      Linear(256)
      ReLU()
      Linear(10, bias: false)
      Softmax()
    }
    #expect(
      network.description == """
        Network(inputs: 784) {
          Linear(256)              // 784 → 256, 200,960 parameters
          ReLU()                   // 256 → 256
          Linear(10, bias: false)  // 256 → 10, 2,560 parameters
          Softmax()                // 10 → 10
        }  // 203,520 parameters
        """)
  }

  @Test func ifAndForStandInsideTheBuilder() throws {
    func network(widths: [Int], dropout: Float?, softmax: Bool) -> Network {
      Network(inputs: 4) {
        for width in widths {
          Linear(width)
          ReLU()
          if let dropout { Dropout(dropout) }
        }
        Linear(3)
        if softmax { Softmax() } else { Identity() }
      }
    }
    #expect(
      network(widths: [8, 6], dropout: 0.5, softmax: true).layers.map(\.description) == [
        "Linear(8)", "ReLU()", "Dropout(0.5)", "Linear(6)", "ReLU()", "Dropout(0.5)", "Linear(3)", "Softmax()",
      ])
    #expect(network(widths: [], dropout: nil, softmax: false).layers.map(\.description) == ["Linear(3)", "Identity()"])
    #expect(try network(widths: [8], dropout: nil, softmax: true).parameterCount() == 4 * 8 + 8 + 8 * 3 + 3)
  }

  @Test func aNetworkIsTheSameAfterEncodingAndDecoding() throws {
    let network = Network(inputs: [5]) {
      Linear(8, initializer: .normal(standardDeviation: 0.1))
      LeakyReLU(slope: 0.2)
      Dropout(0.25)
      Linear(2, bias: false)
      Softmax()
    }
    let decoded = try JSONDecoder().decode(Network.self, from: try JSONEncoder().encode(network))
    #expect(decoded == network)
    #expect(decoded.description == network.description)
  }

  @Test func anUnknownKindOfLayerIsNamed() {
    let json = Data(#"{"inputs": [3], "layers": [{"Convolution": {}}]}"#.utf8)
    #expect {
      _ = try JSONDecoder().decode(Network.self, from: json)
    } throws: { error in
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      return context.debugDescription.contains("“Convolution”") && context.debugDescription.contains("Linear")
    }
  }

  @Test func aUsersLayerIsDecodedFromItsCatalog() throws {
    let network = Network(inputs: 3) { Doubling() }
    let data = try JSONEncoder().encode(network)
    let decoder = JSONDecoder()
    #expect(throws: DecodingError.self) { try decoder.decode(Network.self, from: data) }
    decoder.userInfo[.layerCatalog] = LayerCatalog.standard + [Doubling.self]
    #expect(try decoder.decode(Network.self, from: data) == network)
  }

  @Test func aLayerThatDoesNotFitIsPointedAt() {
    let network = Network(inputs: [28, 28]) {
      ReLU()
      Linear(10)
    }
    #expect {
      try network.validate()
    } throws: { error in
      let text = "\(error)"
      return text.contains("layer 1: Linear takes rows that are vectors; these have the shape [28, 28]")
        && text.contains("Linear(10)  // ←")
    }
  }

  @Test func aNetworkNeedsInputsAndLayers() {
    #expect(throws: NetworkError.self) { try Network(inputs: 0) { ReLU() }.validate() }
    #expect(throws: NetworkError.self) { try Network(inputs: -3) { ReLU() }.validate() }
    #expect(throws: NetworkError.self) { try Network(inputs: 3, layers: []).validate() }
    #expect(throws: NetworkError.self) { try Network(inputs: [Int.max, 2]) { ReLU() }.validate() }
    #expect(throws: NetworkError.self) { try Network(inputs: [1 << 40]) { Linear(1 << 40) }.validate() }
  }

  @Test func initialParametersDependOnTheSeedAlone() throws {
    let network = Network(inputs: 20) {
      Linear(30)
      ReLU()
      Linear(3)
    }
    let first = try network.initialParameters(seed: 7)
    #expect(try network.initialParameters(seed: 7) == first)
    #expect(try network.initialParameters(seed: 8) != first)
    #expect(first.names == ["0.weights", "0.bias", "2.weights", "2.bias"])
    #expect(first["0.bias"]!.elements.allSatisfy { $0 == 0 })
  }

  static let preferences: [(any Layer, Double)] = [
    (ReLU(), 2.0 / 400), (LeakyReLU(), 2.0 / 400), (GELU(), 2.0 / 400), (SELU(), 1.0 / 400), (Tanh(), 2.0 / 700),
    (Sigmoid(), 2.0 / 700), (Softmax(), 2.0 / 700), (Identity(), 2.0 / 700),
  ]

  @Test(arguments: preferences)
  func weightsStartAsTheActivationThatFollowsPrefers(activation: any Layer, variance: Double) throws {
    let network = Network(inputs: 400) {
      Linear(300)
      activation
    }
    let weights = try network.initialParameters(seed: 1)["0.weights"]!.elements.map(Double.init)
    let mean = weights.reduce(0, +) / 120_000
    let seen = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 120_000
    #expect(abs(mean) < 5 * (variance / 120_000).squareRoot())
    #expect(abs(seen / variance - 1) < 0.03)
  }

  static let initializers: [(Initializer, Double, Double)] = [
    (.zeros, 0, 0), (.constant(0.5), 0.5, 0), (.uniform(-1, 3), 1, 16.0 / 12),
    (.normal(standardDeviation: 0.2), 0, 0.04), (.glorotUniform, 0, 2.0 / 500), (.glorotNormal, 0, 2.0 / 500),
    (.heUniform, 0, 2.0 / 200), (.heNormal, 0, 2.0 / 200), (.lecunUniform, 0, 1.0 / 200), (.lecunNormal, 0, 1.0 / 200),
  ]

  @Test(arguments: initializers)
  func initializersHaveTheirMeanAndVariance(initializer: Initializer, mean: Double, variance: Double) throws {
    let network = Network(inputs: 200) { Linear(300, bias: false, initializer: initializer) }
    let weights = try network.initialParameters(seed: 3).vector.elements.map(Double.init)
    let seen = weights.reduce(0, +) / 60_000
    #expect(abs(seen - mean) <= 5 * (variance / 60_000).squareRoot())
    let spread = weights.reduce(0) { $0 + ($1 - seen) * ($1 - seen) } / 60_000
    #expect(abs(spread - variance) <= 0.03 * variance)
  }
}

private struct Doubling: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func forward(_ pass: ForwardPass) { pass.output.add(pass.input, pass.input) }
  func inputDerivative(_ pass: InputDerivativePass) { pass.inputError.add(pass.outputError, pass.outputError) }
  var inputDerivativeReads: LayerReads { [] }
  var description: String { "Doubling()" }
}
