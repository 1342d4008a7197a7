/// The rows of a table file: finds out the format, reads the names, and holds each row to their number.
final class RowReader {
  let format: FoundFormat
  let names: [String]
  let reader: RecordReader
  let marks: MissingMarks
  /// Rows that were passed over so far, where they may be.
  private(set) var skipped = SkippedRows()
  /// Where the first of them begin.
  private(set) var skippedPlaces: [(position: Int, line: Int)] = []
  private let skipsBadRows: Bool
  /// Nobody said what the encoding is.
  private let fallsBack: Bool
  /// That of the column names, or of the first row.
  let firstLine: Int
  /// The first record, read to count the columns, is a row.
  private(set) var isFirstRowPending: Bool
  /// Where the rows begin.
  let firstRow: (position: Int, line: Int)

  /// Bytes that a stream reads at a time.
  static let readSize = 1 << 20
  /// The longest row of a stream. A file that is mapped needs no such limit.
  static let longestRecord = 1 << 28
  /// The longest field in quotes where bad rows are passed over.
  static let longestQuoted = 1 << 20

  /// - Parameter readSize: nil: the whole input is brought into memory; else a window moves along it.
  convenience init(
    _ source: TableSource, format: CSVFormat, expectedNames: Set<String> = [], readSize: Int?
  ) throws(TableError) {
    let window: ByteWindow
    switch source {
    case .text(let text, _): window = ByteWindow(copying: text)
    case .file(let path): window = try Self.window(on: Input(path: path), readSize: readSize)
    case .descriptor(let descriptor, let name):
      window = try Self.window(on: Input(descriptor: descriptor, name: name), readSize: readSize)
    }
    try window.fill(atLeast: FormatDetector.sampleBytes)
    let start = try lengthOfMark(UnsafeBufferPointer(start: window.base, count: window.count), file: source.name)
    if format.encoding == .latin1 { window.recodeLatin1(from: start) }
    let longest = readSize == nil ? Int.max : Self.longestRecord
    let marks = MissingMarks(format.missing)
    var detector: FormatDetector
    var size = FormatDetector.sampleBytes
    repeat {
      try window.fill(atLeast: size)
      let all = UnsafeBufferPointer(start: window.base, count: window.count)
      let sample = all[start...].prefix(size)
      detector = FormatDetector(
        sample: UnsafeBufferPointer(rebasing: sample), isWhole: window.isFinal && sample.endIndex == all.endIndex,
        file: source.name, expectedNames: expectedNames, marks: marks)
      size *= 2
    } while detector.needsMore(format) && size <= longest
    try self.init(
      window, start: start, format: detector.find(format), file: source.name, marks: marks,
      fallsBack: format.encoding == nil, skipsBadRows: format.skipsBadRows, longestRecord: longest)
    // What is in memory whole may be read by several threads, none of which may change it.
    if readSize == nil { reader.fallsBack = false }
  }

  private static func window(on input: Input, readSize: Int?) throws(TableError) -> ByteWindow {
    if let readSize { return try ByteWindow(alongUnpacked: input, capacity: readSize) }
    return try ByteWindow(wholeOf: input)
  }

  private init(
    _ window: ByteWindow, start: Int, format: FoundFormat, file: String, marks: MissingMarks, fallsBack: Bool,
    skipsBadRows: Bool, longestRecord: Int
  ) throws(TableError) {
    self.format = format
    self.marks = marks
    self.skipsBadRows = skipsBadRows
    self.fallsBack = fallsBack
    reader = RecordReader(window, name: file, delimiter: format.delimiter.byte, startingAt: start)
    reader.fallsBack = fallsBack
    reader.isEncodingOpen = fallsBack
    // The first line too may be one that doesn't end.
    reader.longestRecord = longestRecord
    guard try reader.next() else {
      throw TableError(
        .malformed, file: file, "the file is empty. A table needs a line of column names and rows below it.")
    }
    if skipsBadRows { reader.longestQuoted = Self.longestQuoted }
    firstLine = reader.line
    isFirstRowPending = !format.hasHeader
    if format.hasHeader {
      names = try Self.columnNames(reader)
      firstRow = (reader.position, reader.nextLine)
    } else {
      firstRow = (reader.record.lowerBound, reader.line)
      names = (0..<reader.fieldCount).map { "column\($0 + 1)" }
    }
  }

