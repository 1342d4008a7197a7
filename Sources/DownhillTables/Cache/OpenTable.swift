/// A file of a table that is read in chunks of rows.
final class OpenTable {
  let rows: RowReader
  /// For each column of the table its place in the file.
  private let places: [Int]
  private var modes: [ColumnBuilder.Mode]
  private let chunkRows: Int

  init(_ rows: RowReader, places: [Int], modes: [ColumnBuilder.Mode], chunkRows: Int) {
    (self.rows, self.places, self.modes, self.chunkRows) = (rows, places, modes, chunkRows)
  }

  /// The next rows; nil at the end.
  /// - Parameter modes: how columns are read from now on; nil: as before.
  func next(_ modes: [ColumnBuilder.Mode]? = nil) throws(TableError) -> Chunk? {
    self.modes = modes ?? self.modes
    var builders = rows.names.map { _ in ColumnBuilder(.skipped, marks: rows.marks) }
    for (place, mode) in zip(places, self.modes) { builders[place] = ColumnBuilder(mode, marks: rows.marks) }
    let block = RowBlock(rows, builders: builders, advice: SchemaOverrides.advice)
    try block.read(chunkRows)
    if block.count == 0 && block.gaps.isEmpty { return nil }
    return Chunk(
      rows: block.count, isLast: block.count + block.gaps.count < chunkRows,
      lines: ColumnStorage(block.lines.prefix(block.count)),
      columns: places.map { place in
        ReadColumn(
          values: builders[place].read(block.count),
          firstText: builders[place].firstText.map { (file: 0, line: $0.line, text: $0.text) })
      })
  }
}

/// Some rows of a file.
struct Chunk {
  let rows: Int
  let isLast: Bool
  let lines: ColumnStorage<Int32>
  /// In the order of the table. Of one that turned from numbers to texts the rows before its first text are left to be read.
  let columns: [ReadColumn]
}
