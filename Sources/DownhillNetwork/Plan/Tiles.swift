extension Plan {
  /// Multiply-adds below which the work of a phase is not cut, some twenty microseconds: waking another thread and waiting
  /// for it would take as long.
  static let smallestWork = 1 << 20
  /// Multiply-adds below which a tile is not worth handing to a thread that is awake.
  private static let smallestTile = 1 << 18

  /// Multiply-adds a row from which weights no longer fit a processor's own cache: each tile of rows fetches them again.
  private static let largeRow = 1 << 20

  /// Rows of the batch in a tile of phase 1: a quarter of the batch, of 32 (for large networks 64) to 128 rows. Fewer would
  /// slow the products down, more would leave threads without work.
  static func rowsPerTile(batchSize: Int, workPerRow: Int, parameters: Int) -> Int {
    if batchSize * workPerRow < smallestWork { return batchSize }
    if let rows = heavyRowsPerTile(workPerRow: workPerRow, parameters: parameters) {
      return min(batchSize, max(smallestTile / workPerRow + 1, (batchSize + 31) / 32, min(rows, (batchSize + 7) / 8)))
    }
    let least = workPerRow > largeRow ? 64 : 32
    return min(batchSize, max(least, min(128, roundUp((batchSize + 3) / 4, to: 16))))
  }

  /// Rows that take much more work than there are parameters, as images in convolutions, use each of these so often that a
  /// tile need not have many of them: so many that preparing weights costs little beside, and that what they leave for the
  /// way back stays in the caches. nil: rows are not of that kind.
  static func heavyRowsPerTile(workPerRow: Int, parameters: Int) -> Int? {
    workPerRow > heaviness * parameters ? max(1, heavyTile / workPerRow) : nil
  }

  private static let heaviness = 16
  private static let heavyTile = 1 << 26

  /// Cuts θ into pieces, and gathers pieces into tiles of about equal work: a thirty-second of it all, but no less than
  /// is worth handing out.
  static func pieces(
    of operations: [Operation], blocks: [ParameterBlock], batchSize: Int, rowTiles: Int
  ) -> (pieces: [Piece], tiles: [Range<Int>]) {
    // A parameter's gradient is a sum over the rows of the batch, or over what their tiles left.
    func terms(_ operation: Operation) -> Int { operation.partials == nil ? batchSize : rowTiles }
    let total = operations.reduce(0) { sum, operation in
      sum + terms(operation) * blocks[operation.blocks].reduce(0) { $0 + $1.count }
    }
    let workPerTile = total < smallestWork ? total : max(smallestTile, total / 32)
    var pieces: [Piece] = []
    var tiles: [Range<Int>] = []
    var first = 0, work = 0

    func closeTile() {
      if first < pieces.count { tiles.append(first..<pieces.count) }
      (first, work) = (pieces.count, 0)
    }

    for (index, operation) in operations.enumerated() {
      for (parameter, block) in operation.blocks.enumerated() {
        if blocks[block].derivedWithPrevious || !blocks[block].isTrained { continue }
        let (rows, columns) = (blocks[block].rows, blocks[block].columns)
        let hasCompanion = parameter + 1 < operation.blocks.count && blocks[block + 1].derivedWithPrevious
        let cut = operation.partials == nil ? max(1, workPerTile / (batchSize * columns)) : rows
        // Whole register tiles of the product, whichever instruction set runs it.
        let rowsPerPiece = cut >= rows ? rows : roundUp(cut, to: 24)
        for start in stride(from: 0, to: rows, by: rowsPerPiece) {
          let range = start..<min(rows, start + rowsPerPiece)
          let includesNext = hasCompanion && range.upperBound == rows
          pieces.append(
            Piece(
              operation: index, parameter: parameter, block: block, rows: range, includesNext: includesNext,
              offset: blocks[block].offset + start * columns,
              count: range.count * columns + (includesNext ? blocks[block + 1].count : 0)))
          work += terms(operation) * range.count * columns
          if work >= workPerTile { closeTile() }
        }
      }
    }
    closeTile()
    return (pieces, tiles)
  }

  /// The parameters that have no gradient.
  static func states(of operations: [Operation], blocks: [ParameterBlock]) -> [StatePlace] {
    operations.enumerated().flatMap { index, operation in
      operation.blocks.enumerated().filter { !blocks[$1].isTrained }.map {
        StatePlace(operation: index, parameter: $0, block: $1)
      }
    }
  }
}
