internal import DownhillCompute

extension Plan {
  /// - Parameter keepsInputError: whether ∂L/∂inputs is wanted too.
  init(_ resolution: Resolution, layers: [any Layer], loss: any Loss, batchSize: Int, keepsInputError: Bool) {
    let fused = loss.fused(with: layers[layers.count - 1])
    let running = fused == nil ? layers[...] : layers.dropLast()
    let shapes = resolution.shapes
    let blocks = resolution.layout.blocks
    let blockRanges = layers.indices.map(resolution.layout.blocks(of:))

    // The way back goes down to the first layer that learns; that one needs no derivative (1).
    let firstLearning = running.indices.first { !blockRanges[$0].isEmpty } ?? running.count
    let lowest = keepsInputError ? 0 : firstLearning
    func carriesError(_ index: Int) -> Bool { keepsInputError || index > firstLearning }
    func readInBackward(_ index: Int) -> LayerReads {
      var reads: LayerReads = carriesError(index) ? running[index].inputDerivativeReads : []
      if !blockRanges[index].isEmpty { reads.formUnion(running[index].parameterDerivativeReads) }
      return reads
    }

    var arena = ArenaLayout(rows: batchSize)

    // Values, on the way down. A layer writes over its input where nobody reads that again.
    var values = [arena.slot(columns: shapes[0].count)]
    for index in running.indices {
      let isReadAgain =
        readInBackward(index).contains(.input) || (index > 0 && readInBackward(index - 1).contains(.output))
      let inPlace =
        index > 0 && running[index].runsInPlace && shapes[index].count == shapes[index + 1].count && !isReadAgain
      values.append(inPlace ? values[index] : arena.slot(columns: shapes[index + 1].count))
    }

    // Errors, on the way back. Phase 2 reads the output error of a layer that learns; any other may be written over.
    var errors = [Slot?](repeating: nil, count: running.count + 1)
    errors[running.count] = arena.slot(columns: shapes[running.count].count)
    for index in running.indices.reversed() where index >= lowest && carriesError(index) {
      let inPlace =
        running[index].runsInPlace && shapes[index].count == shapes[index + 1].count && blockRanges[index].isEmpty
      errors[index] = inPlace ? errors[index + 1] : arena.slot(columns: shapes[index].count)
    }

    // A function of one number that follows a layer is applied where that layer writes.
    func function(following index: Int) -> Elementwise? {
      guard index + 1 < running.count, running[index].fusesActivation, values[index + 1] == values[index + 2] else {
        return nil
      }
      return (running[index + 1] as? any ElementwiseLayer)?.function
    }

    let kept = running.indices.map { arena.slot(columns: running[$0].keptPerRow(for: shapes[$0])) }
    var partials = 0
    var operations: [Operation] = []
    for index in running.indices {
      let layer = running[index]
      var firstPartial: Int?
      if layer.gradientCut == .byRows, !blockRanges[index].isEmpty {
        firstPartial = partials
        partials += roundUp(blocks[blockRanges[index]].reduce(0) { $0 + $1.count }, to: 16)
      }
      operations.append(
        Operation(
          layer: layer, input: values[index], output: values[index + 1],
          kept: kept[index], outputError: errors[index + 1] ?? errors[running.count]!, inputError: errors[index],
          activation: function(following: index) ?? .identity,
          activationDerivative: function(following: index).flatMap { _ in
            kept[index + 1].columns > 0 ? kept[index + 1] : nil
          },
          isFused: index > 0 && function(following: index - 1) != nil, blocks: blockRanges[index],
          partials: firstPartial, index: index))
    }

    self.batchSize = batchSize
    self.operations = operations
    self.loss = fused ?? loss
    inputs = values[0]
    prediction = values[running.count]
    predictionError = errors[running.count]!
    inputError = errors[0]
    arenaCount = arena.count
    stages = Plan.stages(of: operations, lowest: lowest)
    let work = resolution.layout.count + operations.reduce(0) { $0 + $1.output.columns }
    rowsPerTile = Plan.rowsPerTile(batchSize: batchSize, workPerRow: 2 * work)
    (self.blocks, transposedCount) = Plan.keepingTransposes(
      of: blocks, in: operations, isWorthIt: rowsPerTile < batchSize)
    (pieces, pieceTiles) = Plan.pieces(of: operations, blocks: blocks, batchSize: batchSize)
    updatesWait = operations.contains {
      $0.layer.gradientCut == .byParameters && $0.layer.parameterDerivativeReads.contains(.parameters)
    }
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
  private static func stages(of operations: [Operation], lowest: Int) -> [Stage] {
    let meetings = operations.indices.filter { operations[$0].layer.rowCoupling == .wholeBatch }
    var stages: [Stage] = []
    var next = 0
    for meeting in meetings {
      if meeting > next { stages.append(Stage(forward: next..<meeting, backward: 0..<0)) }
      stages.append(Stage(forward: meeting..<meeting + 1, backward: 0..<0, wholeBatch: true))
      next = meeting + 1
    }
    let last = next..<operations.count
    stages.append(
      Stage(forward: last, evaluatesLoss: true, backward: max(next, lowest)..<max(last.upperBound, lowest)))
    for (index, meeting) in meetings.enumerated().reversed() where meeting >= lowest {
      stages.append(Stage(forward: 0..<0, backward: meeting..<meeting + 1, wholeBatch: true))
      let before = index > 0 ? meetings[index - 1] + 1 : 0
      if meeting > max(before, lowest) { stages.append(Stage(forward: 0..<0, backward: max(before, lowest)..<meeting)) }
    }
    return stages
  }
}

/// Hands out the arena's memory, each slot on a 64-byte boundary.
private struct ArenaLayout {
  let rows: Int
  private(set) var count = 0

  init(rows: Int) { self.rows = rows }

  mutating func slot(columns: Int) -> Slot {
    let slot = Slot(offset: count, columns: columns)
    count += roundUp(rows * columns, to: 16)
    return slot
  }
}

func roundUp(_ number: Int, to multiple: Int) -> Int { (number + multiple - 1) / multiple * multiple }
