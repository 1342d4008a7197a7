package import DownhillCompute
package import DownhillTables

/// How the columns of a table become bins: fitted to training rows, then the same for every table.
package struct TableBins: Sendable {
  let columns: [ColumnBins]

  /// Of each column, that of what is missing among them.
  package var binCounts: [Int] { columns.map { $0.count + 1 } }

  /// Fitted to some rows of a table: all columns that are numbers, dates, booleans or categories, but for the target.
  package init(fitting table: Table, rows: [Int32], target: String, workers: WorkerPool = WorkerPool(threads: 1)) {
    let columns = table.columns.filter { $0.name != target && ![.identifier, .text, .ignored].contains($0.kind) }
    self.columns = workers.map(columns.count) { ColumnBins(columns[$0], rows: rows) }.compactMap { $0 }
  }

  /// The bins of some rows of a table. A column that it lacks is missing in all of them.
  package func encode(
    _ table: Table, rows: [Int32], workers: WorkerPool = WorkerPool(threads: 1)
  ) -> BinnedRows {
    let places = table.placesByName
    let parts = workers.map(columns.count) { index in
      let bins = columns[index]
      return places[bins.column].map { bins.encode(table.columns[$0], rows: rows) }
        ?? [UInt8](repeating: bins.missing, count: rows.count)
    }
    return BinnedRows(count: rows.count, codes: Array(parts.joined()))
  }
}

/// Rows of a table with the number of a bin in place of each value, column after column.
package struct BinnedRows: Sendable {
  package let count: Int
  private let codes: [UInt8]

  init(count: Int, codes: [UInt8]) { (self.count, self.codes) = (count, codes) }

  package subscript(row: Int, column: Int) -> UInt8 { codes[column * count + row] }

  func withColumn<Result>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    codes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[column * count..<(column + 1) * count])) }
  }

  /// All columns, one behind the other.
  func withCodes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    codes.withUnsafeBufferPointer(body)
  }
}
