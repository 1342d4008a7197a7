internal import DownhillCompute

/// A network compiled for training on batches of a given size: where every value stands, what runs in which order,
/// and how the work is cut.
///
/// All of it depends on the network, the loss and the batch size alone, never on the number of threads: threads only
/// take tiles. That is why the same seed gives the same bits on one thread or on many.
struct Plan {
  let batchSize: Int
  /// The layers that run, first to last. A last layer that is fused into the loss is not among them.
  let operations: [Operation]
  /// What phase 1 does with a tile of rows: on its way down, and on its way back.
  let forward: [Instruction]
  let backward: [Instruction]
  /// The loss, fused with the last layer where the two together are simpler.
  let loss: any Loss
  /// The rows of the batch as they were gathered.
  let inputs: Slot
  /// What the loss reads, and where it writes its derivative.
  let prediction: Slot
  let predictionError: Slot
  /// ∂L/∂inputs, where it was asked for.
  let inputError: Slot?
  let arenaCount: Int

  let blocks: [ParameterBlock]
  /// Floats of the transposes that are kept.
  let transposedCount: Int
  /// Phase 1, in order.
  let stages: [Stage]
  /// Rows of the batch in a tile of phase 1.
  let rowsPerTile: Int
  /// Phase 2: pieces of θ in its order, and the tiles as ranges of pieces.
  let pieces: [Piece]
  let pieceTiles: [Range<Int>]
  /// How the optimizer's work is cut.
  let updates: UpdateBlocks
  /// What layers write themselves after phase 2.
  let states: [StatePlace]
  /// Whether updates wait for all derivatives: one of them reads parameters, or an update needs the whole gradient.
  let updatesWait: Bool
  /// Floats of partial gradients that a row tile leaves.
  let partialsPerTile: Int

  /// Of the phase that has the most.
  var mostTiles: Int { max(rowTiles, pieceTiles.count, updates.tiles.count) }
  var rowTiles: Int { tiles(for: batchSize) }
  func tiles(for rows: Int) -> Int { (rows + rowsPerTile - 1) / rowsPerTile }

  /// The rows of a tile.
  func rows(of tile: Int, in count: Int) -> Range<Int> {
    tile * rowsPerTile..<min(count, (tile + 1) * rowsPerTile)
  }
}

/// One layer at work.
struct Operation {
  let layer: any Layer
  let input: Slot
  let output: Slot
  let kept: Slot
  /// One row for all of the batch.
  let keptOfBatch: Slot
  let outputError: Slot
  /// nil: nothing below learns, so that no derivative (1) is needed.
  let inputError: Slot?
  /// An elementwise layer that follows, whose function this layer's `forward` applies to its output.
  let activation: Elementwise
  /// Where that writes the derivative, if it is to be kept.
  let activationDerivative: Slot?
  /// Its parameters among the plan's blocks.
  let blocks: Range<Int>
  /// Where its partial gradients begin in those of a row tile; nil: cut by parameters.
  let partials: Int?
  /// Its place among the network's layers, for its random numbers.
  let index: Int
  /// Multiply-adds of a row on its way down.
  let workPerRow: Int
  /// The shape of an input row, where that is an image.
  let image: ImageShape?
}

/// A stretch of phase 1 without waiting, as ranges of its instructions: each row tile runs down, through the loss where it is
/// here, and back up.
struct Stage {
  var forward: Range<Int>
  var evaluatesLoss = false
  var backward: Range<Int>
  /// A meeting point: one layer, all rows at once.
  var wholeBatch = false
}

/// A parameter that is not trained.
struct StatePlace {
  let operation: Int
  /// Its index within its layer, and among the plan's blocks.
  let parameter: Int
  let block: Int
}

/// Some rows of one parameter, and with the last ones those parameters whose derivative falls out beside: a piece of θ
/// whose gradient is made at once.
struct Piece {
  let operation: Int
  /// The parameter's index within its layer, and among the plan's blocks.
  let parameter: Int
  let block: Int
  let rows: Range<Int>
  /// Whether the next parameter belongs to this piece too.
  let includesNext: Bool
  /// The place in θ.
  let offset: Int
  let count: Int
}
