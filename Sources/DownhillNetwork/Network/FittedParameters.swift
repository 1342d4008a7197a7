public import DownhillCompute

/// What `Layer.fitParameters` is handed.
public struct FittingPass {
  /// rows × inputs: rows that reach this layer, as a network with the parameters of the layers before makes them in
  /// prediction
  public let input: MatrixView
  /// The layer's parameters, in the order of their declaration, as the initialisers left them; to be written.
  public let parameters: [MutableMatrixView]
  /// Random numbers that are this layer's own.
  public var random: RandomStream
}

extension Network {
  /// Rows that are looked at, at most.
  private static let mostFittingRows = 4096

  /// θ as it starts, fitted to the inputs that it is to learn from: drawn by the seed, then each layer that wants to may look
  /// at what reaches it, from the first layer to the last (`Layer.fitParameters`). Where no layer does, `initialParameters`.
  ///
  /// Of many rows, some are drawn by the seed. The result is a function of network, seed and inputs.
  public func initialParameters(seed: UInt64, inputs: Matrix) throws(NetworkError) -> Parameters {
    var parameters = try initialParameters(seed: seed)
    let resolution = try resolved(), graph = resolution.graph
    guard inputs.rows > 0, let last = graph.nodes.lastIndex(where: { $0.work.layer?.fitsParameters == true }) else {
      return parameters
    }
    try check(inputs: inputs)
    let rows = min(inputs.rows, Self.mostFittingRows)
    let width = graph.shapes.reduce(0.0) { $0 + Double($1.count) }
    try checkMemory(floats: Double(rows) * width + Double(parameters.count), for: "fitting the first parameters")

    var values = [Matrix?](repeating: nil, count: graph.shapes.count)
    var random = RandomStream(seed: seed, purpose: .initialization, index: -1)
    var first = Matrix(rows: rows, columns: inputs.columns)
    let drawn = (0..<rows).map { rows == inputs.rows ? Int32($0) : Int32(random.below(UInt64(inputs.rows))) }
    first.withMutableView { first in
      drawn.withUnsafeBufferPointer { first.gather(from: inputs, rows: $0.baseAddress!) }
    }
    values[0] = first
    let theta = parameters.vector.uniqueBase()
    let blocks = resolution.layout.blocks
    for (index, node) in graph.nodes[...last].enumerated() {
      let inputs = node.inputs.map { values[$0]! }
      var output = Matrix(rows: rows, columns: graph.shapes[node.output].count)
      output.withMutableView { output in
        switch node.work {
        case .layer(let layer):
          let own = resolution.layout.blocks(of: index)
          inputs[0].withView { input in
            if layer.fitsParameters {
              layer.fitParameters(
                FittingPass(
                  input: input,
                  parameters: own.map {
                    MutableMatrixView(
                      base: theta + blocks[$0].offset, rows: blocks[$0].rows, columns: blocks[$0].columns,
                      rowStride: blocks[$0].columns)
                  }, random: RandomStream(seed: seed, purpose: .initialization, index: index, step: 1)))
            }
            blocks.withUnsafeBufferPointer { blocks in
              layer.forward(
                .predicting(
                  input, into: output,
                  ParameterViews(
                    base: UnsafePointer(theta), blocks: blocks.baseAddress! + own.lowerBound, count: own.count),
                  stream: random, image: ImageShape(graph.shapes[node.inputs[0]])))
            }
          }
        case .sum:
          for (position, input) in inputs.enumerated() {
            input.withView { Move.run(position == 0 ? .copy : .add, $0, output) }
          }
        case .concatenation:
          var start = 0
          for input in inputs {
            input.withView { Move.run(.copy, $0, output[columns: start..<start + $0.columns]) }
            start += input.columns
          }
        case .columns(let range): inputs[0].withView { Move.run(.copy, $0[columns: range], output) }
        }
      }
      values[node.output] = output
    }
    return parameters
  }
}
