import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

@Suite struct LayerTests {
  /// Every layer of the package, with the settings that change what it does.
  static let layers: [any Layer] = [
    Linear(7), Linear(33, bias: false), Linear(1), Identity(), ReLU(), LeakyReLU(), LeakyReLU(slope: 0.3), ELU(),
    ELU(alpha: 0.5), SELU(), Sigmoid(), Tanh(), GELU(), SiLU(), Mish(), Softmax(), Dropout(0.4), Dropout(0),
    Softplus(), Softplus(beta: 3), HardTanh(), HardTanh(low: -0.3, high: 0.8), LogSoftmax(), Scale(),
    Scale(initializer: .uniform(-2, 2)), PReLU(), PReLU(slope: -0.5, shared: true), ParametricActivation(Mish()),
    ParametricActivation(SELU()), Embedding(categories: 3, width: 5), Periodic(frequencies: 5, deviation: 0.3),
    Linear(7, parametrization: .neuralTangent), Linear(2, bias: false, parametrization: .neuralTangent),
    // With a larger ε, or the derivative of a row or column of two numbers would be the small difference of large ones.
    LayerNorm(epsilon: 0.1), LayerNorm(epsilon: 0.2, affine: false), BatchNorm(epsilon: 0.1),
    BatchNorm(momentum: 0.3, epsilon: 0.2, affine: false),
  ]

  /// Layers that take rows of certain widths only.
  static let choosyLayers: [(layer: any Layer, inputs: Shape)] = [
    (Maxout(pieces: 2), 6), (Maxout(pieces: 3), 51), (Maxout(pieces: 1), 5),
    (Embedding(categories: [2, 4, 1], width: 3), 3), (Embedding(categories: [9, 3], width: 17), 2),
    (PerFeatureLinear(features: 4, outputs: 3), 20), (PerFeatureLinear(features: 3, outputs: 20), 57),
    (PiecewiseLinear(edges: [[-1, 0], [-0.5, 0.25, 1.5], [-2, -1, 0, 1, 2]]), 3),
    (PiecewiseLinear(edges: [(-12...12).map { Float($0) / 10 }, [0, 1]]), 2),
    (BatchNorm(epsilon: 0.1), [2, 3, 4]), (LayerNorm(epsilon: 0.1), [3, 2]), (Dropout(0.5), [2, 2]),
  ]

  @Test(arguments: choosyLayers.indices)
  func choosyLayersKeepWhatLayerPromises(index: Int) throws {
    let (layer, inputs) = Self.choosyLayers[index]
    let violations = try check(layer, inputs: inputs, batches: [1, 2, 5, 31, 128])
    #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
  }

  @Test(arguments: layers.indices, [1, 2, 3, 8, 17, 40] as [Shape])
  func everyLayerKeepsWhatLayerPromises(index: Int, inputs: Shape) throws {
    let violations = try check(Self.layers[index], inputs: inputs, batches: [1, 2, 5, 31])
    #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
  }

  @Test(arguments: layers.indices)
  func derivativesHoldOnLargeBatches(index: Int) throws {
    let violations = try check(Self.layers[index], inputs: 19, batches: [128, 257])
    #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
  }

  private func check(_ layer: some Layer, inputs: Shape, batches: [Int]) throws -> [ConformanceViolation] {
    try checkConformance(of: layer, inputs: [inputs], batches: batches, seed: UInt64(batches.count))
  }

