public import DownhillCompute

/// Runs a network forward: rows in, predictions out.
///
/// Rows are cut into tiles that run through all layers without waiting. The memory that they work in is had once: predicting
/// into memory that is there already allocates nothing. One prediction at a time: threads that predict on their own take
/// a predictor each.
public final class Predictor {
  public let network: Network
  private let resolution: Resolution
  private let steps: FixedArray<ForwardStep>
  private let operations: FixedArray<ForwardOperation>
  private let buffersPerTile: Int
  private let blocks: FixedArray<ParameterBlock>
  private let theta: AlignedBuffer
  /// Whether θ belongs to a step of training.
  private let isLent: Bool
  private let workers: WorkerPool
  /// Each tile of a round has some buffers of the width of the widest value.
  private let buffers: AlignedBuffer
  private let width: Int
  private let lossSums: UnsafeMutableBufferPointer<Double>
  private let noRandom = RandomStream(seed: 0, purpose: .dropout)

  private let tileRows: Int
  private static let mostTilesPerRound = 32
  private let tilesPerRound: Int
  /// Multiply-adds a row.
  private let workPerRow: Int

  private var round: Round?

  /// What the round of tiles under way is about.
  private struct Round {
    let inputs: MatrixView
    let outputs: MutableMatrixView
    var judge: Judge?
  }

  /// Works out the loss of predictions.
  private struct Judge {
    let loss: any Loss
    /// Whether the loss takes the place of the last layer.
    let isFused: Bool
    let targets: TargetView
    let weights: UnsafePointer<Float>?

    func loss(of prediction: MatrixView, _ rows: Range<Int>) -> Double {
      loss.evaluate(
        LossPass(
          prediction: prediction, target: targets[rows: rows], error: nil, scale: 0,
          weights: weights.map { $0 + rows.lowerBound }))
    }

    /// The same for the rows behind the first `count`.
    func dropping(_ count: Int, of rows: Int) -> Judge {
      Judge(
        loss: loss, isFused: isFused, targets: targets[rows: count..<rows], weights: weights.map { $0 + count })
    }
  }

  public convenience init(
    _ network: Network, parameters: Parameters, workers: WorkerPool = WorkerPool(threads: 1)
  ) throws(NetworkError) {
    let count = try network.resolved().layout.count
    try network.checkMemory(floats: Double(count), for: "predicting")
    try self.init(network, theta: AlignedBuffer(count: count), isLent: false, workers: workers)
    load(parameters)
  }

  /// Predicts with what a step of training has come to, θ or its moving average, which it reads where it stands, on the
  /// same threads. For between steps: not while one runs.
  package convenience init(following step: TrainingStep) throws(NetworkError) {
    try self.init(step.network, theta: step.resultBuffer, isLent: true, workers: step.workers)
  }

  private init(
    _ network: Network, theta: AlignedBuffer, isLent: Bool, workers: WorkerPool
  ) throws(NetworkError) {
    let resolution = try network.resolved()
    self.resolution = resolution
    self.network = network
    self.workers = workers
    self.theta = theta
    self.isLent = isLent
    blocks = FixedArray(resolution.layout.blocks)
    let graph = resolution.graph
    let flow = ForwardFlow(resolution)
    steps = FixedArray(flow.steps)
    operations = FixedArray(flow.operations)
    buffersPerTile = flow.buffers
    width = roundUp(graph.shapes.map(\.count).max()!, to: 16)
    workPerRow = graph.nodes.reduce(0) { work, node in
      let layer = node.work.layer?.multiplicationsPerRow(for: graph.shapes[node.inputs[0]]) ?? 0
      return work + layer + graph.shapes[node.output].count
    }
    tileRows = min(
      64, Plan.heavyRowsPerTile(workPerRow: workPerRow, parameters: resolution.layout.count) ?? 64)
    // Wide layers take fewer tiles at a time, so that memory stays within bounds.
    tilesPerRound = max(1, min(Self.mostTilesPerRound, (1 << 25) / max(1, buffersPerTile * tileRows * width)))
    let floats = buffersPerTile * tilesPerRound * tileRows * width
    try network.checkMemory(floats: Double(floats) + Double(resolution.layout.count), for: "predicting")
    buffers = AlignedBuffer(count: floats)
    lossSums = .allocate(capacity: tilesPerRound)
    lossSums.initialize(repeating: 0)
  }

  deinit { lossSums.deallocate() }

  /// Takes other parameters of the same network.
  public func load(_ parameters: Parameters) {
    precondition(parameters.layout == resolution.layout, "parameters of another network")
    precondition(!isLent, "the parameters are those of a step of training")
    theta.base.update(from: parameters.vector.base, count: theta.count)
  }

  /// The network's outputs, a row for each row of inputs.
  /// - Throws: `NetworkError` where the inputs are not as wide as the network takes them.
  public func predict(_ inputs: Matrix) throws(NetworkError) -> Matrix {
    try network.check(inputs: inputs)
    var outputs = Matrix(rows: inputs.rows, columns: outputColumns)
    let file = inputs.file
    inputs.withView { inputs in outputs.withMutableView { _ = run(inputs, of: file, into: $0, judge: nil) } }
    return outputs
  }

  /// The network's outputs into memory that is there already.
  /// - Parameters:
  ///   - inputs: rows × the network's inputs
  ///   - outputs: rows × the network's outputs, to be written
  public func predict(_ inputs: MatrixView, into outputs: MutableMatrixView) {
    precondition(
      inputs.columns == resolution.shapes[0].count && inputs.columnStride == 1 && outputs.columns == outputColumns
        && inputs.rows == outputs.rows,
      "\(inputs.rows) × \(inputs.columns) into \(outputs.rows) × \(outputs.columns) by a network that takes rows of "
        + "\(resolution.shapes[0].count) and gives rows of \(outputColumns)")
    _ = run(inputs, into: outputs, judge: nil)
  }

