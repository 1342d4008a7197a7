/// A block of θ that the optimizer changes at once: parameters with the same factors, or one parameter as a whole.
struct UpdateBlock {
  let offset: Int
  let count: Int
  let factors: LearningFactors
  /// Pieces whose transposes are renewed afterwards.
  let pieces: Range<Int>
  /// Rows and columns, and its part of the scratch memory, where a parameter is updated as a whole.
  var matrix: (rows: Int, columns: Int)?
  var scratch = 0..<0
}

/// How θ is cut into blocks for the optimizer, along the pieces that its gradient is cut into.
struct UpdateBlocks {
  private(set) var blocks: [UpdateBlock] = []
  /// For each piece, the blocks whose gradient is complete with it.
  private(set) var due: [Range<Int>] = []
  /// Blocks that a thread takes at once where updates wait for the whole gradient.
  private(set) var tiles: [Range<Int>] = []
  private(set) var scratchCount = 0
  /// Whether a parameter is updated as a whole.
  var waits: Bool { scratchCount > 0 || blocks.contains { $0.matrix != nil } }

  /// Floats up to which pieces are gathered in one block: their gradients are in the cache still.
  private static let gathered = 1 << 13

  /// - Parameter pieceTiles: ranges of pieces, each of which one thread takes.
  init(_ pieces: [Piece], tiles pieceTiles: [Range<Int>], layout: ParameterLayout, rule: UpdateRule?) {
    guard let rule else {
      due = pieces.map { _ in 0..<0 }
      return
    }
    let factors = layout.entries.map { entry in
      rule.decaying.contains(entry.role.kind) ? entry.factors : LearningFactors(rate: entry.factors.rate, decay: 0)
    }
    let scratches = layout.entries.map { rule.optimizer.scratchOfWholeUpdate(of: $0.role) }
    var ranges: [Range<Int>] = []
    for tile in pieceTiles {
      let first = blocks.count
      var open: Open?
      func close() {
        if let block = open?.block { blocks.append(block) }
        open = nil
      }
      for index in tile {
        let start = blocks.count
        for part in pieces[index].parts(layout) {
          if scratches[part.entry] != nil {
            close()
            continue
          }
          if let current = open, current.factors != factors[part.entry] || current.end != part.range.lowerBound {
            close()
          }
          if open == nil { open = Open(start: part.range.lowerBound, factors: factors[part.entry]) }
          open!.end = part.range.upperBound
          if part.entry == pieces[index].block { open!.add(piece: index) }
        }
        if index == tile.upperBound - 1 || open.map({ $0.end - $0.start >= Self.gathered }) ?? false { close() }
        due.append(start..<blocks.count)
      }
      if blocks.count > first { ranges.append(first..<blocks.count) }
    }
    // Those that are updated as a whole take the longest: they are dealt out first.
    for (index, entry) in layout.entries.enumerated() {
      guard let scratch = scratches[index] else { continue }
      let own = pieces.indices.filter { pieces[$0].block == index }
      tiles.append(blocks.count..<blocks.count + 1)
      blocks.append(
        UpdateBlock(
          offset: entry.offset, count: entry.count, factors: factors[index],
          pieces: own.first.map { $0..<own.last! + 1 } ?? 0..<0, matrix: (entry.rows, entry.columns),
          scratch: scratchCount..<scratchCount + scratch))
      scratchCount += roundUp(scratch, to: 16)
    }
    tiles += ranges
  }

  /// A block that may go on.
  private struct Open {
    let start: Int
    let factors: LearningFactors
    var end = 0
    private var pieces = 0..<0

    init(start: Int, factors: LearningFactors) {
      self.start = start
      self.factors = factors
    }

    mutating func add(piece: Int) { pieces = (pieces.isEmpty ? piece : pieces.lowerBound)..<piece + 1 }
    var block: UpdateBlock { UpdateBlock(offset: start, count: end - start, factors: factors, pieces: pieces) }
  }
}

extension Piece {
  /// The parameters that it has elements of, and where these stand in θ.
  fileprivate func parts(_ layout: ParameterLayout) -> [(entry: Int, range: Range<Int>)] {
    let own = offset..<offset + rows.count * layout.entries[block].columns
    return [(block, own)] + (includesNext ? [(block + 1, own.upperBound..<offset + count)] : [])
  }
}
