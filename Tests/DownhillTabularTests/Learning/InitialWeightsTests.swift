import DownhillCompute
import DownhillFiles
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

@Suite("First weights from a file") struct InitialWeightsTests {
  private static func write(_ tensors: [NamedTensor]) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "weights-\(UUID().uuidString)").path()
    try SafetensorsFile.write(tensors, checksum: false, to: path)
    return path
  }

  /// A recipe whose only step moves nothing that a float can tell.
  private static var still: Recipe {
    var recipe = Recipe.plain
    recipe.layers = [3]
    recipe.epochs = 1
    recipe.learningRate = 1e-30
    recipe.validation = 0
    return recipe
  }

  private static func examples() throws -> Examples {
    try Examples(Table(contentsOf: .text("x,z,y\n1,2,a\n2,1,b\n4,7,a\n5,6,b\n"), target: "y"), target: "y")
  }

  private static func tensors(bias: [Int] = [3]) -> [NamedTensor] {
    [
      NamedTensor(name: "0.weights", shape: [2, 3], elements: [0.5, -1, 2, 0.25, 3, -0.125]),
      NamedTensor(name: "0.bias", shape: bias, elements: [1, 2, 3]),
      NamedTensor(name: "2.weights", shape: [3, 2], elements: [1, 2, 3, 4, 5, 6]),
      NamedTensor(name: "2.bias", shape: [2], elements: [-1, 1]),
    ]
  }

  @Test("the parameters of a network come back from their file")
  func savedParameters() throws {
    let network = Network(inputs: 3) {
      Linear(4)
      BatchNorm()
      Tanh()
      Linear(2, bias: false)
    }
    var parameters = try network.initialParameters(seed: 4)
    // State too, under its name.
    parameters["1.running_mean"] = Matrix([[1, 2, 3, 4]])
    let path = FileManager.default.temporaryDirectory.appending(path: "parameters-\(UUID().uuidString)").path()
    defer { unlink(path) }
    try parameters.save(to: path)
    #expect(try InitialWeights(reading: path).parameters(for: network) == parameters)
  }

  @Test("bare tensors become the network's, a bias as a vector or as a row", arguments: [[3], [1, 3]])
  func bareTensors(bias: [Int]) throws {
    let path = try Self.write(Self.tensors(bias: bias))
    defer { unlink(path) }
    var learner = Learner(Self.still)
    learner.initialWeights = try InitialWeights(reading: path)
    let model = try learner.prepare(Self.examples()).train().model
    for tensor in Self.tensors() { #expect(model.parameters[tensor.name]?.elements == tensor.elements) }
  }

  @Test("a model file gives its own weights back")
  func modelFile() throws {
    let model = try Learner(Self.still).prepare(Self.examples()).train().model
    let path = try Self.write([])
    defer { unlink(path) }
    try model.save(to: path)
    var learner = Learner(Self.still)
    learner.seed = 9
    learner.initialWeights = try InitialWeights(reading: path)
    let again = try learner.prepare(Self.examples()).train().model
    for name in model.parameters.names {
      let (first, second) = (model.parameters[name]!.elements, again.parameters[name]!.elements)
      #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-20 })
    }
  }

  @Test(
    "tensors that don't fit are refused with what was found and expected",
    arguments: [
      ("a missing one", "has no tensor “2.bias”; the network takes 0.weights [2, 3], 0.bias [3]"),
      ("transposed", "has the shape [3, 2], and [2, 3] is expected: weights are inputs × outputs, so transpose it"),
      ("another shape", "has the shape [6], and [2, 3] is expected"),
      ("one too many", "has a tensor “4.weights” that the network doesn't take"),
      ("not finite", "holds numbers that are not finite"),
    ])
  func refusals(fault: String, message: String) throws {
    var tensors = Self.tensors()
    let elements = tensors[0].elements
    switch fault {
    case "a missing one": tensors.removeLast()
    case "transposed": tensors[0] = NamedTensor(name: "0.weights", shape: [3, 2], elements: elements)
    case "another shape": tensors[0] = NamedTensor(name: "0.weights", shape: [6], elements: elements)
    case "one too many": tensors.append(NamedTensor(name: "4.weights", shape: [1], elements: [1]))
    default: tensors[0] = NamedTensor(name: "0.weights", shape: [2, 3], elements: [.nan] + elements.dropFirst())
    }
    let path = try Self.write(tensors)
    defer { unlink(path) }
    var learner = Learner(Self.still)
    learner.initialWeights = try InitialWeights(reading: path)
    let error = try #require(throws: LearningError.self) { try learner.prepare(Self.examples()) }
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.contains(path))
  }
}
