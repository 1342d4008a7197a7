/// A tensor with a name: what a safetensors file is made of.
public struct NamedTensor: Sendable, Equatable {
  public let name: String
  public let shape: [Int]
  /// Row-major: the last axis runs fastest.
  public let elements: [Float]

  /// - Parameter shape: its product is the number of elements; empty for a single number.
  public init(name: String, shape: [Int], elements: [Float]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == elements.count,
      "\(elements.count) elements for a tensor of shape \(shape)")
    self.name = name
    self.shape = shape
    self.elements = elements
  }
}