  /// The network's outputs for one row, into memory that is there already.
  public func predict(row input: Span<Float>, into output: inout MutableSpan<Float>) {
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        guard let from = input.baseAddress, let to = output.baseAddress else {
          preconditionFailure("an empty row where one of \(resolution.shapes[0].count) is expected")
        }
        predict(
          MatrixView(base: from, rows: 1, columns: input.count, rowStride: input.count),
          into: MutableMatrixView(base: to, rows: 1, columns: output.count, rowStride: output.count))
      }
    }
  }

  /// The outputs for samples, and the loss: the weighted mean over the rows.
  /// - Throws: `NetworkError` where network, loss and samples don't fit together.
  public func evaluate(_ samples: Samples, loss: any Loss) throws(NetworkError) -> (outputs: Matrix, loss: Double) {
    var outputs = Matrix(rows: samples.count, columns: outputColumns)
    let loss = try evaluate(samples, loss: loss, into: &outputs)
    return (outputs, loss)
  }

  /// The same, the outputs into a matrix that is there already.
  package func evaluate(
    _ samples: Samples, loss: any Loss, into outputs: inout Matrix
  ) throws(NetworkError) -> Double {
    _ = try network.check(loss: loss, samples: samples)
    precondition(outputs.rows == samples.count && outputs.columns == outputColumns)
    let fused = resolution.graph.lastLayer.flatMap(loss.fused)
    let sum = samples.withViews { inputs, targets, weights in
      outputs.withMutableView { outputs in
        run(
          inputs, of: samples.inputs.file, into: outputs,
          judge: Judge(loss: fused ?? loss, isFused: fused != nil, targets: targets, weights: weights))
      }
    }
    let total = samples.counts(for: loss)?.reduce(0.0) { $0 + Double($1) } ?? Double(samples.count)
    return total > 0 ? sum / total : 0
  }

  private var outputColumns: Int { resolution.outputs.count }

  /// Bytes of a file that are read before they are given back.
  private static let mostMapped = 1 << 25

  /// Returns the sum of the rows' losses, where there is someone to judge.
  /// - Parameter file: where the inputs stand; nil: in memory.
  private func run(
    _ inputs: MatrixView, of file: FileMapping? = nil, into outputs: MutableMatrixView, judge: Judge?
  ) -> Double {
    var sum = 0.0
    var mapped = 0
    let rowsPerRound = tileRows * tilesPerRound
    var start = 0
    while start < inputs.rows {
      let range = start..<min(inputs.rows, start + rowsPerRound)
      let round = Round(
        inputs: inputs[rows: range], outputs: outputs[rows: range], judge: judge?.dropping(start, of: inputs.rows))
      let tiles = (range.count + tileRows - 1) / tileRows
      if tiles == 1 || range.count * workPerRow < Plan.smallestWork {
        for tile in 0..<tiles { run(tile, of: round) }
      } else {
        self.round = round
        workers.run(tiles: tiles, of: self)
        self.round = nil
      }
      for tile in 0..<tiles { sum += lossSums[tile] }
      start = range.upperBound
      if let file {
        mapped += range.count * inputs.columns * MemoryLayout<Float>.stride
        if mapped >= Self.mostMapped || start == inputs.rows {
          file.giveBack()
          mapped = 0
        }
      }
    }
    return sum
  }
}

extension Predictor: TiledWork {
  package func run(tile: Int) { run(tile, of: round!) }

  private func run(_ tile: Int, of round: borrowing Round) {
    let first = tile * tileRows
    let rows = first..<min(round.inputs.rows, first + tileRows)
    var sum = 0.0
    for index in 0..<steps.count {
      let source = view(steps[index].source, tile: tile, rows, round).readable
      if index == steps.count - 1, let judge = round.judge, judge.isFused { sum = judge.loss(of: source, rows) }
      let target = view(steps[index].target, tile: tile, rows, round)
      switch steps[index].work {
      case .layer(let operation): forward(operation, source, target, firstRow: rows.lowerBound)
      case .move(let kind): Move.run(kind, source, target)
      }
    }
    if let judge = round.judge, !judge.isFused { sum = judge.loss(of: round.outputs[rows: rows].readable, rows) }
    lossSums[tile] = sum
  }

  private func view(
    _ columns: ForwardStep.Columns, tile: Int, _ rows: Range<Int>, _ round: borrowing Round
  ) -> MutableMatrixView {
    let whole: MutableMatrixView
    switch columns.place {
    case .inputs:
      // Read only: a step writes to outputs and buffers alone.
      let inputs = round.inputs[rows: rows]
      whole = MutableMatrixView(
        base: UnsafeMutablePointer(mutating: inputs.base), rows: rows.count, columns: inputs.columns,
        rowStride: inputs.rowStride)
    case .outputs: whole = round.outputs[rows: rows]
    case .buffer(let buffer):
      let place = buffers.base + (buffersPerTile * tile + buffer) * tileRows * width
      whole = MutableMatrixView(base: place, rows: rows.count, columns: columns.width, rowStride: columns.width)
    }
    return columns.range.count == columns.width ? whole : whole[columns: columns.range]
  }

  private func forward(_ index: Int, _ input: MatrixView, _ output: MutableMatrixView, firstRow: Int) {
    operations[index].layer.forward(
      .predicting(
        input, into: output,
        ParameterViews(
          base: UnsafePointer(theta.base), blocks: blocks.base + operations[index].blocks.lowerBound,
          count: operations[index].blocks.count), activation: operations[index].activation, firstRow: firstRow,
        stream: noRandom,
        image: operations[index].image))
  }
}
