/// Finds out how a file writes its table from the first part of it.
struct FormatDetector {
  /// Enough to look at, unless the first lines are longer.
  static let sampleBytes = 1 << 16
  private static let sampleRecords = 200

  let sample: UnsafeBufferPointer<UInt8>
  /// The sample is the whole file.
  let isWhole: Bool
  let file: String
  /// Names that the first line would hold if it is a header.
  var expectedNames: Set<String> = []
  let marks: MissingMarks

  func find(_ requested: CSVFormat) -> FoundFormat {
    let (delimiter, delimiterReason) =
      requested.delimiter.map { ($0, "as asked") } ?? findDelimiter()
    let (hasHeader, headerReason) =
      requested.hasHeader.map { ($0, "as asked") }
      ?? findHeader(records(delimiter) { reader in (0..<reader.fieldCount).map(reader.text) })
    return FoundFormat(
      delimiter: delimiter, delimiterReason: delimiterReason, hasHeader: hasHeader, headerReason: headerReason)
  }

  /// The delimiter that cuts most lines into as many fields as the first, and then into most fields.
  private func findDelimiter() -> (CSVFormat.Delimiter, String) {
    var best: (delimiter: CSVFormat.Delimiter, agreeing: Double, fields: Int)?
    for delimiter in CSVFormat.Delimiter.allCases {
      let counts = records(delimiter) { $0.fieldCount }
      guard let first = counts.first, first > 1 else { continue }
      let agreeing = Double(counts.count { $0 == first }) / Double(counts.count)
      if let best, (best.agreeing, best.fields) >= (agreeing, first) { continue }
      best = (delimiter, agreeing, first)
    }
    guard let best else { return (.comma, "one column: no delimiter occurs in the first line") }
    let share = best.agreeing == 1 ? "every line" : "most lines"
    return (best.delimiter, "it cuts \(share) into \(best.fields) fields")
  }

  private func findHeader(_ records: [[String]]) -> (Bool, String) {
    guard let first = records.first else { return (true, "nothing speaks against it") }
    if let known = first.first(where: { expectedNames.contains($0) }) {
      return (true, "it holds the column name \(excerpt(known))")
    }
    let isNumber = first.map { field in number(field) != nil }
    if countsColumns(first) { return (true, "its numbers count the columns") }
    let rows = records.dropFirst().filter { $0.count == first.count }
    for column in first.indices {
      let below = rows.lazy.map { $0[column] }.filter { !missing($0) }
      guard !below.isEmpty, below.allSatisfy({ number($0) != nil }) else { continue }
      if isNumber[column] {
        return (false, "column \(column + 1) holds numbers, from the first line on")
      }
      if !missing(first[column]) {
        return (true, "column \(column + 1) holds numbers below the text \(excerpt(first[column]))")
      }
    }
    if let column = isNumber.firstIndex(of: true) {
      return (false, "\(excerpt(first[column])) on the first line is a number, not a name")
    }
    for column in first.indices where !missing(first[column]) && rows.contains(where: { $0[column] == first[column] }) {
      return (false, "\(excerpt(first[column])) on the first line comes again below")
    }
    return (true, "no text on the first line comes again below it")
  }

  /// Whether the numbers among some names are 0, 1, 2, … or 1, 2, 3, … in their places, as some libraries name columns.
  private func countsColumns(_ names: [String]) -> Bool {
    for origin in [0.0, 1.0] {
      let numbers = names.enumerated().compactMap { index, name in number(name).map { ($0, Double(index) + origin) } }
      if numbers.count >= 3 && numbers.allSatisfy({ $0.0 == $0.1 }) { return true }
    }
    return false
  }

  /// Whether more of the file would tell more: the sample breaks off before there are two records to compare. How far a
  /// record goes depends on the delimiter, for quotes count at the beginning of a field alone.
  func needsMore(_ requested: CSVFormat) -> Bool {
    if isWhole { return false }
    let breaksOff = (requested.delimiter.map { [$0] } ?? CSVFormat.Delimiter.allCases).map(breaksOffEarly)
    return breaksOff.contains(true) && (sample.count < Self.sampleForDoubts || !breaksOff.contains(false))
  }

  private func breaksOffEarly(_ delimiter: CSVFormat.Delimiter) -> Bool {
    let reader = reader(delimiter)
    // A fault is no reason to read on.
    for _ in 0..<2 where (try? reader.nextInSample()) == false { return true }
    return false
  }

  /// Where some delimiters find two records and others don't, this much decides: a quote that only a wrong delimiter takes
  /// for an opening one may never be closed.
  private static let sampleForDoubts = 1 << 20

  private func records<Result>(_ delimiter: CSVFormat.Delimiter, _ body: (RecordReader) -> Result) -> [Result] {
    let reader = reader(delimiter)
    var records: [Result] = []
    // A fault ends the sample; who reads the file will come to it and report it.
    while records.count < Self.sampleRecords, (try? reader.nextInSample()) == true { records.append(body(reader)) }
    return records
  }

  private func reader(_ delimiter: CSVFormat.Delimiter) -> RecordReader {
    RecordReader(ByteWindow(sample, isFinal: isWhole), name: file, delimiter: delimiter.byte)
  }

  private func missing(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in bytes.baseAddress.map { marks.contain($0, count: bytes.count) } ?? true }
  }
}
