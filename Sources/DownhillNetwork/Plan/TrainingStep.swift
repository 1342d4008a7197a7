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

  // What the tiles read, each the same for all steps.
  let operations: FixedArray<Operation>
  let forward: FixedArray<Instruction>
  let backward: FixedArray<Instruction>
  let blocks: FixedArray<ParameterBlock>
  let stages: FixedArray<Stage>
  let pieces: FixedArray<Piece>
  let pieceTiles: FixedArray<Range<Int>>
  let states: FixedArray<StatePlace>
  let randoms: FixedArray<RandomStream>
  let loss: any Loss

  // What they write.
  let arena: AlignedBuffer
  let theta: AlignedBuffer
  let transposes: AlignedBuffer
  let gradientBuffer: AlignedBuffer
  let partials: AlignedBuffer
  let lossSums: UnsafeMutableBufferPointer<Double>

  let workers: WorkerPool
  // One step at a time runs, by contract: checks that would find two at once cost small steps some hundredths.
  @exclusivity(unchecked) private var threadChoice: ThreadChoice
  @exclusivity(unchecked) var batch = Batch()

  /// What the step under way is about.
  struct Batch {
    var rows = UnsafeBufferPointer<Int32>(start: nil, count: 0)
    var scale: Float = 0
    var step = 0
    var phase = Phase.update(alone: true)
    var update: (any ParameterUpdate)?
  }

  enum Phase {
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
    // Values and errors of every layer; θ, its gradient and transposes, and as many vectors again of an optimizer and of copies.
    let width = resolution.graph.shapes.reduce(0.0) { $0 + Double($1.count) }
    try network.checkMemory(floats: 2 * Double(batchSize) * width + 5 * Double(resolution.layout.count), for: "a step")
    self.network = network
    self.batchSize = batchSize
    self.workers = workers
    parameterLayout = resolution.layout
    let plan = Plan(
      resolution, loss: loss, batchSize: batchSize, keepsInputError: keepsInputError)
    self.plan = plan
    self.loss = plan.loss
    source = BatchSource(samples, batchSize: batchSize)
    arena = AlignedBuffer(count: plan.arenaCount)
    theta = AlignedBuffer(count: resolution.layout.count)
    transposes = AlignedBuffer(count: plan.transposedCount)
    gradientBuffer = AlignedBuffer(count: resolution.layout.count)
    partials = AlignedBuffer(count: plan.partialsPerTile * plan.rowTiles)
    threadChoice = ThreadChoice(threads: plan.mostTiles > 1 ? workers.threads : 1)
    operations = FixedArray(plan.operations)
    forward = FixedArray(plan.forward)
    backward = FixedArray(plan.backward)
    blocks = FixedArray(plan.blocks)
    stages = FixedArray(plan.stages)
    pieces = FixedArray(plan.pieces)
    pieceTiles = FixedArray(plan.pieceTiles)
    states = FixedArray(plan.states)
    randoms = FixedArray(plan.operations.map { RandomStream(seed: seed, purpose: .dropout, index: $0.index) })
    lossSums = .allocate(capacity: plan.rowTiles)
    lossSums.initialize(repeating: 0)
  }

  deinit { lossSums.deallocate() }

  /// θ.
  public var parameters: Parameters {
    get {
      var parameters = Parameters(layout: parameterLayout)
      copyParameters(into: &parameters)
      return parameters
    }
    set {
      precondition(newValue.layout == parameterLayout, "parameters of another network")
      theta.base.update(from: newValue.vector.base, count: theta.count)
      for piece in 0..<pieces.count { transpose(piece) }
    }
  }

  /// θ into memory that is there already, unless others share it.
  package func copyParameters(into parameters: inout Parameters) {
    precondition(parameters.layout == parameterLayout, "parameters of another network")
    parameters.vector.uniqueBase().update(from: theta.base, count: theta.count)
  }

  /// Whether no parameter is infinite or not a number.
  package var parametersAreFinite: Bool { VectorView(base: UnsafePointer(theta.base), count: theta.count).areFinite }

  /// ∇θ of the last step, before any update it caused.
  public var gradient: Parameters {
    var gradient = Parameters(layout: parameterLayout)
    gradient.vector.uniqueBase().update(from: gradientBuffer.base, count: theta.count)
    return gradient
  }

  /// Σ wᵢ over the batch of the last step: what its mean loss counts in a mean over several batches.
  @exclusivity(unchecked) public private(set) var totalWeight = 0.0

  /// ∂L/∂inputs of the last step, where it was asked for.
  public var inputError: Matrix? {
    plan.inputError.map { slot in
      let rows = batch.rows.count
      return Matrix(
        rows: rows, columns: slot.columns,
        elements: UnsafeBufferPointer(start: arena.base + slot.offset, count: rows * slot.columns))
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
    // Steps of a whole batch are of equal work.
    let isTimed = threadChoice.isOpen && rows.count == batchSize
    let start = isTimed ? monotonicNanoseconds() : 0
    batch.update = update
    let loss = runPhaseOne(rows, step)
    if operation != nil || plan.updatesWait {
      run(.gradient, tiles: pieceTiles.count)
      operation?.apply(to: MutableVectorView(base: gradientBuffer.base, count: gradientBuffer.count))
      run(.update(alone: true), tiles: pieceTiles.count)
    } else {
      run(.update(alone: false), tiles: pieceTiles.count)
    }
    updateStates()
    batch.update = nil
    if isTimed { threadChoice.record(nanoseconds: Double(monotonicNanoseconds() - start)) }
    return loss
  }

  /// The gradient alone: θ stays. Returns the batch's mean loss.
  @discardableResult
  public func differentiate(rows: UnsafeBufferPointer<Int32>, step: Int) -> Double {
    let loss = runPhaseOne(rows, step)
    run(.gradient, tiles: pieceTiles.count)
    return loss
  }

  /// Changes one element of θ, for a gradient check.
  func withParameter(_ index: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    body(theta.base + index)
    for piece in 0..<pieces.count { transpose(piece) }
  }

  func runPhaseOne(_ rows: UnsafeBufferPointer<Int32>, _ step: Int) -> Double {
    precondition(rows.count > 0 && rows.count <= batchSize, "a batch of \(rows.count) rows; 1 to \(batchSize) fit")
    let samples = UInt32(source.count)
    for row in rows { precondition(UInt32(bitPattern: row) < samples, "sample \(row) of \(samples)") }
    totalWeight = source.totalWeight(rows)
    batch.rows = rows
    batch.step = step
    // Nothing that counts: no error, and a loss of 0.
    batch.scale = totalWeight > 0 ? Float(1 / totalWeight) : 0
    let tiles = plan.tiles(for: rows.count)
    for stage in 0..<stages.count { run(.stage(stage), tiles: stages[stage].wholeBatch ? 1 : tiles) }
    var sum = 0.0
    for tile in 0..<tiles { sum += lossSums[tile] }
    return totalWeight > 0 ? sum / totalWeight : 0
  }

  private func run(_ phase: Phase, tiles: Int) {
    batch.phase = phase
    workers.run(tiles: tiles, of: self, threads: threadChoice.threads)
  }
}
