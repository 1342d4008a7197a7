public import DownhillCompute

/// Steps of training: forward, loss, backward, update, on batches of one network and one set of samples.
///
/// All memory is had when it is made; a step allocates nothing. It runs in two phases with one barrier each. Phase 1:
/// tiles of rows go down through all layers, through the loss, and back up with derivative (1). Phase 2: tiles of
/// parameters take derivative (2) over all rows and are updated at once.
public final class TrainingStep {
  public let network: Network
  public let batchSize: Int
  let plan: Plan
  let source: BatchSource
  let parameterLayout: ParameterLayout

  private let workers: WorkerPool
  private let arena: AlignedBuffer
  private let theta: AlignedBuffer
  private let gradientBuffer: AlignedBuffer
  private let partials: AlignedBuffer
  private let blocks: UnsafeMutableBufferPointer<ParameterBlock>
  private let lossSums: UnsafeMutableBufferPointer<Double>
  private let randoms: [RandomStream]

  // What the step under way is about.
  private var rows = UnsafeBufferPointer<Int32>(start: nil, count: 0)
  private var scale: Float = 0
  private var stepNumber = 0
  private var phase = Phase.update(alone: true)
  private var update: (any ParameterUpdate)?

  private enum Phase {
    case stage(Int)
    case gradient
    /// `alone`: without the gradient before it.
    case update(alone: Bool)
  }

  /// - Parameters:
  ///   - loss: what is made small.
  ///   - samples: where batches are drawn from.
  ///   - batchSize: the largest number of rows in a batch.
  ///   - seed: of the random numbers inside layers (dropout).
  ///   - keepsInputError: whether ∂L/∂inputs is worked out too; for checks and explanations.
  /// - Throws: `NetworkError` where layers, loss and samples don't fit together.
  public init(
    _ network: Network, loss: any Loss, samples: Samples, batchSize: Int, seed: UInt64 = 0,
    workers: WorkerPool = WorkerPool(threads: 1), keepsInputError: Bool = false
  ) throws(NetworkError) {
    let resolution = try network.check(loss: loss, samples: samples)
    guard batchSize > 0 else { throw network.error("a batch needs at least one row, not \(batchSize)") }
    // Values and errors of every layer; θ, its gradient, and as many vectors again of an optimizer and of copies.
    let width = resolution.shapes.reduce(0.0) { $0 + Double($1.count) }
    try network.checkMemory(floats: 2 * Double(batchSize) * width + 5 * Double(resolution.layout.count), for: "a step")
    self.network = network
    self.batchSize = batchSize
    self.workers = workers
    parameterLayout = resolution.layout
    plan = Plan(
      resolution, layers: network.layers, loss: loss, batchSize: batchSize, keepsInputError: keepsInputError)
    source = BatchSource(samples, batchSize: batchSize)
    arena = AlignedBuffer(count: plan.arenaCount)
    theta = AlignedBuffer(count: resolution.layout.count)
    gradientBuffer = AlignedBuffer(count: resolution.layout.count)
    partials = AlignedBuffer(count: plan.partialsPerTile * plan.rowTiles)
    blocks = .allocate(capacity: plan.blocks.count)
    _ = blocks.initialize(from: plan.blocks)
    lossSums = .allocate(capacity: plan.rowTiles)
    lossSums.initialize(repeating: 0)
    randoms = plan.operations.map { RandomStream(seed: seed, purpose: .dropout, index: $0.index) }
  }

  deinit {
    blocks.deallocate()
    lossSums.deallocate()
  }

  /// θ.
  public var parameters: Parameters {
    get {
      var parameters = Parameters(layout: parameterLayout)
      parameters.vector.uniqueBase().update(from: theta.base, count: theta.count)
      return parameters
    }
    set {
      precondition(newValue.layout == parameterLayout, "parameters of another network")
      theta.base.update(from: newValue.vector.base, count: theta.count)
    }
  }

  /// ∇θ of the last step, before any update it caused.
  public var gradient: Parameters {
    var gradient = Parameters(layout: parameterLayout)
    gradient.vector.uniqueBase().update(from: gradientBuffer.base, count: theta.count)
    return gradient
  }

