public import DownhillCompute

/// Runs a network forward: rows in, predictions out.
///
/// Rows are cut into tiles that run through all layers without waiting. The memory that they work in is had once.
public final class Predictor {
  public let network: Network
  private let resolution: Resolution
  private let theta: AlignedBuffer
  private let blocks: UnsafeMutableBufferPointer<ParameterBlock>
  private let blockRanges: [Range<Int>]
  private let workers: WorkerPool
  /// Each tile of a round has two buffers, which the layers write by turns.
  private let buffers: AlignedBuffer
  private let width: Int
  private let lossSums: UnsafeMutableBufferPointer<Double>
  private let noRandom = RandomStream(seed: 0, purpose: .dropout)

  private static let tileRows = 64
  private static let mostTilesPerRound = 32
  private let tilesPerRound: Int

  // The round under way.
  private var inputs: MatrixView?
  private var outputs: MutableMatrixView?
  private var loss: (any Loss)?
  private var lossIsFused = false
  private var targets: BatchSource?
  private var firstRow = 0

  public init(
    _ network: Network, parameters: Parameters, workers: WorkerPool = WorkerPool(threads: 1)
  ) throws(NetworkError) {
    resolution = try network.resolved()
    self.network = network
    self.workers = workers
    theta = AlignedBuffer(count: resolution.layout.count)
    blocks = .allocate(capacity: resolution.layout.blocks.count)
    _ = blocks.initialize(from: resolution.layout.blocks)
    blockRanges = network.layers.indices.map(resolution.layout.blocks(of:))
    width = roundUp(resolution.shapes.map(\.count).max()!, to: 16)
    // Wide layers take fewer tiles at a time, so that memory stays within bounds.
    tilesPerRound = max(1, min(Self.mostTilesPerRound, (1 << 25) / (2 * Self.tileRows * width)))
    let floats = 2 * tilesPerRound * Self.tileRows * width
    try network.checkMemory(floats: Double(floats) + Double(resolution.layout.count), for: "predicting")
    buffers = AlignedBuffer(count: floats)
    lossSums = .allocate(capacity: tilesPerRound)
    lossSums.initialize(repeating: 0)
    load(parameters)
  }

  deinit {
    blocks.deallocate()
    lossSums.deallocate()
  }

  /// Takes other parameters of the same network.
  public func load(_ parameters: Parameters) {
    precondition(parameters.layout == resolution.layout, "parameters of another network")
    theta.base.update(from: parameters.vector.base, count: theta.count)
  }

  /// The network's outputs, a row for each row of inputs.
  /// - Throws: `NetworkError` where the inputs are not as wide as the network takes them.
  public func predict(_ inputs: Matrix) throws(NetworkError) -> Matrix {
    try network.check(inputs: inputs)
    return run(inputs).outputs
  }

  /// The outputs for samples, and the loss: the weighted mean over the rows.
  /// - Throws: `NetworkError` where network, loss and samples don't fit together.
  public func evaluate(_ samples: Samples, loss: any Loss) throws(NetworkError) -> (outputs: Matrix, loss: Double) {
    _ = try network.check(loss: loss, samples: samples)
    let fused = loss.fused(with: network.layers[network.layers.count - 1])
    (self.loss, lossIsFused) = (fused ?? loss, fused != nil)
    targets = BatchSource(samples, batchSize: samples.count)
    targets!.gatherAllTargets()
    defer { (self.loss, targets) = (nil, nil) }
    let (outputs, sum) = run(samples.inputs)
    let total = samples.weights?.reduce(0.0) { $0 + Double($1) } ?? Double(samples.count)
    return (outputs, total > 0 ? sum / total : 0)
  }

  private func run(_ inputs: Matrix) -> (outputs: Matrix, lossSum: Double) {
    var result = Matrix(rows: inputs.rows, columns: resolution.shapes[network.layers.count].count)
    var sum = 0.0
    let rowsPerRound = Self.tileRows * tilesPerRound
    inputs.withView { inputs in
      result.withMutableView { outputs in
        for start in stride(from: 0, to: inputs.rows, by: rowsPerRound) {
          let range = start..<min(inputs.rows, start + rowsPerRound)
          (self.inputs, self.outputs, firstRow) = (inputs[rows: range], outputs[rows: range], start)
          let tiles = (range.count + Self.tileRows - 1) / Self.tileRows
          workers.run(tiles: tiles, of: self)
          for tile in 0..<tiles { sum += lossSums[tile] }
        }
      }
    }
    (self.inputs, self.outputs) = (nil, nil)
    return (result, sum)
  }
}

extension Predictor: TiledWork {
  package func run(tile: Int) {
    let first = tile * Self.tileRows
    let rows = first..<min(inputs!.rows, first + Self.tileRows)
    let output = outputs![rows: rows]
    var value = inputs![rows: rows]
    let last = network.layers.count - 1
    var buffer = 0
    lossSums[tile] = 0
    for index in network.layers.indices {
      if index == last && lossIsFused && loss != nil { lossSums[tile] = evaluateLoss(of: value, rows) }
      let width = resolution.shapes[index + 1].count
      let next = index == last ? output : self.buffer(buffer, tile: tile, value.rows, width)
      forward(index, value, next, firstRow: rows.lowerBound)
      value = next.readable
      buffer = 1 - buffer
    }
    if loss != nil && !lossIsFused { lossSums[tile] = evaluateLoss(of: value, rows) }
  }

  private func buffer(_ which: Int, tile: Int, _ rows: Int, _ columns: Int) -> MutableMatrixView {
    let place = buffers.base + (2 * tile + which) * Self.tileRows * width
    return MutableMatrixView(base: place, rows: rows, columns: columns, rowStride: columns)
  }

  private func forward(_ index: Int, _ input: MatrixView, _ output: MutableMatrixView, firstRow: Int) {
    let range = blockRanges[index]
    network.layers[index].forward(
      ForwardPass(
        input: input, output: output,
        parameters: ParameterViews(
          base: UnsafePointer(theta.base), blocks: UnsafePointer(blocks.baseAddress!) + range.lowerBound,
          count: range.count),
        kept: MutableMatrixView(base: output.base, rows: output.rows, columns: 0, rowStride: 0), mode: .prediction,
        firstRow: firstRow, random: noRandom))
  }

  private func evaluateLoss(of prediction: MatrixView, _ rows: Range<Int>) -> Double {
    let first = firstRow + rows.lowerBound
    return loss!.evaluate(
      LossPass(
        prediction: prediction, target: targets!.targets(first..<first + rows.count), error: nil, scale: 0,
        weights: targets!.weights(from: first)))
  }
}
