import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

/// What layers give by PyTorch in float64: the files of `Tests/Fixtures/layers`, made by
/// `Scripts/fixtures/layer_fixtures.py`.
@Suite("Layers against PyTorch") struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/layers")
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func read(_ name: String) throws -> GoldenCase {
    try JSONDecoder().decode(GoldenCase.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
  }

  @Test("There are cases to compare with") func thereAreCases() { #expect(Self.names.count > 20) }

  @Test("Outputs and derivatives are PyTorch's", arguments: names.filter { !$0.hasSuffix("-steps") })
  func valuesAgree(name: String) throws {
    let golden = try Self.read(name)
    let recorder = Recorder()
    let samples = Samples(inputs: golden.inputs.matrix, targets: .values(golden.outputError.matrix))
    let step = try TrainingStep(
      golden.network, loss: Contraction(recorder: recorder), samples: samples, batchSize: samples.count,
      keepsInputError: true)
    step.parameters = try golden.start()
    [Int32](0..<Int32(samples.count)).withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }
    #expect(step.parameters == (try golden.start()))

    compare(recorder.seen, golden.outputs, "outputs")
    compare(step.inputError!.elements, try #require(golden.inputError), "inputError")
    for (name, expected) in try #require(golden.gradients) {
      compare(step.gradient[name]!.elements, expected, "gradient of \(name)")
    }
  }

  @Test("Batch normalisation trains as PyTorch's, its running statistics too, and predicts with them")
  func stepsAgree() throws {
    let golden = try Self.read("batch-norm-steps")
    let samples = Samples(inputs: golden.inputs.matrix, targets: .values(golden.outputError.matrix))
    let step = try TrainingStep(
      golden.network, loss: Contraction(recorder: Recorder()), samples: samples, batchSize: samples.count,
      rule: UpdateRule(Descent()))
    step.parameters = try golden.start()
    for (number, rows) in try #require(golden.steps).enumerated() {
      rows.withUnsafeBufferPointer {
        _ = step.run(rows: $0, step: number, settings: UpdateSettings(rate: Double(golden.rate!)))
      }
    }
    for (name, expected) in try #require(golden.finalParameters) {
      compare(step.parameters[name]!.elements, expected, name)
    }
    let predicted = try Predictor(golden.network, parameters: step.parameters).predict(golden.inputs.matrix)
    compare(predicted.elements, golden.outputs, "outputs")
  }

  /// Differences are measured against the largest element: one may cancel to almost nothing.
  private func compare(_ found: [Float], _ expected: GoldenCase.Numbers, _ what: String) {
    #expect(found.count == expected.elements.count)
    let largest = max(expected.elements.map { abs($0) }.max()!, 1e-3)
    let furthest = zip(found, expected.elements).map { abs(Double($0) - $1) }.max()!
    #expect(furthest <= 4e-6 * largest, "\(what) differ by \(furthest / largest)")
  }
}

struct GoldenCase: Decodable {
  let network: Network
  let inputs: Numbers
  let parameters: [String: Numbers]
  let outputs: Numbers
  let outputError: Numbers
  let inputError: Numbers?
  let gradients: [String: Numbers]?
  let steps: [[Int32]]?
  let rate: Float?
  let finalParameters: [String: Numbers]?

  struct Numbers: Decodable {
    let rows: Int
    let columns: Int
    let elements: [Double]
    var matrix: Matrix { Matrix(rows: rows, columns: columns, elements: elements.map { Float($0) }) }
  }

  func start() throws -> Parameters {
    var start = try network.zeroParameters()
    #expect(Set(start.names) == Set(parameters.keys))
    for (name, numbers) in parameters { start[name] = numbers.matrix }
    return start
  }
}

/// L = Σ cᵢₖ ŷᵢₖ, the coefficients c in the targets' place, a sum over the batch; it records what the network puts out.
private struct Contraction: Loss {
  let recorder: Recorder
  init(recorder: Recorder) { self.recorder = recorder }
  init(from decoder: any Decoder) { recorder = Recorder() }
  func encode(to encoder: any Encoder) {}
  static func == (a: Contraction, b: Contraction) -> Bool { a.recorder === b.recorder }

  func evaluate(_ pass: LossPass) -> Double {
    guard case .values(let coefficients) = pass.target else { return 0 }
    pass.error?.copy(coefficients)
    recorder.seen = (0..<pass.prediction.rows).flatMap { row in
      (0..<pass.prediction.columns).map { pass.prediction[row, $0] }
    }
    return 0
  }
  var description: String { "Contraction" }
}
