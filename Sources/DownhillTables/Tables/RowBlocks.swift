/// All rows of a table in memory, read in stretches by several threads at a time.
///
/// Where a stretch begins is a guess: behind the first line end after a place in the file. A field in quotes may hold that
/// line end; then the stretch before it ends elsewhere, which shows afterwards, and it is read again from the right place.
/// So the rows, their lines and all errors are those of reading from the first byte to the last.
struct RowBlocks {
  private var blocks: [RowBlock] = []
  /// Where each block begins.
  private var starting: [(position: Int, line: Int)] = []
  /// To be added to each block's line numbers.
  private var lineOffsets: [Int] = []
  private let threads: Int?
  private(set) var count = 0

  /// Bytes of a stretch, at least.
  static let stretch = 1 << 20
  private static let mostStretches = 64

  /// - Parameters:
  ///   - rows: of an input that is in memory whole, at its first row.
  ///   - advice: what to do about text where a number is demanded.
  ///   - stretch: bytes of a stretch; nil: as suits the size.
  ///   - makeBuilders: makes one for each column of the file.
  init(
    of rows: RowReader, threads: Int?, advice: String, stretch: Int?, makeBuilders: () -> [ColumnBuilder]
  ) throws(TableError) {
    let end = rows.reader.window.count
    self.threads = threads
    let size = stretch ?? max(Self.stretch, (end - rows.firstRow.position) / Self.mostStretches + 1)
    let starts = Self.starts(in: rows.reader.window, from: rows.firstRow.position, every: size)

    func read(from start: (position: Int, line: Int), until limit: Int) -> Stretch {
      let part = RowReader(rows, from: start)
      let block = RowBlock(part, builders: makeBuilders(), advice: advice)
      do throws(TableError) {
        try block.read(until: limit)
        try part.reader.passOverEmptyLines()
        return Stretch(block: block, start: start, end: (part.reader.position, part.reader.nextLine), error: nil)
      } catch {
        return Stretch(block: block, start: start, end: start, error: error)
      }
    }

    func limit(_ index: Int) -> Int { index + 1 < starts.count ? starts[index + 1] : end }
    let guesses = inParallel(starts.count, threads: starts.count > 1 ? threads : 1) { index in
      read(from: (starts[index], index == 0 ? rows.firstRow.line : 1), until: limit(index))
    }
    var place = (position: starts[0], line: rows.firstRow.line)
    for (index, guess) in guesses.enumerated() {
      var stretch = guess
      var offset = index == 0 ? 0 : place.line - 1
      if guess.start.position != place.position || guess.error != nil {
        if place.position >= limit(index) && index + 1 < starts.count { continue }
        stretch = read(from: place, until: limit(index))
        offset = 0
      }
      if let error = stretch.error { throw error }
      guard count + stretch.block.count <= Int32.max else { throw tooManyRows(rows.reader) }
      place = (stretch.end.position, stretch.end.line + offset)
      if stretch.block.count == 0 { continue }
      blocks.append(stretch.block)
      lineOffsets.append(offset)
      starting.append((stretch.start.position, stretch.start.line + offset))
      count += stretch.block.count
    }
    try readLateTexts(rows)
  }

  private struct Stretch {
    let block: RowBlock
    let start: (position: Int, line: Int)
    let end: (position: Int, line: Int)
    let error: TableError?
  }

  /// The first byte, and then about every `size` bytes the first byte of a line that is not empty.
  private static func starts(in window: ByteWindow, from first: Int, every size: Int) -> [Int] {
    var starts = [first]
    var place = first + size
    while place < window.count {
      while place < window.count, !isLineEnd(window.base[place]) { place += 1 }
      while place < window.count, isLineEnd(window.base[place]) { place += 1 }
      if place < window.count { starts.append(place) }
      place += size
    }
    return starts
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Reads the texts of the rows that passed for numbers although their column, here or in another block, holds a text.
  private mutating func readLateTexts(_ rows: RowReader) throws(TableError) {
    guard let columns = blocks.first?.builders.indices else { return }
    for column in columns where blocks.contains(where: { !$0.builders[column].holdsNumbers }) {
      for block in blocks where block.builders[column].holdsNumbers {
        block.builders[column].becomeTexts(rows: block.count)
      }
    }
    let blocks = blocks, starting = starting
    _ = inParallel(blocks.count, threads: threads) { index in
      let builders = blocks[index].builders
      let late = columns.filter { builders[$0].rowsBeforeText > 0 }
      guard let last = late.map({ builders[$0].rowsBeforeText }).max() else { return }
      let again = RowReader(rows, from: starting[index])
      for row in 0..<last {
        // It was read before without a fault.
        guard (try? again.next()) == true else { return }
        for column in late where row < builders[column].rowsBeforeText {
          builders[column].takeBeforeText(again.reader.bytes(column), row: row)
        }
      }
    }
  }

  /// The line of the file on which each row begins.
  func lines() -> [Int32] {
    [Int32](unsafeUninitializedCapacity: count) { lines, filled in
      for (block, offset) in zip(blocks, lineOffsets) {
        for row in 0..<block.count { lines[filled + row] = Int32(clamping: Int(block.lines[row]) + offset) }
        filled += block.count
      }
    }
  }

  /// Hands over each column, put together, and gathers what is made of it.
  func mapColumns<Result>(_ body: (Int, ReadColumn) -> Result) -> [Result] {
    let columns = blocks[0].builders.count
    return inParallel(columns, threads: count * columns > 1 << 16 ? threads : 1) { column in
      body(column, joined(column))
    }
  }

  /// A column's values in all blocks, whose own memory is given back.
  private func joined(_ column: Int) -> ReadColumn {
    let builders = blocks.map { $0.builders[column] }
    defer { for builder in builders { builder.release() } }
    let carried = zip(blocks, builders).flatMap { block, builder in builder.carriedTexts(block.count) }
    if builders[0].mode == .skipped { return ReadColumn(values: .none, carried: carried) }
    if builders[0].holdsNumbers {
      let numbers = [Double](unsafeUninitializedCapacity: count) { numbers, filled in
        for (block, builder) in zip(blocks, builders) {
          (numbers.baseAddress! + filled).initialize(from: builder.numbers!, count: block.count)
          filled += block.count
        }
      }
      return ReadColumn(values: .numbers(numbers), carried: carried)
    }
    let texts = TextTable()
    let codes = [Int32](unsafeUninitializedCapacity: count) { codes, filled in
      for (block, builder) in zip(blocks, builders) {
        let numbered = (0..<builder.texts.count).map { texts.code(of: builder.texts.bytes($0)) }
        numbered.withUnsafeBufferPointer { numbered in
          for row in 0..<block.count {
            let code = builder.codes![row]
            codes[filled + row] = code < 0 ? -1 : numbered[Int(code)]
          }
        }
        filled += block.count
      }
    }
    let first = zip(builders, lineOffsets).lazy.compactMap { builder, offset in
      builder.firstText.map { (line: $0.line + offset, text: $0.text) }
    }.first
    return ReadColumn(values: .texts(texts, codes: codes), firstText: first, carried: carried)
  }
}

/// A column as it was read.
struct ReadColumn {
  enum Values {
    /// Skipped.
    case none
    /// NaN: missing.
    case numbers([Double])
    /// −1: missing.
    case texts(TextTable, codes: [Int32])
  }

  let values: Values
  /// The first text among numbers.
  var firstText: (line: Int, text: String)?
  /// The fields as they stand, if they are carried along.
  var carried: [String] = []
}