  @Test("A layer prints as its constructor, and a network with it is read back from its file")
  func layersArePrintedAndCoded() throws {
    let printed: [(any Component, String)] = [
      (Softplus(), "Softplus()"), (Softplus(beta: 2), "Softplus(beta: 2.0)"), (HardTanh(), "HardTanh()"),
      (HardTanh(low: 0, high: 6), "HardTanh(low: 0.0, high: 6.0)"), (LogSoftmax(), "LogSoftmax()"),
      (Scale(), "Scale()"),
      (Scale(initializer: .zeros), "Scale(initializer: .zeros)"), (LayerNorm(), "LayerNorm()"),
      (LayerNorm(epsilon: 0.5, affine: false), "LayerNorm(epsilon: 0.5, affine: false)"), (BatchNorm(), "BatchNorm()"),
      (BatchNorm(momentum: 0.5, epsilon: 0.25), "BatchNorm(momentum: 0.5, epsilon: 0.25)"), (PReLU(), "PReLU()"),
      (PReLU(slope: 0, shared: true), "PReLU(slope: 0.0, shared: true)"),
      (ParametricActivation(ELU(alpha: 2)), "ParametricActivation(ELU(alpha: 2.0))"),
      (Maxout(pieces: 3), "Maxout(pieces: 3)"),
      (Embedding(categories: 9, width: 2), "Embedding(categories: 9, width: 2)"),
      (
        Embedding(categories: [2, 3, 1, 1, 1, 1], width: 2, initializer: .zeros),
        "Embedding(categories: [2, 3, 1, 1, 1, 1], width: 2, initializer: .zeros)"
      ),
      (Periodic(frequencies: 4, deviation: 0.5), "Periodic(frequencies: 4, deviation: 0.5)"),
      (PerFeatureLinear(features: 3, outputs: 2), "PerFeatureLinear(features: 3, outputs: 2)"),
      (
        PiecewiseLinear(edges: Array(repeating: [0, 1], count: 6)),
        "PiecewiseLinear(edges: [\(Array(repeating: "[0.0, 1.0]", count: 6).joined(separator: ", "))])"
      ),
      (PeriodicEmbedding(), "PeriodicEmbedding(frequencies: 16, outputs: 3)"),
      (Linear(3, parametrization: .neuralTangent), "Linear(3, parametrization: .neuralTangent)"),
    ]
    for (layer, description) in printed {
      #expect(layer.description == description)
      let network = Network(inputs: 6, layers: [layer])
      try network.validate()
      let read = try JSONDecoder().decode(Network.self, from: JSONEncoder().encode(network))
      #expect(read == network && read.description == network.description)
    }
  }

  @Test("A linear layer is coded as before there was a parametrization, where that is the usual one")
  func linearIsCodedAsBefore() throws {
    let old = #"{"inputs":[2],"layers":[{"Linear":{"bias":true,"outputs":3}}]}"#
    let network = try JSONDecoder().decode(Network.self, from: Data(old.utf8))
    #expect(network == Network(inputs: 2) { Linear(3) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(network), as: UTF8.self) == old)
  }

  @Test("Only functions of one number are blended")
  func otherLayersAreNotBlended() {
    let text = #"{"inputs":[2],"layers":[{"ParametricActivation":{"activation":{"Softmax":{}}}}]}"#
    #expect {
      _ = try JSONDecoder().decode(Network.self, from: Data(text.utf8))
    } throws: { "\($0)".contains("not a function of one number") }
  }

  @Test func aWrongDerivativeIsFound() throws {
    let violations = try checkConformance(of: WrongTanh(), inputs: [4])
    #expect(violations.contains { $0.description.contains("derivatives differ") })
  }

  @Test func anUndeclaredReadIsFound() throws {
    let violations = try checkConformance(of: SecretReader(), inputs: [4])
    #expect(violations.contains { $0.description.contains("inputDerivativeReads") })
  }

  @Test func rowsThatDependOnTheirTileAreFound() throws {
    let violations = try checkConformance(of: TileMean(), inputs: [3], batches: [8])
    #expect(violations.contains { $0.description.contains("rowCoupling") })
  }

  @Test func dropoutKeepsTheMeanAndDropsTheShare() throws {
    let network = Network(inputs: 1000) { Dropout(0.25) }
    let ones = Matrix(rows: 200, columns: 1000, elements: [Float](repeating: 1, count: 200_000))
    let recorder = Recorder()
    let step = try TrainingStep(
      network, loss: Recording(recorder: recorder),
      samples: Samples(inputs: ones, targets: .values(Matrix(rows: 200, columns: 1000))), batchSize: 200, seed: 3)
    let rows = [Int32](0..<200)
    rows.withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }
    let kept = recorder.seen.filter { $0 != 0 }
    #expect(kept.allSatisfy { $0 == 1 / 0.75 })
    // The standard deviation of the share is 0.001.
    #expect(abs(Double(kept.count) / 200_000 - 0.75) < 0.005)
    let first = recorder.seen
    rows.withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 1) }
    #expect(recorder.seen != first)
    rows.withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }
    #expect(recorder.seen == first)
  }

  @Test(arguments: [
    (Linear(0) as any Layer, "at least one output"), (LeakyReLU(slope: 0), "slope above 0"),
    (ELU(alpha: -1), "α above 0"), (Dropout(1), "below 1"), (Dropout(-0.1), "at least 0"),
    (Softplus(beta: 0), "β above 0"), (HardTanh(low: 1, high: 1), "lower one first"),
    (LayerNorm(epsilon: 0), "ε above 0"), (BatchNorm(momentum: 1.5), "0 to 1"), (PReLU(slope: .nan), "slope"),
    (ParametricActivation(ELU(alpha: 0)), "α above 0"), (Maxout(pieces: 2), "equal pieces"),
    (Maxout(pieces: 0), "at least one piece"), (Embedding(categories: [2, 2], width: 3), "rows have 3"),
    (Embedding(categories: 0, width: 3), "1 to 16,777,216 categories"),
    (Embedding(categories: 5, width: 0), "one number"),
    (Periodic(frequencies: 0), "at least one frequency"), (Periodic(deviation: -1), "above 0"),
    (PerFeatureLinear(features: 2, outputs: 1), "equal parts"),
    (PiecewiseLinear(edges: [[0, 1]]), "edges of 1 columns"),
    (PiecewiseLinear(edges: [[0, 1], [1, 1], [0, 1]]), "ascending"),
  ])
  func settingsThatMakeNoSenseAreRefused(layer: any Layer, fragment: String) {
    #expect {
      try Network(inputs: 3, layers: [layer]).validate()
    } throws: { "\($0)".contains(fragment) && "\($0)".contains("layer 0") }
  }
}

