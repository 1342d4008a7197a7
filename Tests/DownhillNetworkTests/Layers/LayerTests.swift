import DownhillCompute
import DownhillNetwork
import Testing

@Suite struct LayerTests {
  /// Every layer of the package, with the settings that change what it does.
  static let layers: [any Layer] = [
    Linear(7), Linear(33, bias: false), Linear(1), Identity(), ReLU(), LeakyReLU(), LeakyReLU(slope: 0.3), ELU(),
    ELU(alpha: 0.5), SELU(), Sigmoid(), Tanh(), GELU(), SiLU(), Mish(), Softmax(), Dropout(0.4), Dropout(0),
  ]

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

  private func check(_ layer: some Layer, inputs: Shape, batches: [Int]) throws -> [LayerViolation] {
    try checkConformance(of: layer, inputs: [inputs], batches: batches, seed: UInt64(batches.count))
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