  /// Σ wᵢ over the batch of the last step: what its mean loss counts in a mean over several batches.
  public private(set) var totalWeight = 0.0

  /// ∂L/∂inputs of the last step, where it was asked for.
  public var inputError: Matrix? {
    plan.inputError.map { slot in
      Matrix(
        rows: rows.count, columns: slot.columns,
        elements: UnsafeBufferPointer(start: arena.base + slot.offset, count: rows.count * slot.columns))
    }
  }

  /// One step: gradient and update of every block of θ. Returns the batch's mean loss before the update.
  ///
  /// - Parameters:
  ///   - rows: which of the samples make the batch: 1 to `batchSize` indices.
  ///   - step: the number of this step, from 0: random numbers inside layers depend on it.
  ///   - operation: done to the whole gradient before any block is updated.
  @discardableResult
  public func run(
    rows: UnsafeBufferPointer<Int32>, step: Int, update: any ParameterUpdate,
    wholeGradient operation: (any GradientOperation)? = nil
  ) -> Double {
    self.update = update
    defer { self.update = nil }
    let loss = runPhaseOne(rows, step)
    if operation != nil || plan.updatesWait {
      run(.gradient, tiles: plan.pieceTiles.count)
      operation?.apply(to: MutableVectorView(base: gradientBuffer.base, count: gradientBuffer.count))
      run(.update(alone: true), tiles: plan.pieceTiles.count)
    } else {
      run(.update(alone: false), tiles: plan.pieceTiles.count)
    }
    return loss
  }

  /// The gradient alone: θ stays. Returns the batch's mean loss.
  @discardableResult
  public func differentiate(rows: UnsafeBufferPointer<Int32>, step: Int) -> Double {
    let loss = runPhaseOne(rows, step)
    run(.gradient, tiles: plan.pieceTiles.count)
    return loss
  }

  /// Changes one element of θ, for a gradient check.
  func withParameter(_ index: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) { body(theta.base + index) }

  // MARK: Phases

  func runPhaseOne(_ rows: UnsafeBufferPointer<Int32>, _ step: Int) -> Double {
    precondition(rows.count > 0 && rows.count <= batchSize, "a batch of \(rows.count) rows; 1 to \(batchSize) fit")
    let samples = source.samples.count
    for row in rows { precondition(row >= 0 && row < samples, "sample \(row) of \(samples)") }
    self.rows = rows
    stepNumber = step
    totalWeight = source.totalWeight(rows)
    // Nothing that counts: no error, and a loss of 0.
    scale = totalWeight > 0 ? Float(1 / totalWeight) : 0
    let tiles = plan.tiles(for: rows.count)
    for stage in plan.stages.indices { run(.stage(stage), tiles: plan.stages[stage].wholeBatch ? 1 : tiles) }
    var sum = 0.0
    for tile in 0..<tiles { sum += lossSums[tile] }
    return totalWeight > 0 ? sum / totalWeight : 0
  }

  private func run(_ phase: Phase, tiles: Int) {
    self.phase = phase
    workers.run(tiles: tiles, of: self)
  }

  private func view(_ slot: Slot, _ range: Range<Int>) -> MutableMatrixView {
    MutableMatrixView(
      base: arena.base + slot.offset + range.lowerBound * slot.columns, rows: range.count, columns: slot.columns,
      rowStride: slot.columns)
  }

  private func parameters(of operation: borrowing Operation) -> ParameterViews {
    ParameterViews(
      base: UnsafePointer(theta.base), blocks: UnsafePointer(blocks.baseAddress!) + operation.blocks.lowerBound,
      count: operation.blocks.count)
  }

  private func runRows(_ range: Range<Int>, tile: Int, stage index: Int) {
    let stage = plan.stages[index]
    if index == 0 { source.gather(rows, range, inputs: view(plan.inputs, range)) }
    for index in stage.forward { forward(index, range) }
    if stage.evaluatesLoss { lossSums[tile] = evaluateLoss(range) }
    for index in stage.backward.reversed() { backward(index, range, tile: tile) }
  }

