/// All rows of a table in memory, read in stretches by several threads at a time.
///
/// Where a stretch begins is a guess: behind the first line end after a place in the file. A field in quotes may hold that
/// line end; then the stretch before it ends elsewhere, which shows afterwards, and it is read again from the right place.
/// So the rows, their lines and all errors are those of reading from the first byte to the last.
struct RowBlocks {
  private var blocks: [Block] = []
  private let threads: Int?
  private(set) var count = 0
  private(set) var skipped = SkippedRows()
  /// What was noticed about the files, for people.
  private(set) var notes: [String] = []

  /// Rows that were read, and where they come from.
  private struct Block {
    let rows: RowBlock
    let file: Int
    /// For each column of the table its place among the builders.
    let places: [Int]
    /// Where the block begins.
    let start: (position: Int, line: Int)
    /// To be added to the rows' line numbers.
    let lineOffset: Int

    var count: Int { rows.count }

    func builder(_ column: Int) -> ColumnBuilder { rows.builders[places[column]] }
  }

  /// Bytes of a stretch, at least.
  static let stretch = 1 << 20
  private static let mostStretches = 64

  /// - Parameters:
  ///   - files: one behind the other, each at its first row.
  ///   - advice: what to do about text where a number is demanded.
  ///   - stretch: bytes of a stretch; nil: as suits the size.
  init(of files: [TableFile], threads: Int?, advice: String, stretch: Int?) throws(TableError) {
    self.threads = threads
    for (index, file) in files.enumerated() {
      let read = try file.rows.fallingBack { () throws(TableError) in
        try Self.read(file, index, threads: threads, advice: advice, stretch: stretch)
      }
      guard read.blocks.contains(where: { $0.count > 0 }) else { throw file.rows.noRows(read.skipped) }
      blocks += read.blocks
      skipped.add(read.skipped)
      notes += file.rows.notes
      count = blocks.reduce(0) { $0 + $1.count }
      guard count <= Int32.max else { throw tooManyRows(file.rows.reader) }
    }
    try readLateTexts(files)
  }

  private static func read(
    _ file: TableFile, _ number: Int, threads: Int?, advice: String, stretch: Int?
  ) throws(TableError) -> (blocks: [Block], skipped: SkippedRows) {
    let rows = file.rows
    let end = rows.reader.window.count
    let size = stretch ?? max(Self.stretch, (end - rows.firstRow.position) / Self.mostStretches + 1)
    let starts = Self.starts(in: rows.reader.window, from: rows.firstRow.position, every: size)

    func read(from start: (position: Int, line: Int), until limit: Int) -> Stretch {
      let part = RowReader(rows, from: start)
      let block = RowBlock(part, builders: file.makeBuilders(), advice: advice)
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
    var blocks: [Block] = []
    var skipped = SkippedRows()
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
      place = (stretch.end.position, stretch.end.line + offset)
      skipped.add(Self.skipped(stretch.block, rows, lineOffset: offset))
      if stretch.block.count == 0 { continue }
      blocks.append(
        Block(
          rows: stretch.block, file: number, places: file.places,
          start: (stretch.start.position, stretch.start.line + offset), lineOffset: offset))
    }
    return (blocks, skipped)
  }

  /// The rows that a block passed over, described with the right lines.
  private static func skipped(_ block: RowBlock, _ rows: RowReader, lineOffset: Int) -> SkippedRows {
    var skipped = block.skipped
    if lineOffset == 0 { return skipped }
    skipped.first = block.skippedPlaces.compactMap { place in
      do throws(TableError) {
        _ = try RowReader(rows, from: (place.position, place.line + lineOffset), strictly: true).next()
        return nil
      } catch { return error }
    }
    return skipped
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
  private mutating func readLateTexts(_ files: [TableFile]) throws(TableError) {
    guard let columns = blocks.first?.places.indices else { return }
    for column in columns where blocks.contains(where: { !$0.builder(column).holdsNumbers }) {
      for block in blocks where block.builder(column).holdsNumbers {
        block.builder(column).becomeTexts(rows: block.count)
      }
    }
    let blocks = blocks
    _ = inParallel(blocks.count, threads: threads) { index in
      let builders = blocks[index].rows.builders
      let late = builders.indices.filter { builders[$0].rowsBeforeText > 0 }
      guard let last = late.map({ builders[$0].rowsBeforeText }).max() else { return }
      let again = RowReader(files[blocks[index].file].rows, from: blocks[index].start)
      var row = 0
      while row < last {
        // It was read before without a fault.
        switch (try? again.next()) ?? .end {
        case .row: break
        case .skipped: continue
        case .end: return
        }
        for column in late where row < builders[column].rowsBeforeText {
          builders[column].takeBeforeText(again.reader.bytes(column), row: row)
        }
        row += 1
      }
    }
  }

  /// The line of its file on which each row begins.
  func lines() -> ColumnStorage<Int32> {
    ColumnStorage(count: count) { lines in
      var filled = 0
      for block in blocks {
        for row in 0..<block.count {
          lines[filled + row] = Int32(clamping: Int(block.rows.lines[row]) + block.lineOffset)
        }
        filled += block.count
      }
    }
  }

  /// The number of each row's file.
  func fileNumbers() -> ColumnStorage<Int32> {
    ColumnStorage(blocks.flatMap { repeatElement(Int32($0.file), count: $0.count) })
  }

  /// Hands over each column, put together, and gathers what is made of it.
  func mapColumns<Result>(_ body: (Int, ReadColumn) -> Result) -> [Result] {
    let columns = blocks[0].places.count
    return inParallel(columns, threads: count * columns > 1 << 16 ? threads : 1) { column in
      body(column, joined(column))
    }
  }

  /// A column's values in all blocks, whose own memory is given back.
  private func joined(_ column: Int) -> ReadColumn {
    let builders = blocks.map { $0.builder(column) }
    defer { for builder in builders { builder.release() } }
    let carried = zip(blocks, builders).flatMap { block, builder in builder.carriedTexts(block.count) }
    if builders[0].mode == .skipped { return ReadColumn(values: .none, carried: carried) }
    if builders[0].holdsNumbers {
      let numbers = ColumnStorage<Double>(count: count) { numbers in
        var filled = 0
        for (block, builder) in zip(blocks, builders) {
          (numbers.baseAddress! + filled).initialize(from: builder.numbers!, count: block.count)
          filled += block.count
        }
      }
      return ReadColumn(values: .numbers(numbers), carried: carried)
    }
    let texts = TextTable()
    let codes = ColumnStorage<Int32>(count: count) { codes in
      var filled = 0
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
    let first = zip(blocks, builders).lazy.compactMap { block, builder in
      builder.firstText.map { (file: block.file, line: $0.line + block.lineOffset, text: $0.text) }
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
    case numbers(ColumnStorage<Double>)
    /// −1: missing.
    case texts(TextTable, codes: ColumnStorage<Int32>)
  }

  let values: Values
  /// The first text among numbers.
  var firstText: (file: Int, line: Int, text: String)?
  /// The fields as they stand, if they are carried along.
  var carried: [String] = []
}
