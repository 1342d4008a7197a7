public import DownhillCompute

/// θ: all the parameters of a network end to end in one vector, each weight matrix and bias a part of it.
public struct Parameters: Sendable, Equatable {
  public var vector: Vector
  package let layout: ParameterLayout

  package init(layout: ParameterLayout) {
    self.layout = layout
    vector = Vector(count: layout.count)
  }

  /// The length of θ.
  public var count: Int { layout.count }

  /// The parameters' names, in their order: `0.weights`, `0.bias`, `2.weights`, …, with the index of the layer.
  public var names: [String] { layout.entries.map(\.name) }

  /// One parameter by name, as a matrix; nil where there is none of that name.
  public subscript(name: String) -> Matrix? {
    get {
      layout.entries.first { $0.name == name }.map { entry in
        Matrix(
          rows: entry.rows, columns: entry.columns,
          elements: UnsafeBufferPointer(start: vector.base + entry.offset, count: entry.count))
      }
    }
    set {
      guard let entry = layout.entries.first(where: { $0.name == name }), let newValue else {
        preconditionFailure("no parameter “\(name)”; there are \(names.joined(separator: ", "))")
      }
      precondition(
        newValue.rows == entry.rows && newValue.columns == entry.columns,
        "“\(name)” is \(entry.rows) × \(entry.columns), not \(newValue.rows) × \(newValue.columns)")
      let elements = newValue.elements
      let base = vector.uniqueBase() + entry.offset
      for (index, element) in elements.enumerated() { base[index] = element }
    }
  }
}

extension Network {
  /// θ as it starts: drawn at random, each parameter by its initialiser, as a pure function of the seed.
  public func initialParameters(seed: UInt64) throws(NetworkError) -> Parameters {
    var parameters = try zeroParameters()
    let base = parameters.vector.uniqueBase()
    for (index, entry) in parameters.layout.entries.enumerated() {
      var random = RandomStream(seed: seed, purpose: .initialization, index: index)
      let view = MutableMatrixView(
        base: base + entry.offset, rows: entry.rows, columns: entry.columns, rowStride: entry.columns)
      entry.initializer.fill(view, random: &random)
    }
    return parameters
  }

  /// Each parameter's name and shape, as `Parameters.shapes` has them, without a θ.
  public func parameterShapes() throws(NetworkError) -> [(name: String, shape: [Int])] {
    try resolved().layout.entries.map { ($0.name, $0.shape) }
  }

  /// θ of the right length, all zeros, to be filled from elsewhere.
  public func zeroParameters() throws(NetworkError) -> Parameters {
    let layout = try resolved().layout
    try checkMemory(floats: Double(layout.count), for: "the parameters")
    return Parameters(layout: layout)
  }
}

extension Parameters {
  /// Whether no parameter is infinite or not a number.
  public var areFinite: Bool { vector.areFinite }
}

extension Parameters {
  /// Each parameter's name and shape as tensor files have it: a single row is a vector.
  public var shapes: [(name: String, shape: [Int])] { layout.entries.map { ($0.name, $0.shape) } }
}