  private func forward(_ index: Int, _ range: Range<Int>) {
    let operation = plan.operations[index]
    operation.layer.forward(
      ForwardPass(
        input: view(operation.input, range).readable, output: view(operation.output, range),
        parameters: parameters(of: operation), kept: view(operation.kept, range), mode: .training,
        firstRow: range.lowerBound, random: randoms[index].at(step: stepNumber)))
  }

  private func evaluateLoss(_ range: Range<Int>) -> Double {
    plan.loss.evaluate(
      LossPass(
        prediction: view(plan.prediction, range).readable, target: source.targets(range),
        error: view(plan.predictionError, range), scale: scale, weights: source.weights(from: range.lowerBound)))
  }

  private func backward(_ index: Int, _ range: Range<Int>, tile: Int) {
    let operation = plan.operations[index]
    if let partial = operation.partials {
      for parameter in 0..<operation.blocks.count {
        let block = blocks[operation.blocks.lowerBound + parameter]
        let place =
          partials.base + tile * plan.partialsPerTile + partial + block.offset
          - blocks[operation.blocks.lowerBound].offset
        differentiate(operation, range, parameter: parameter, rows: 0..<block.rows, into: place, columns: block.columns)
      }
    }
    guard let inputError = operation.inputError else { return }
    operation.layer.inputDerivative(
      InputDerivativePass(
        input: view(operation.input, range).readable, output: view(operation.output, range).readable,
        parameters: parameters(of: operation), kept: view(operation.kept, range).readable,
        outputError: view(operation.outputError, range).readable, inputError: view(inputError, range)))
  }

  private func differentiate(
    _ operation: borrowing Operation, _ range: Range<Int>, parameter: Int, rows: Range<Int>,
    into gradient: UnsafeMutablePointer<Float>, columns: Int
  ) {
    operation.layer.parameterDerivative(
      ParameterDerivativePass(
        input: view(operation.input, range).readable, output: view(operation.output, range).readable,
        parameters: parameters(of: operation), kept: view(operation.kept, range).readable,
        outputError: view(operation.outputError, range).readable, parameter: parameter, rows: rows,
        gradient: MutableMatrixView(base: gradient, rows: rows.count, columns: columns, rowStride: columns)))
  }

  private func makeGradient(_ piece: Piece) {
    let operation = plan.operations[piece.operation]
    let gradient = gradientBuffer.base + piece.offset
    let block = blocks[piece.block]
    guard let partial = operation.partials else {
      return differentiate(
        operation, 0..<rows.count, parameter: piece.parameter, rows: piece.rows, into: gradient, columns: block.columns)
    }
    // The parts that the row tiles left, added in their order.
    let sum = MutableMatrixView(base: gradient, rows: 1, columns: piece.count, rowStride: piece.count)
    let place = partial + piece.offset - blocks[operation.blocks.lowerBound].offset
    for tile in 0..<plan.tiles(for: rows.count) {
      let part = MatrixView(
        base: UnsafePointer(partials.base) + tile * plan.partialsPerTile + place, rows: 1, columns: piece.count,
        rowStride: piece.count)
      if tile == 0 { sum.copy(part) } else { sum.addScaled(1, part) }
    }
  }

  private func updateBlock(_ piece: Piece) {
    update!.update(
      MutableVectorView(base: theta.base + piece.offset, count: piece.count),
      gradient: VectorView(base: UnsafePointer(gradientBuffer.base) + piece.offset, count: piece.count),
      range: piece.offset..<piece.offset + piece.count)
  }
}

extension TrainingStep: TiledWork {
  package func run(tile: Int) {
    switch phase {
    case .stage(let stage):
      if plan.stages[stage].wholeBatch { return runRows(0..<rows.count, tile: 0, stage: stage) }
      let first = tile * plan.rowsPerTile
      runRows(first..<min(rows.count, first + plan.rowsPerTile), tile: tile, stage: stage)
    case .gradient:
      for piece in plan.pieceTiles[tile] { makeGradient(plan.pieces[piece]) }
    case .update(let alone):
      for piece in plan.pieceTiles[tile] {
        if !alone { makeGradient(plan.pieces[piece]) }
        updateBlock(plan.pieces[piece])
      }
    }
  }
}
