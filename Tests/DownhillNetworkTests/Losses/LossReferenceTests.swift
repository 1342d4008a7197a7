import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

@Suite("Losses are PyTorch's") struct LossReferenceTests {
  /// A loss as PyTorch works it out in float64: a line of `Tests/Fixtures/losses/losses.json`, made by
  /// `Scripts/fixtures/loss_fixtures.py`.
  struct Case: Decodable {
    let name: String
    let loss: CodedLoss
    let last: String
    let outputs: Int
    let inputs: [Float]
    let targets: Answers
    let weights: [Float]?
    let value: Double
    let gradient: [Double]

    struct Answers: Decodable {
      let classes: [Int32]?
      let values: [Float]?
      let columns: Int?
    }

    var samples: Samples {
      let rows = inputs.count / outputs
      let answers = targets.values.map {
        Targets.values(Matrix(rows: rows, columns: targets.columns!, elements: $0))
      }
      return Samples(
        inputs: Matrix(rows: rows, columns: outputs, elements: inputs), targets: answers ?? .classes(targets.classes!),
        weights: weights)
    }

    var layer: any Layer {
      switch last {
      case "Softmax": Softmax()
      case "Sigmoid": Sigmoid()
      default: Identity()
      }
    }
  }

  static let cases: Result<[Case], any Error> = Result {
    let file = URL(filePath: #filePath).appending(path: "../../../Fixtures/losses/losses.json").standardized
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }

  @Test("Values and derivatives of all losses agree with float64") func values() throws {
    let cases = try Self.cases.get()
    #expect(cases.count > 100)
    for reference in cases {
      let samples = reference.samples
      let network = Network(inputs: Shape([reference.outputs]), layers: [reference.layer])
      let step = try TrainingStep(
        network, loss: reference.loss.loss, samples: samples, batchSize: samples.count, keepsInputError: true)
      let order = [Int32](0..<Int32(samples.count))
      let value = order.withUnsafeBufferPointer { step.differentiate(rows: $0, step: 0) }
      #expect(abs(value - reference.value) <= 2e-6 * abs(reference.value), "\(reference.name)")
      let gradient = try #require(step.inputError).elements
      let largest = reference.gradient.map { abs($0) }.max()!
      let difference = zip(gradient, reference.gradient).map { abs(Double($0) - $1) }.max()!
      #expect(difference <= 1e-6 * largest, "\(reference.name) differs by \(difference / largest)")

      let (_, evaluated) = try Predictor(network, parameters: network.zeroParameters()).evaluate(
        samples, loss: reference.loss.loss)
      #expect(abs(evaluated - reference.value) <= 2e-6 * abs(reference.value), "\(reference.name), evaluated")
    }
  }

  @Test("Losses are written and read back by name") func coding() throws {
    let losses: [any Loss] = [
      CrossEntropy(labelSmoothing: 0.1, classWeights: [1, 2]), FocalCrossEntropy(gamma: 1), BinaryCrossEntropy(),
      BinaryFocalCrossEntropy(), BinaryFocalCrossEntropy(alpha: 0.5), MeanSquaredError(), MeanAbsoluteError(),
      Huber(delta: 2), Quantile(0.25, 0.75), Poisson(),
    ]
    func expectSame<Kind: Loss>(_ loss: Kind, _ other: any Loss) { #expect((other as? Kind) == loss) }
    for loss in losses {
      expectSame(loss, try JSONDecoder().decode(CodedLoss.self, from: JSONEncoder().encode(CodedLoss(loss))).loss)
    }
    let text = String(decoding: try JSONEncoder().encode(CodedLoss(Huber(delta: 2))), as: UTF8.self)
    #expect(text == #"{"huber":{"delta":2}}"#)
    #expect {
      _ = try JSONDecoder().decode(CodedLoss.self, from: Data(#"{"hubert":{}}"#.utf8))
    } throws: { "\($0)".contains("a loss of the kind “hubert”; known are binary-cross-entropy, ") }
  }
}
