/// The rows of a table file: finds out the format, reads the names, and holds each row to their number.
final class RowReader {
  let format: FoundFormat
  let names: [String]
  let reader: RecordReader
  private let namesLine: Int
  /// The first record, read to count the columns, is a row.
  private(set) var isFirstRowPending: Bool
  /// Where the rows begin.
  let firstRow: (position: Int, line: Int)

  /// Bytes that a stream reads at a time.
  static let readSize = 1 << 20
  /// The longest row of a stream. A file that is mapped needs no such limit.
  static let longestRecord = 1 << 28

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
    let longest = readSize == nil ? Int.max : Self.longestRecord
    var detector: FormatDetector
    var size = FormatDetector.sampleBytes
    repeat {
      try window.fill(atLeast: size)
      let all = UnsafeBufferPointer(start: window.base, count: window.count)
      let sample = all[start...].prefix(size)
      detector = FormatDetector(
        sample: UnsafeBufferPointer(rebasing: sample), isWhole: window.isFinal && sample.endIndex == all.endIndex,
        file: source.name, expectedNames: expectedNames)
      size *= 2
    } while detector.needsMore(format) && size <= longest
    try self.init(window, start: start, format: detector.find(format), file: source.name)
    reader.longestRecord = longest
  }

  private static func window(on input: Input, readSize: Int?) throws(TableError) -> ByteWindow {
    if let readSize { return ByteWindow(along: input, capacity: readSize) }
    return try ByteWindow(wholeOf: input)
  }

  private init(_ window: ByteWindow, start: Int, format: FoundFormat, file: String) throws(TableError) {
    self.format = format
    reader = RecordReader(window, name: file, delimiter: format.delimiter.byte, startingAt: start)
    guard try reader.next() else {
      throw TableError(
        .malformed, file: file, "the file is empty. A table needs a line of column names and rows below it.")
    }
    namesLine = reader.line
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
  init(_ whole: RowReader, from place: (position: Int, line: Int)) {
    format = whole.format
    names = whole.names
    namesLine = whole.namesLine
    isFirstRowPending = false
    firstRow = place
    reader = RecordReader(
      whole.reader.window, name: whole.reader.name, delimiter: whole.reader.delimiter, startingAt: place.position,
      line: place.line)
  }

  /// Goes to the next row; false at the end.
  func next() throws(TableError) -> Bool {
    if isFirstRowPending {
      isFirstRowPending = false
      return true
    }
    guard try reader.next() else { return false }
    guard reader.fieldCount == names.count else { throw wrongFieldCount() }
    return true
  }

  func noRows() -> TableError {
    TableError(
      .malformed, file: reader.name, line: namesLine,
      "the file holds column names and no rows. Rows were expected below line \(namesLine).")
  }

  private func wrongFieldCount() -> TableError {
    let expected =
      format.hasHeader
      ? "the column names on line \(namesLine) are \(names.count)" : "line \(namesLine) has \(names.count)"
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
