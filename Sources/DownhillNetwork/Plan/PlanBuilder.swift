internal import DownhillCompute

extension Plan {
  /// - Parameter keepsInputError: whether ∂L/∂inputs is wanted too.
  init(_ resolution: Resolution, loss: any Loss, batchSize: Int, rule: UpdateRule?, keepsInputError: Bool) {
    let fused = resolution.graph.lastLayer.flatMap(loss.fused)
    var flow = Flow(
      resolution, dropsLast: fused != nil, batchSize: batchSize, keepsInputError: keepsInputError)
    flow.placeValues()
    flow.placeErrors()
    let (operations, partials) = flow.operations()
    let (forward, backward) = flow.instructions()
    self.batchSize = batchSize
    self.operations = operations
    self.loss = fused ?? loss
    self.forward = forward
    self.backward = backward
    inputs = flow.values[0]
    prediction = flow.values[flow.prediction]
    predictionError = flow.errors[flow.prediction]!
    inputError = keepsInputError ? flow.errors[0] : nil
    arenaCount = flow.arena.count
    stages = Plan.stages(forward, backward) { operations[$0].layer.rowCoupling == .wholeBatch }
    let work = operations.reduce(0) { $0 + $1.workPerRow + $1.output.columns }
    rowsPerTile = Plan.rowsPerTile(
      batchSize: batchSize, workPerRow: 2 * work, parameters: resolution.layout.count)
    (blocks, transposedCount) = Plan.keepingTransposes(
      of: resolution.layout.blocks, in: operations, isWorthIt: rowsPerTile < batchSize)
    (pieces, pieceTiles) = Plan.pieces(
      of: operations, blocks: blocks, batchSize: batchSize, rowTiles: (batchSize + rowsPerTile - 1) / rowsPerTile)
    states = Plan.states(of: operations, blocks: blocks)
    updates = UpdateBlocks(pieces, tiles: pieceTiles, layout: resolution.layout, rule: rule)
    let readsParameters = operations.contains {
      $0.layer.gradientCut == .byParameters && $0.layer.parameterDerivativeReads.contains(.parameters)
    }
    updatesWait = readsParameters || updates.waits || rule?.clipping.norm != nil
    partialsPerTile = partials
  }

  /// Gives places to the transposes that the way back multiplies with, if several tiles of rows share them.
  private static func keepingTransposes(
    of blocks: [ParameterBlock], in operations: [Operation], isWorthIt: Bool
  ) -> (blocks: [ParameterBlock], count: Int) {
    var blocks = blocks
    var count = 0
    for operation in operations where isWorthIt && operation.inputError != nil {
      for block in operation.blocks where blocks[block].isTransposedOnTheWayBack {
        blocks[block].transposedOffset = count
        count += roundUp(blocks[block].columns * blocks[block].transposedStride, to: 16)
      }
    }
    return (blocks, count)
  }

  /// Cuts phase 1 at the layers that need the whole batch.
  private static func stages(
    _ forward: [Instruction], _ backward: [Instruction], isMeeting: (Int) -> Bool
  ) -> [Stage] {
    func meetings(_ instructions: [Instruction]) -> [Int] {
      instructions.indices.filter {
        if case .layer(let operation) = instructions[$0] { isMeeting(operation) } else { false }
      }
    }
    var stages: [Stage] = []
    var next = 0
    for meeting in meetings(forward) {
      if meeting > next { stages.append(Stage(forward: next..<meeting, backward: 0..<0)) }
      stages.append(Stage(forward: meeting..<meeting + 1, backward: 0..<0, wholeBatch: true))
      next = meeting + 1
    }
    let back = meetings(backward) + [backward.count]
    stages.append(Stage(forward: next..<forward.count, evaluatesLoss: true, backward: 0..<back[0]))
    for (meeting, end) in zip(back, back.dropFirst()) {
      stages.append(Stage(forward: 0..<0, backward: meeting..<meeting + 1, wholeBatch: true))
      if end > meeting + 1 { stages.append(Stage(forward: 0..<0, backward: meeting + 1..<end)) }
    }
    return stages
  }
}

/// Hands out the arena's memory, each slot on a 64-byte boundary.
struct ArenaLayout {
  let rows: Int
  private(set) var count = 0

  init(rows: Int) { self.rows = rows }

  /// - Parameter rows: nil: those of the batch.
  mutating func slot(columns: Int, rows: Int? = nil) -> Slot {
    let slot = Slot(offset: count, columns: columns)
    count += roundUp((rows ?? self.rows) * columns, to: 16)
    return slot
  }
}

func roundUp(_ number: Int, to multiple: Int) -> Int { (number + multiple - 1) / multiple * multiple }
