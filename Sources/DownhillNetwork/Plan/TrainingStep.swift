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
  let updates: FixedArray<UpdateBlock>
  let updatesDue: FixedArray<Range<Int>>
  let updateTiles: FixedArray<Range<Int>>
  let states: FixedArray<StatePlace>
  let randoms: FixedArray<RandomStream>
  let loss: any Loss
  let optimizer: any Optimizer
  let valueBound: Float?
  let normBound: Double?
  private let movingAverage: MovingAverage?

  // What they write.
  let arena: AlignedBuffer
  let theta: AlignedBuffer
  let transposes: AlignedBuffer
  let gradientBuffer: AlignedBuffer
  let partials: AlignedBuffer
  let memory: UpdateMemory
  let lossSums: UnsafeMutableBufferPointer<Double>
  /// Σ g² of each tile of pieces.
  let squareSums: UnsafeMutableBufferPointer<Double>

  let workers: WorkerPool
  // One step at a time runs, by contract: checks that would find two at once cost small steps some hundredths.
  @exclusivity(unchecked) private var threadChoice: ThreadChoice
  @exclusivity(unchecked) var batch = Batch()

  /// What the step under way is about.
  struct Batch {
    var rows = UnsafeBufferPointer<Int32>(start: nil, count: 0)
    var scale: Float = 0
    var step = 0
    var phase = Phase.gradient(measured: false)
    var settings = UpdateSettings(rate: 0)
    /// What the gradient is multiplied with before it is used.
    var gradientScale: Float = 1
    /// 1 − βₜ of the moving average.
    var averageShare: Float = 0
  }

  enum Phase {
    case stage(Int)
    /// Each block of θ is updated as soon as its gradient is ready.
    case gradientAndUpdate
    /// The gradient alone, and the sum of its squares.
    case gradient(measured: Bool)
    case measure
    case update
  }

  /// - Parameters:
  ///   - loss: what is made small.
  ///   - samples: where batches are drawn from.
  ///   - batchSize: the largest number of rows in a batch.
  ///   - rule: how θ is updated; nil: it isn't, the step only differentiates.
  ///   - seed: of the random numbers inside layers (dropout).
  ///   - keepsInputError: whether ∂L/∂inputs is worked out too; for checks and explanations.
  /// - Throws: `NetworkError` where layers, loss and samples don't fit together.
  public init(
    _ network: Network, loss: any Loss, samples: Samples, batchSize: Int, rule: UpdateRule? = nil,
    seed: UInt64 = 0, workers: WorkerPool = WorkerPool(threads: 1), keepsInputError: Bool = false
  ) throws(NetworkError) {
    let resolution = try network.check(loss: loss, samples: samples)
    guard batchSize > 0 else { throw network.error("a batch needs at least one row, not \(batchSize)") }
    // Values and errors of every layer; θ, its gradient and transposes, and as many vectors again of an optimizer and of
    // copies.
    let vectors = 3 + max(2, (rule?.optimizer.stateVectors ?? 0) + (rule?.average == nil ? 0 : 1))
    let width = resolution.graph.shapes.reduce(0.0) { $0 + Double($1.count) }
    try network.checkMemory(
      floats: 2 * Double(batchSize) * width + Double(vectors) * Double(resolution.layout.count), for: "a step")
    self.network = network
    self.batchSize = batchSize
    self.workers = workers
    parameterLayout = resolution.layout
    let plan = Plan(
      resolution, loss: loss, batchSize: batchSize, rule: rule, keepsInputError: keepsInputError)
    self.plan = plan
    self.loss = plan.loss
    source = BatchSource(samples, batchSize: batchSize, loss: loss)
    arena = AlignedBuffer(count: plan.arenaCount)
    theta = AlignedBuffer(count: resolution.layout.count)
    transposes = AlignedBuffer(count: plan.transposedCount)
    gradientBuffer = AlignedBuffer(count: resolution.layout.count)
    partials = AlignedBuffer(count: plan.partialsPerTile * plan.rowTiles)
    try network.checkMemory(floats: Double(plan.updates.scratchCount), for: "the optimizer")
    memory = UpdateMemory(rule, count: resolution.layout.count, scratchCount: plan.updates.scratchCount)
    optimizer = rule?.optimizer ?? NoOptimizer()
    valueBound = rule?.clipping.value.map { Float($0) }
    normBound = rule?.clipping.norm
    movingAverage = rule?.average
    updates = FixedArray(plan.updates.blocks)
    updatesDue = FixedArray(plan.updates.due)
    updateTiles = FixedArray(plan.updates.tiles)
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
    squareSums = .allocate(capacity: plan.pieceTiles.count)
    squareSums.initialize(repeating: 0)
  }

  deinit {
    lossSums.deallocate()
    squareSums.deallocate()
  }

  /// θ. A moving average starts from what this is set to.
  public var parameters: Parameters {
    get {
      var parameters = Parameters(layout: parameterLayout)
      parameters.vector.uniqueBase().update(from: theta.base, count: theta.count)
      return parameters
    }
    set {
      precondition(newValue.layout == parameterLayout, "parameters of another network")
      theta.base.update(from: newValue.vector.base, count: theta.count)
      memory.average?.base.update(from: newValue.vector.base, count: theta.count)
      for piece in 0..<pieces.count { transpose(piece) }
    }
  }

  /// Whether no parameter is infinite or not a number.
  package var parametersAreFinite: Bool { VectorView(base: UnsafePointer(theta.base), count: theta.count).areFinite }

  /// ∇θ of the last step, before any update it caused; clipped where the rule clips.
  public var gradient: Parameters {
    var gradient = Parameters(layout: parameterLayout)
    gradient.vector.uniqueBase().update(from: gradientBuffer.base, count: theta.count)
    return gradient
  }

  /// Σ wᵢ cᵢ over the batch of the last step: what its mean loss counts in a mean over several batches.
  @exclusivity(unchecked) public private(set) var totalWeight = 0.0

  /// What the probability of dropout is multiplied with in the next steps, from 0 to 1: schedules set it.
  @exclusivity(unchecked) public var dropoutFactor: Float = 1

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
  ///   - step: the number of this step, from 0: random numbers inside layers, and some optimizers, depend on it.
  ///   - operation: done to the whole gradient before any block is updated.
  @discardableResult
  public func run(
    rows: UnsafeBufferPointer<Int32>, step: Int, settings: UpdateSettings,
    wholeGradient operation: (any GradientOperation)? = nil
  ) -> Double {
    // Steps of a whole batch are of equal work.
    let isTimed = threadChoice.isOpen && rows.count == batchSize
    let start = isTimed ? monotonicNanoseconds() : 0
    batch.settings = settings
    batch.averageShare = Float(movingAverage?.share(at: step) ?? 0)
    let loss = runPhaseOne(rows, step)
    if operation != nil || plan.updatesWait {
      let clips = normBound != nil
      run(.gradient(measured: clips && operation == nil), tiles: pieceTiles.count)
      if let operation {
        operation.apply(to: MutableVectorView(base: gradientBuffer.base, count: gradientBuffer.count))
        if clips { run(.measure, tiles: pieceTiles.count) }
      }
      batch.gradientScale = normScale
      run(.update, tiles: updateTiles.count)
    } else {
      run(.gradientAndUpdate, tiles: pieceTiles.count)
    }
    updateStates()
    if isTimed { threadChoice.record(nanoseconds: Double(monotonicNanoseconds() - start)) }
    return loss
  }

  /// The gradient alone: θ stays. Returns the batch's mean loss.
  @discardableResult
  public func differentiate(rows: UnsafeBufferPointer<Int32>, step: Int) -> Double {
    let isTimed = threadChoice.isOpen && rows.count == batchSize
    let start = isTimed ? monotonicNanoseconds() : 0
    let loss = runPhaseOne(rows, step)
    run(.gradient(measured: false), tiles: pieceTiles.count)
    if isTimed { threadChoice.record(nanoseconds: Double(monotonicNanoseconds() - start)) }
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