  /// The rows from a place on, where a line begins; for files that are in memory whole.
  /// - Parameter strictly: nothing is passed over.
  init(_ whole: RowReader, from place: (position: Int, line: Int), strictly: Bool = false) {
    format = whole.format
    names = whole.names
    marks = whole.marks
    skipsBadRows = whole.skipsBadRows && !strictly
    fallsBack = false
    firstLine = whole.firstLine
    isFirstRowPending = false
    firstRow = place
    reader = RecordReader(
      whole.reader.window, name: whole.reader.name, delimiter: whole.reader.delimiter, startingAt: place.position,
      line: place.line)
    reader.longestQuoted = whole.reader.longestQuoted
    reader.isEncodingOpen = whole.reader.isEncodingOpen
  }

  /// What `read` gives for a file that is in memory whole: if the file turns out not to be UTF-8, read once more, as
  /// Latin-1.
  func fallingBack<Result>(_ read: () throws(TableError) -> Result) throws(TableError) -> Result {
    do {
      return try read()
    } catch {
      guard error.kind == .encoding, fallsBack else { throw error }
      try reader.fallBack(error)
      return try read()
    }
  }

  enum Step { case row, skipped, end }

  /// Goes to the next row, or over one that is passed over.
  func next() throws(TableError) -> Step {
    if isFirstRowPending {
      isFirstRowPending = false
      return .row
    }
    try reader.passOverEmptyLines()
    do {
      guard try reader.next() else { return .end }
    } catch {
      guard skipsBadRows, reader.isQuoteBroken else { throw error }
      // Which quote is the wrong one nobody knows: the next line may be a row.
      let place = (reader.position, reader.nextLine)
      try reader.passOverLine()
      return skip(place) { error }
    }
    if reader.fieldCount == names.count { return .row }
    guard skipsBadRows else { throw wrongFieldCount() }
    return skip((reader.record.lowerBound, reader.line), wrongFieldCount)
  }

  private func skip(_ place: (position: Int, line: Int), _ error: () -> TableError) -> Step {
    skipped.count += 1
    if skipped.first.count < SkippedRows.mostReported {
      skipped.first.append(error())
      skippedPlaces.append(place)
    }
    return .skipped
  }

  /// What is noticed about the file, for people.
  var notes: [String] {
    guard let fault = reader.fallenBack else { return [] }
    return ["\(fallBackNote(fault))"]
  }

  /// - Parameter skipped: rows that were passed over, if other readers of the file did that; nil: this one's.
  func noRows(_ others: SkippedRows? = nil) -> TableError {
    let skipped = others ?? skipped
    return TableError(
      .malformed, file: reader.name, line: firstLine,
      skipped.count == 0
        ? "the file holds column names and no rows. Rows were expected below line \(firstLine)."
        : "all \(counted(skipped.count, "row")) of the file are bad: \(skipped.first[0].message)")
  }

  private func wrongFieldCount() -> TableError {
    let expected =
      format.hasHeader
      ? "the column names on line \(firstLine) are \(names.count)" : "line \(firstLine) has \(names.count)"
    let cause =
      reader.fieldCount > names.count
      ? "Put a field that holds the delimiter in double quotes."
      : "Add the missing fields; an empty one is a missing value."
    return TableError(
      .malformed, file: reader.name, line: reader.line,
      "\(counted(reader.fieldCount, "field")) on this line, but \(expected). "
        + "It begins \(excerpt(reader.recordBytes)). \(cause)"
    )
  }

  private static func columnNames(_ reader: RecordReader) throws(TableError) -> [String] {
    var names: [String] = []
    var places: [String: Int] = [:]
    for index in 0..<reader.fieldCount {
      var name = reader.text(index)
      // R and pandas leave the name of their row labels empty.
      if name.isEmpty && index == 0 && reader.fieldCount > 1 { name = "column1" }
      guard !name.isEmpty else {
        throw TableError(
          .malformed, file: reader.name, line: reader.line, columnNumber: index + 1,
          "the column has no name. Name it, or take it out"
            + (index == reader.fieldCount - 1 ? "; perhaps the line ends in a delimiter too many." : "."))
      }
      if let other = places[name] {
        throw TableError(
          .malformed, file: reader.name, line: reader.line, columnNumber: index + 1, column: name,
          "column \(other + 1) has the same name. Give each column a name of its own.")
      }
      places[name] = index
      names.append(name)
    }
    return names
  }
}