/// f = tanh with the derivative of something else.
private struct WrongTanh: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func forward(_ pass: ForwardPass) { pass.output.apply(.tanh, to: pass.input) }
  func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.applyDerivative(of: .sigmoid, reference: pass.output, outputError: pass.outputError)
  }
  var description: String { "WrongTanh()" }
}

/// Says that it reads the output and reads the input too.
private struct SecretReader: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func forward(_ pass: ForwardPass) { pass.output.apply(.gelu, to: pass.input) }
  func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.applyDerivative(of: .gelu, reference: pass.input, outputError: pass.outputError)
  }
  var inputDerivativeReads: LayerReads { [.output] }
  var description: String { "SecretReader()" }
}

/// Adds the mean of the rows that it is handed, without saying so.
private struct TileMean: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func forward(_ pass: ForwardPass) {
    for column in 0..<pass.input.columns {
      let mean = (0..<pass.input.rows).reduce(Float(0)) { $0 + pass.input[$1, column] } / Float(pass.input.rows)
      for row in 0..<pass.input.rows { pass.output[row, column] = pass.input[row, column] + mean }
    }
  }
  func inputDerivative(_ pass: InputDerivativePass) {
    for column in 0..<pass.input.columns {
      let sum = (0..<pass.input.rows).reduce(Float(0)) { $0 + pass.outputError[$1, column] }
      for row in 0..<pass.input.rows {
        pass.inputError[row, column] = pass.outputError[row, column] + sum / Float(pass.input.rows)
      }
    }
  }
  var description: String { "TileMean()" }
}

/// What a network put out in a step, as its loss saw it.
final class Recorder: @unchecked Sendable {
  // Unchecked: only tests on one thread use it.
  var seen: [Float] = []
}

struct Recording: Loss {
  let recorder: Recorder
  init(recorder: Recorder) { self.recorder = recorder }
  init(from decoder: any Decoder) { recorder = Recorder() }
  func encode(to encoder: any Encoder) {}
  static func == (a: Recording, b: Recording) -> Bool { a.recorder === b.recorder }

  func evaluate(_ pass: LossPass) -> Double {
    recorder.seen = (0..<pass.prediction.rows).flatMap { row in
      (0..<pass.prediction.columns).map { pass.prediction[row, $0] }
    }
    pass.error?.fill(0)
    return 0
  }
  var description: String { "Recording" }
}
