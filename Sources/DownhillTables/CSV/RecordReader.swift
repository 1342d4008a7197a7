#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// One field of a record, as a range of bytes without its quotes and without the blanks around it.
struct Field {
  var start: Int
  var end: Int
  /// Quotes inside are doubled.
  var isEscaped: Bool
}

/// Cuts bytes into records and fields by RFC 4180, leniently where files commonly are:
/// lines end in LF, CRLF or CR; blanks around a field don't count; an unquoted field may hold quotes; empty lines are
/// passed over.
final class RecordReader {
  let window: ByteWindow
  let name: String
  let delimiter: UInt8
  /// Records longer than this are refused: a quote that is never closed must not take all memory.
  var longestRecord = Int.max
  /// Fields in quotes that are longer are taken for a quote that is never closed.
  var longestQuoted = Int.max
  /// Whether text that turns out not to be UTF-8 is read as Latin-1 from there on.
  var fallsBack = false
  /// Where that happened, as an error.
  private(set) var fallenBack: TableError?
  /// Nobody said what the encoding is.
  var isEncodingOpen = false
  /// Whether the error thrown last is about the quotes of one record: behind it the file may go on.
  private(set) var isQuoteBroken = false

  private(set) var fields: UnsafeMutablePointer<Field>
  private(set) var fieldCount = 0
  private var fieldCapacity = 64
  /// The line on which the present record begins, from 1.
  private(set) var line = 1
  /// Where the present record lies in the window.
  private(set) var record = 0..<0

