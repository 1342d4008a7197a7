internal import CTables

/// A stretch of a table's rows, gathered column by column. Plain rows go through the loop in C; whatever is not plain, one
/// row at a time, through `RowReader`, which knows all that a table may hold and says what is wrong with it.
final class RowBlock {
  let builders: [ColumnBuilder]
  private let rows: RowReader
  /// What to do about text where a number is demanded.
  private let advice: String
  private(set) var count = 0
  private(set) var lines: [Int32] = []
  /// For each row that was passed over how many rows come before it.
  private(set) var gaps: [Int32] = []
  var skipped: SkippedRows { rows.skipped }
  var skippedPlaces: [(position: Int, line: Int)] { rows.skippedPlaces }
  private var columns: [dh_column]

  /// Rows that there is room for at first, and the bytes that they may take: tables may have more columns than rows.
  private static let firstRows = 1 << 10
  private static let firstBytes = 1 << 20

  /// - Parameter builders: one for each column of the file.
  init(_ rows: RowReader, builders: [ColumnBuilder], advice: String) {
    self.rows = rows
    self.builders = builders
    self.advice = advice
    columns = builders.map(\.column)
  }

  /// Reads rows until there are `most` in all, those that were passed over among them, or the next begins at `limit` or
  /// later, or the input ends.
  func read(_ most: Int = .max, until limit: Int = .max) throws(TableError) {
    try readRows(most, until: limit)
    if !gaps.isEmpty { for builder in builders { builder.dropStrayTexts(count) } }
  }

  private func readRows(_ all: Int, until limit: Int) throws(TableError) {
    var most: Int { all - gaps.count }
    while count < most {
      makeRoom(atMost: most)
      if try !readPlainRows(atMost: most, until: limit) { continue }
      if count == most { return }
      try rows.reader.passOverEmptyLines()
      guard rows.isFirstRowPending || rows.reader.position < limit else { return }
      switch try rows.next() {
      case .row: try take(line: rows.reader.line)
      case .skipped: gaps.append(Int32(count))
      case .end: return
      }
    }
  }

  /// False: room is needed.
  private func readPlainRows(atMost most: Int, until limit: Int) throws(TableError) -> Bool {
    let reader = rows.reader
    // Line numbers are counted in 32 bits there.
    guard !rows.isFirstRowPending, reader.nextLine < Int32.max / 2 else { return true }
    for index in builders.indices { columns[index] = builders[index].column }
    let base = reader.window.base, end = reader.window.count
    let outcome = columns.withUnsafeMutableBufferPointer { columns in
      lines.withUnsafeMutableBufferPointer { lines in
        var state = dh_rows(
          cursor: base + reader.position, limit: base + min(limit, end), end: base + end, delimiter: reader.delimiter,
          longest_quoted: reader.longestQuoted, marks: rows.marks.pointer, columns: columns.baseAddress,
          column_count: columns.count, rows: count, capacity: min(most, lines.count), lines: lines.baseAddress,
          line: Int32(reader.nextLine))
        let outcome = dh_read_rows(&state)
        count = state.rows
        reader.move(to: state.cursor - base, line: Int(state.line))
        return outcome
      }
    }
    return outcome != dh_rows_full || count == most
  }

  private func take(line: Int) throws(TableError) {
    let reader = rows.reader
    guard count < Int32.max else { throw tooManyRows(reader) }
    lines[count] = Int32(clamping: line)
    for (place, builder) in builders.enumerated() {
      guard builder.take(reader.bytes(place), row: count, line: line) else {
        throw notANumber(reader, place, rows.names[place], advice)
      }
    }
    count += 1
  }

  private func makeRoom(atMost most: Int) {
    guard count == lines.count else { return }
    let first = Self.firstBytes / (MemoryLayout<Double>.stride * max(1, builders.count))
    let capacity = min(most, max(1, min(first, Self.firstRows), 2 * lines.count))
    lines.append(contentsOf: repeatElement(0, count: capacity - lines.count))
    for builder in builders { builder.reserve(capacity) }
  }

  /// Forgets the rows, to begin a chunk anew.
  func reset() {
    count = 0
    gaps.removeAll(keepingCapacity: true)
    for builder in builders { builder.reset() }
  }
}
