internal import DownhillCompute

/// What a thread does with a tile.
extension TrainingStep: TiledWork {
  package func run(tile: Int) {
    let batch = batch
    switch batch.phase {
    case .stage(let index):
      let rows = stages[index].wholeBatch ? 0..<batch.rows.count : plan.rows(of: tile, in: batch.rows.count)
      runRows(rows, tile: tile, stage: index, batch)
    case .gradientAndUpdate:
      for piece in pieceTiles[tile] {
        makeGradient(piece, batch)
        for block in updatesDue[piece] { update(block, batch) }
      }
    case .gradient(let measured):
      for piece in pieceTiles[tile] { makeGradient(piece, batch) }
      if measured { measure(tile) }
    case .measure: measure(tile)
    case .update:
      for block in updateTiles[tile] { update(block, batch) }
    }
  }

  // MARK: Phase 1

  private func runRows(_ range: Range<Int>, tile: Int, stage index: Int, _ batch: borrowing Batch) {
    if index == 0 { source.gather(batch.rows, range, inputs: view(plan.inputs, range)) }
    for place in stages[index].forward {
      switch forward[place] {
      case .layer(let operation): runForward(operation, range, batch)
      case .move(let move): run(move, range)
      }
    }
    if stages[index].evaluatesLoss { lossSums[tile] = evaluateLoss(range, batch) }
    for place in stages[index].backward {
      switch backward[place] {
      case .layer(let operation): runBackward(operation, range, batch, tile: tile)
      case .move(let move): run(move, range)
      }
    }
  }

  private func run(_ move: Move, _ range: Range<Int>) {
    Move.run(
      move.kind, view(move.source.slot, range)[columns: move.source.columns].readable,
      view(move.target.slot, range)[columns: move.target.columns])
  }

  private func runForward(_ index: Int, _ range: Range<Int>, _ batch: borrowing Batch) {
    operations[index].layer.forward(
      ForwardPass(
        input: view(operations[index].input, range).readable, output: view(operations[index].output, range),
        parameters: parameters(of: index), kept: view(operations[index].kept, range),
        keptOfBatch: view(operations[index].keptOfBatch, 0..<1),
        activation: operations[index].activation,
        activationDerivative: operations[index].activationDerivative.map { view($0, range) }, mode: .training,
        firstRow: range.lowerBound, stream: randoms[index], step: batch.step, image: operations[index].image,
        dropoutFactor: dropoutFactor))
  }

  private func evaluateLoss(_ range: Range<Int>, _ batch: borrowing Batch) -> Double {
    loss.evaluate(
      LossPass(
        prediction: view(plan.prediction, range).readable, target: source.targets(range),
        error: view(plan.predictionError, range), scale: batch.scale, weights: source.weights(from: range.lowerBound)))
  }

  private func runBackward(_ index: Int, _ range: Range<Int>, _ batch: borrowing Batch, tile: Int) {
    if let partial = operations[index].partials {
      let first = blocks[operations[index].blocks.lowerBound].offset
      let place = partials.base + tile * plan.partialsPerTile + partial - first
      for parameter in 0..<operations[index].blocks.count {
        let block = blocks[operations[index].blocks.lowerBound + parameter]
        if block.derivedWithPrevious || !block.isTrained { continue }
        differentiate(
          index, range, parameter: parameter, rows: 0..<block.rows, into: place + block.offset,
          includesNext: isDerivedWithPrevious(parameter + 1, of: index))
      }
    }
    guard let inputError = operations[index].inputError else { return }
    operations[index].layer.inputDerivative(
      InputDerivativePass(
        input: view(operations[index].input, range).readable, output: view(operations[index].output, range).readable,
        parameters: parameters(of: index), kept: view(operations[index].kept, range).readable,
        keptOfBatch: view(operations[index].keptOfBatch, 0..<1).readable,
        outputError: view(operations[index].outputError, range).readable, inputError: view(inputError, range),
        batchRows: batch.rows.count, image: operations[index].image))
  }

  private func isDerivedWithPrevious(_ parameter: Int, of operation: Int) -> Bool {
    let block = operations[operation].blocks.lowerBound + parameter
    return block < operations[operation].blocks.upperBound && blocks[block].derivedWithPrevious
  }

  // MARK: Phase 2

