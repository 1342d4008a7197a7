internal import DownhillCompute

/// Writes rows of a table into the rows of a matrix, all columns of a block of rows before the next block.
///
/// Dense columns are worked out one after the other, as they stand in the table; some of them together are then turned into
/// rows, in the nearest cache.
struct RowWriter {
  let writers: [ColumnWriter]
  let width: Int

  /// Columns that are turned together: rows of a cache line.
  private static let panelColumns = 16
  /// From one of these columns to the next: no power of two, so that they don't share places in the cache.
  private static let panelStride = EncodedRows.inBlock + 16

  /// - Parameters:
  ///   - target: rows of zeros.
  ///   - unseen: gets added, column by column, how many rows hold a category that no training row had.
  func write(
    _ rows: UnsafeBufferPointer<Int32>, to target: UnsafeMutablePointer<Float>, unseen: inout [Int]
  ) {
    let bytes = Self.panelColumns * Self.panelStride * MemoryLayout<Float>.stride
    withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { memory in
      let panel = memory.bindMemory(to: Float.self).baseAddress!
      for first in stride(from: 0, to: rows.count, by: EncodedRows.inBlock) {
        let block = rows[first..<min(rows.count, first + EncodedRows.inBlock)]
        write(
          block: EncodedRows(UnsafeBufferPointer(rebasing: block)), to: target + first * width, panel, &unseen)
      }
    }
  }

  private func write(
    block rows: EncodedRows, to target: UnsafeMutablePointer<Float>, _ panel: UnsafeMutablePointer<Float>,
    _ unseen: inout [Int]
  ) {
    var column = 0
    // Columns in the panel are those before `column`.
    var pending = 0
    func turn() {
      if pending == 0 { return }
      let place = target + (column - pending)
      MutableMatrixView(base: place, rows: rows.count, columns: pending, rowStride: width).transpose(
        of: MatrixView(base: panel, rows: pending, columns: rows.count, rowStride: Self.panelStride))
      pending = 0
    }
    for (index, writer) in writers.enumerated() {
      if writer.isDense {
        if pending + writer.width > Self.panelColumns { turn() }
        let place = panel + pending * Self.panelStride
        unseen[index] += writer.writeColumns(rows, to: place, stride: Self.panelStride)
        pending += writer.width
      } else {
        turn()
        unseen[index] += writer.writeRows(rows, to: target + column, stride: width)
      }
      column += writer.width
    }
    turn()
  }
}