  /// Where the next record, or an empty line before it, begins in the window; and on which line.
  private(set) var position = 0
  private(set) var nextLine = 1
  private var scratch: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 256)

  private enum Outcome { case record, needsMore, end }

  init(_ window: ByteWindow, name: String, delimiter: UInt8, startingAt position: Int = 0, line: Int = 1) {
    self.window = window
    self.name = name
    self.delimiter = delimiter
    self.position = position
    nextLine = line
    fields = .allocate(capacity: fieldCapacity)
  }

  deinit {
    fields.deallocate()
    scratch.deallocate()
  }

  /// Goes on from another place in the window, the beginning of a line.
  func move(to position: Int, line: Int) { (self.position, nextLine) = (position, line) }

  /// Goes over empty lines, as far as they are in the window.
  func passOverEmptyLines() throws(TableError) {
    while position < window.count, window.base[position] == lineFeed || window.base[position] == carriageReturn {
      guard let after = afterLineEnd(position) else { return }
      position = after
      nextLine += 1
    }
  }

  /// Goes to the next record; false at the end.
  func next() throws(TableError) -> Bool {
    while true {
      switch try scan() {
      case .record:
        guard let fault = textFault() else { return true }
        guard fallsBack, fallenBack == nil, fault.error.kind == .encoding else { throw fault.error }
        try window.recodeLatin1(from: record.lowerBound, before: fault.place, fault.error)
        fallenBack = fault.error
        // The record is read once more; nothing before it changes.
        (position, nextLine) = (record.lowerBound, line)
      case .end: return false
      case .needsMore:
        guard window.count - position < longestRecord else {
          throw TableError(
            .malformed, file: name, line: nextLine,
            "more than \(longestRecord >> 20) MB without the end of a row. Is a quote left open on this line?")
        }
        try window.grow(keepingFrom: position)
        position = 0
      }
    }
  }

  /// Takes a file that is in memory whole for Latin-1, because reading it met a byte that is not UTF-8.
  func fallBack(_ fault: TableError) throws(TableError) {
    let bytes = UnsafeRawBufferPointer(start: window.base, count: window.count)
    guard fallenBack == nil, let place = firstInvalidUTF8(bytes) else { throw fault }
    try window.recodeLatin1(from: place, before: place, fault)
    fallenBack = fault
  }

  /// Goes over the rest of the line. What is passed over has a say in the encoding like all else: what is read of the file
  /// must not depend on how.
  func passOverLine() throws(TableError) {
    var index = position
    while true {
      while index < window.count, window.base[index] != lineFeed, window.base[index] != carriageReturn { index += 1 }
      let after = index < window.count ? afterLineEnd(index) : window.isFinal ? index : nil
      if let after {
        if isEncodingOpen, let fault = encodingFault(position..<index) {
          guard fallsBack, fallenBack == nil else { throw fault.error }
          try window.recodeLatin1(from: position, before: fault.place, fault.error)
          fallenBack = fault.error
          return try passOverLine()
        }
        if index < window.count { nextLine += 1 }
        position = after
        return
      }
      let passed = index - position
      try window.grow(keepingFrom: position)
      (position, index) = (0, passed)
    }
  }

  /// What keeps bytes of a line from being UTF-8 text.
  private func encodingFault(_ range: Range<Int>) -> (place: Int, error: TableError)? {
    let bytes = UnsafeRawBufferPointer(start: window.base + range.lowerBound, count: range.count)
    guard let wrong = firstInvalidUTF8(bytes) else { return nil }
    return (range.lowerBound + wrong, notUTF8(bytes[wrong], line: nextLine, columnNumber: nil))
  }

  private func notUTF8(_ byte: UInt8, line: Int, columnNumber: Int?) -> TableError {
    TableError(
      .encoding, file: name, line: line, columnNumber: columnNumber,
      "the byte 0x\(hexadecimal(byte)) is not UTF-8 text. Convert the file to UTF-8, for example with "
        + "\"iconv -f latin1 -t utf-8\", or have it read as Latin-1.")
  }

  /// Like `next`, on a sample that may break off anywhere: a record that isn't complete counts as the end.
  func nextInSample() throws(TableError) -> Bool { try scan() == .record }

  /// The bytes of a field, quotes undoubled; valid until the next call.
  @inline(__always)
  func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let field = fields[index]
    if field.isEscaped { return unescaped(field) }
    return UnsafeBufferPointer(start: window.base + field.start, count: field.end - field.start)
  }

  func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

  var recordBytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: window.base + record.lowerBound, count: record.count)
  }

  private func unescaped(_ field: Field) -> UnsafeBufferPointer<UInt8> {
    if scratch.count < field.end - field.start {
      scratch.deallocate()
      scratch = .allocate(capacity: 2 * (field.end - field.start))
    }
    var count = 0
    var index = field.start
    while index < field.end {
      scratch[count] = window.base[index]
      count += 1
      index += window.base[index] == quote ? 2 : 1
    }
    return UnsafeBufferPointer(rebasing: scratch[..<count])
  }

  private func scan() throws(TableError) -> Outcome {
    isQuoteBroken = false
    let base = window.base
    let end = window.count
    let isFinal = window.isFinal
    var index = position

    while index < end, base[index] == lineFeed || base[index] == carriageReturn {
      guard let after = afterLineEnd(index) else { return .needsMore }
      index = after
      nextLine += 1
      position = index
    }
    guard index < end else { return isFinal ? .end : .needsMore }

    fieldCount = 0
    var lineHere = nextLine
    while true {
      while index < end, isBlank(base[index]) { index += 1 }
      if index < end, base[index] == quote {
        guard let after = try scanQuoted(from: index, line: &lineHere) else { return .needsMore }
        index = after
      } else {
        let start = index
        while index < end {
          let byte = base[index]
          if byte == delimiter || byte == lineFeed || byte == carriageReturn { break }
          index += 1
        }
        if index == end && !isFinal { return .needsMore }
        var last = index
        while last > start, isBlank(base[last - 1]) { last -= 1 }
        append(Field(start: start, end: last, isEscaped: false))
      }
      if index == end { break }
      if base[index] != delimiter { break }
      index += 1
    }
    var after = index
    if index < end {
      guard let next = afterLineEnd(index) else { return .needsMore }
      after = next
    }
    record = position..<index
    line = nextLine
    nextLine = lineHere + 1
    position = after
    return .record
  }

  /// Scans a field in quotes up to what ends it; nil: more bytes are needed.
  private func scanQuoted(from opening: Int, line lineHere: inout Int) throws(TableError) -> Int? {
    let base = window.base
    // Only so far is the closing quote looked for: a file with many that are never closed must not be read once for each.
    let isCut = window.count - opening > longestQuoted
    let end = isCut ? opening + longestQuoted : window.count
    let openedAt = lineHere
    var index = opening + 1
    var isEscaped = false
    while true {
      guard index < end else {
        guard window.isFinal || isCut else { return nil }
        throw fault(
          line: openedAt,
          "the quote that opens here is \(isCut ? "not closed within \(longestQuoted >> 10) kB" : "never closed"): \(excerptHere(opening)). "
            + "Close it, or double a quote inside a field."
        )
      }
      let byte = base[index]
      if byte == quote {
        if index + 1 < end, base[index + 1] == quote {
          isEscaped = true
          index += 2
          continue
        }
        if index + 1 == end && !window.isFinal && !isCut { return nil }
        break
      }
      index += 1
      if byte == lineFeed {
        lineHere += 1
      } else if byte == carriageReturn {
        if index == end && !window.isFinal && !isCut { return nil }
        if index == end || base[index] != lineFeed { lineHere += 1 }
      }
    }
    append(Field(start: opening + 1, end: index, isEscaped: isEscaped))
    index += 1
    while index < window.count, isBlank(base[index]) { index += 1 }
    if index == window.count { return window.isFinal ? index : nil }
    let byte = base[index]
    if byte != delimiter && byte != lineFeed && byte != carriageReturn {
      fieldCount -= 1
      let opened = openedAt == lineHere ? "" : " (the quote opened on line \(openedAt))"
      throw fault(
        line: lineHere,
        "text after the closing quote: \(excerptHere(index))\(opened). "
          + "A delimiter or the end of the line was expected; double a quote that belongs to the field."
      )
    }
    return index
  }

  private func append(_ field: Field) {
    if fieldCount == fieldCapacity {
      let larger = UnsafeMutablePointer<Field>.allocate(capacity: 2 * fieldCapacity)
      larger.update(from: fields, count: fieldCount)
      fields.deallocate()
      fields = larger
      fieldCapacity *= 2
    }
    fields[fieldCount] = field
    fieldCount += 1
  }

  /// The position after the line end at `index`; nil: a carriage return is the last byte and more are to come.
  private func afterLineEnd(_ index: Int) -> Int? {
    guard window.base[index] == carriageReturn else { return index + 1 }
    if index + 1 == window.count { return window.isFinal ? index + 1 : nil }
    return window.base[index + 1] == lineFeed ? index + 2 : index + 1
  }

  @inline(__always)
  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 && delimiter != 0x09
  }

  private func excerptHere(_ index: Int) -> String {
    excerpt(UnsafeBufferPointer(start: window.base + index, count: min(window.count - index, 200)))
  }

  /// An error in the field that is being scanned.
  private func fault(line: Int, _ message: String) -> TableError {
    isQuoteBroken = true
    return TableError(.malformed, file: name, line: line, columnNumber: fieldCount + 1, message)
  }

  /// What keeps the record from being UTF-8 text, and where in the window. Eight bytes at a time: nearly all records are
  /// plain ASCII.
  private func textFault() -> (place: Int, error: TableError)? {
    let bytes = UnsafeRawBufferPointer(recordBytes)
    var seen: UInt64 = 0
    var zeros: UInt64 = 0
    var index = 0
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      seen |= word
      zeros |= (word &- 0x0101_0101_0101_0101) & ~word
      index += 8
    }
    while index < bytes.count {
      seen |= UInt64(bytes[index])
      zeros |= bytes[index] == 0 ? 0x80 : 0
      index += 1
    }
    guard (seen | zeros) & 0x8080_8080_8080_8080 != 0 else { return nil }
    if let zero = bytes.firstIndex(of: 0) {
      let error = TableError(
        .malformed, file: name, line: lineOfByte(zero), columnNumber: columnOfByte(zero),
        "a zero byte in the text. A table is UTF-8 text; this file is binary, damaged, or in another encoding.")
      return (record.lowerBound + zero, error)
    }
    guard let wrong = firstInvalidUTF8(bytes) else { return nil }
    return (
      record.lowerBound + wrong,
      notUTF8(bytes[wrong], line: lineOfByte(wrong), columnNumber: columnOfByte(wrong))
    )
  }

  private func lineOfByte(_ offset: Int) -> Int {
    var line = line
    let bytes = recordBytes
    for index in 0..<offset where bytes[index] == lineFeed { line += 1 }
    return line
  }

  private func columnOfByte(_ offset: Int) -> Int? {
    (0..<fieldCount).first { fields[$0].end - record.lowerBound > offset }.map { $0 + 1 }
  }
}

private let quote = UInt8(ascii: "\"")
private let lineFeed: UInt8 = 0x0A
private let carriageReturn: UInt8 = 0x0D