  /// What layers keep of the batch that was: little work, done by the calling thread when no other works.
  func updateStates() {
    for index in 0..<states.count {
      let operation = states[index].operation, block = states[index].block
      operations[operation].layer.updateState(
        StateUpdatePass(
          parameter: states[index].parameter,
          state: MutableMatrixView(
            base: theta.base + blocks[block].offset, rows: blocks[block].rows, columns: blocks[block].columns,
            rowStride: blocks[block].columns),
          input: view(operations[operation].input, 0..<batch.rows.count).readable,
          keptOfBatch: view(operations[operation].keptOfBatch, 0..<1).readable))
      if let average = memory.average {
        let range = blocks[block].offset..<blocks[block].offset + blocks[block].count
        (average.base + range.lowerBound).update(from: theta.base + range.lowerBound, count: range.count)
      }
    }
  }

  /// Renews a piece's part of the transposes that are kept.
  func transpose(_ piece: Int) {
    let block = pieces[piece].block
    guard let offset = blocks[block].transposedOffset else { return }
    let (columns, stride) = (blocks[block].columns, blocks[block].transposedStride), rows = pieces[piece].rows
    MutableMatrixView(
      base: transposes.base + offset + rows.lowerBound, rows: columns, columns: rows.count, rowStride: stride
    ).transpose(
      of: MatrixView(
        base: UnsafePointer(theta.base) + pieces[piece].offset, rows: rows.count, columns: columns, rowStride: columns))
  }

  private func makeGradient(_ index: Int, _ batch: borrowing Batch) {
    let operation = pieces[index].operation, offset = pieces[index].offset
    let gradient = gradientBuffer.base + offset
    guard let partial = operations[operation].partials else {
      return differentiate(
        operation, 0..<batch.rows.count, parameter: pieces[index].parameter, rows: pieces[index].rows, into: gradient,
        includesNext: pieces[index].includesNext)
    }
    // The parts that the row tiles left, added in their order.
    let count = pieces[index].count
    let sum = MutableMatrixView(base: gradient, rows: 1, columns: count, rowStride: count)
    let place = partial + offset - blocks[operations[operation].blocks.lowerBound].offset
    for tile in 0..<plan.tiles(for: batch.rows.count) {
      let part = MatrixView(
        base: UnsafePointer(partials.base) + tile * plan.partialsPerTile + place, rows: 1, columns: count,
        rowStride: count)
      if tile == 0 { sum.copy(part) } else { sum.addScaled(1, part) }
    }
  }

  /// The derivative of some rows of a parameter, and that of the next parameter behind it where it belongs to them.
  private func differentiate(
    _ index: Int, _ range: Range<Int>, parameter: Int, rows: Range<Int>, into gradient: UnsafeMutablePointer<Float>,
    includesNext: Bool
  ) {
    let block = operations[index].blocks.lowerBound + parameter
    let columns = blocks[block].columns
    var next: MutableMatrixView?
    if includesNext {
      let width = blocks[block + 1].columns
      next = MutableMatrixView(
        base: gradient + rows.count * columns, rows: blocks[block + 1].rows, columns: width, rowStride: width)
    }
    operations[index].layer.parameterDerivative(
      ParameterDerivativePass(
        input: view(operations[index].input, range).readable, output: view(operations[index].output, range).readable,
        parameters: parameters(of: index), kept: view(operations[index].kept, range).readable,
        keptOfBatch: view(operations[index].keptOfBatch, 0..<1).readable,
        outputError: view(operations[index].outputError, range).readable, parameter: parameter, rows: rows,
        gradient: MutableMatrixView(base: gradient, rows: rows.count, columns: columns, rowStride: columns),
        nextGradient: next, image: operations[index].image))
  }

  // MARK: Views

  private func view(_ slot: Slot, _ range: Range<Int>) -> MutableMatrixView {
    MutableMatrixView(
      base: arena.base + slot.offset + range.lowerBound * slot.columns, rows: range.count, columns: slot.columns,
      rowStride: slot.columns)
  }

  private func parameters(of index: Int) -> ParameterViews {
    ParameterViews(
      base: UnsafePointer(theta.base), blocks: blocks.base + operations[index].blocks.lowerBound,
      count: operations[index].blocks.count, transposes: UnsafePointer(transposes.base))
  }
}
