internal import DownhillCompute
public import DownhillFiles
public import DownhillNetwork

/// First parameters from a file: a model, or bare tensors, named as θ's parameters are: `0.weights`, `0.bias`, ….
public struct InitialWeights: Sendable {
  private let tensors: [NamedTensor]
  private let path: String

  /// - Throws: `FileError` where the file can't be read or is no safetensors file.
  public init(reading path: String) throws(FileError) {
    let file = try SafetensorsFile(reading: path)
    var tensors: [NamedTensor] = []
    for entry in file.entries { tensors.append(try file.tensor(entry.name)) }
    self.tensors = tensors
    self.path = path
  }

  /// - Throws: `LearningError` with the names and shapes that the network takes, where these are others.
  public func parameters(for network: Network) throws -> Parameters {
    var parameters = try network.zeroParameters()
    let expected = parameters.shapes
    for (name, shape) in expected {
      guard let tensor = tensors.first(where: { $0.name == name }) else {
        throw LearningError("\(path) has no tensor “\(name)”; the network takes \(list(expected))")
      }
      // A bias may be written as a vector or as a matrix of one row.
      guard tensor.shape == shape || tensor.shape == [1] + shape else {
        throw LearningError(
          "the tensor “\(name)” of \(path) has the shape \(tensor.shape), and \(shape) is expected"
            + (tensor.shape == shape.reversed() ? ": weights are inputs × outputs, so transpose it" : ""))
      }
      guard tensor.elements.allSatisfy(\.isFinite) else {
        throw LearningError("the tensor “\(name)” of \(path) holds numbers that are not finite")
      }
      parameters[name] = Matrix(
        rows: shape.count == 2 ? shape[0] : 1, columns: shape[shape.count - 1], elements: tensor.elements)
    }
    if let extra = tensors.first(where: { tensor in !expected.contains { $0.name == tensor.name } }) {
      throw LearningError(
        "\(path) has a tensor “\(extra.name)” that the network doesn't take; it takes \(list(expected))")
    }
    return parameters
  }

  private func list(_ shapes: [(name: String, shape: [Int])]) -> String {
    shapes.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
  }
}

extension Parameters {
  /// Writes the parameters alone as a safetensors file, each under its name; `InitialWeights` reads them back.
  /// - Throws: `FileError` where the file can't be written; what was there before is still there then.
  public func save(to path: String) throws(FileError) {
    try SafetensorsFile.write(
      shapes.map { NamedTensor(name: $0.name, shape: $0.shape, elements: self[$0.name]!.elements) }, to: path)
  }
}
