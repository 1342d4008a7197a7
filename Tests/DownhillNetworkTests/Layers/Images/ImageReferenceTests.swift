import DownhillCompute
import DownhillNetwork
import Foundation
import Testing

/// Against PyTorch in float64: `Tests/Fixtures/images`, made by `Scripts/fixtures/convolution_fixtures.py`.
@Suite struct ImageReferenceTests {
  static let cases: [ImageCase] = (try? ImageCase.readAll()) ?? []

  @Test func thereAreCases() { #expect(Self.cases.count >= 29) }

  @Test(arguments: cases.indices)
  func outputsAndAllDerivativesAgreeWithPyTorch(index: Int) throws {
    let reference = Self.cases[index]
    let layer = try reference.makeLayer()
    let network = Network(inputs: Shape(reference.shape), layers: [layer])
    let inputs = reference.matrix(reference.input)
    let step = try TrainingStep(
      network, loss: GivenError(),
      samples: Samples(inputs: inputs, targets: .values(reference.matrix(reference.outputError))),
      batchSize: reference.images, keepsInputError: true)
    var parameters = try network.zeroParameters()
    if let weights = reference.weights {
      let rows = weights.count / reference.channels!
      parameters["0.weights"] = Matrix(rows: rows, columns: reference.channels!, elements: weights.map { Float($0) })
    }
    if let bias = reference.bias {
      parameters["0.bias"] = Matrix(rows: 1, columns: bias.count, elements: bias.map { Float($0) })
    }
    step.parameters = parameters
    let outputs = try Predictor(network, parameters: parameters).predict(inputs)
    #expect(outputs.columns == reference.output.count / reference.images)
    let rows = [Int32](0..<Int32(reference.images))
    rows.withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }

    compare(outputs.elements, reference.output, "outputs of \(layer)")
    compare(step.inputError!.elements, reference.inputError, "input derivative of \(layer)")
    if let expected = reference.weightGradient {
      compare(step.gradient["0.weights"]!.elements, expected, "weight gradient of \(layer)")
    }
    if let expected = reference.biasGradient {
      compare(step.gradient["0.bias"]!.elements, expected, "bias gradient of \(layer)")
    }
  }

  private func compare(_ found: [Float], _ expected: [Double], _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    let largest = expected.map { abs($0) }.max()!
    let difference = zip(found, expected).map { abs(Double($0) - $1) }.max()!
    #expect(difference <= 2e-6 * largest, "\(what) differ by \(difference / largest)")
  }
}

/// One line of the fixture.
struct ImageCase: Decodable {
  let layer: String
  let images: Int
  let shape: [Int]
  let channels: Int?
  let groups: Int?
  let kernel, stride: [Int]?
  let padding: PaddingNumbers?
  let counts: Bool?
  let input, output, outputError, inputError: [Double]
  let weights, weightGradient, bias, biasGradient: [Double]?

  /// "same", or top, bottom, left, right.
  struct PaddingNumbers: Decodable {
    let padding: Padding

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let sides = try? container.decode([Int].self) {
        padding =
          sides.allSatisfy { $0 == 0 }
          ? .valid : .explicit(top: sides[0], bottom: sides[1], left: sides[2], right: sides[3])
      } else {
        padding = .same
      }
    }
  }

  static func readAll() throws -> [ImageCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../Fixtures/images/layers.json")
    return try JSONDecoder().decode([ImageCase].self, from: Data(contentsOf: file))
  }

  struct Unknown: Error { let what: String }

  func makeLayer() throws -> any Layer {
    func size(_ numbers: [Int]?) -> Size2D { Size2D(numbers![0], numbers![1]) }
    switch layer {
    case "convolution":
      return Convolution2D(
        channels!, kernel: size(kernel), stride: size(stride), padding: padding!.padding, groups: groups!,
        bias: bias != nil)
    case "max": return MaxPooling2D(size(kernel), stride: size(stride), padding: padding!.padding)
    case "average":
      return AveragePooling2D(
        size(kernel), stride: size(stride), padding: padding!.padding, countsPadding: counts!)
    case "global": return GlobalAveragePooling()
    default: throw Unknown(what: layer)
    }
  }

  func matrix(_ numbers: [Double]) -> Matrix {
    Matrix(rows: images, columns: numbers.count / images, elements: numbers.map { Float($0) })
  }
}

/// A loss whose derivative with respect to the predictions is given: the targets.
struct GivenError: Loss {
  func evaluate(_ pass: LossPass) -> Double {
    guard case .values(let errors) = pass.target else { return .nan }
    pass.error?.copy(errors)
    return 0
  }
  var description: String { "GivenError()" }
}
