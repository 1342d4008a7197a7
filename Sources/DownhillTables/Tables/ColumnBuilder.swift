internal import CTables

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Gathers the values of one column over a stretch of rows. Which row is which, the block of rows knows.
final class ColumnBuilder {
  enum Mode {
    /// Numbers as long as they last; the first text turns the column into texts.
    case undecided
    /// Numbers and nothing else.
    case numbers
    case texts
    case skipped
  }

  private(set) var mode: Mode
  /// By row, while the column is one of numbers.
  private(set) var numbers: UnsafeMutablePointer<Double>?
  /// By row, once the column is one of texts; those before `rowsBeforeText` are to be filled in.
  private(set) var codes: UnsafeMutablePointer<Int32>?
  private(set) lazy var texts = TextTable()
  /// By row, the fields as they stand, missing marks too, if they are carried along.
  private let carried: TextList?
  private let marks: MissingMarks

  /// Where an undecided column met its first text.
  private(set) var firstText: (line: Int, text: String)?
  /// The rows before that text, which passed for numbers and whose texts are still to be read.
  private(set) var rowsBeforeText = 0
  private var capacity = 0

  init(_ mode: Mode, carries: Bool = false, marks: MissingMarks) {
    self.mode = mode
    self.marks = marks
    carried = carries ? TextList() : nil
  }

  deinit {
    free(numbers)
    free(codes)
  }

  var holdsNumbers: Bool { mode == .undecided || mode == .numbers }

  /// Makes room for so many rows.
  func reserve(_ rows: Int) {
    capacity = max(capacity, rows)
    if holdsNumbers { grow(&numbers) } else if mode == .texts { grow(&codes) }
  }

  private func grow<Element: BitwiseCopyable>(_ memory: inout UnsafeMutablePointer<Element>?) {
    guard let larger = realloc(memory, max(1, capacity) * MemoryLayout<Element>.stride) else {
      preconditionFailure("out of memory: a column of \(capacity) rows")
    }
    memory = larger.assumingMemoryBound(to: Element.self)
  }

  /// Takes the field of a row; false: it is neither a number nor missing, and a number was demanded.
  func take(_ field: UnsafeBufferPointer<UInt8>, row: Int, line: Int) -> Bool {
    carried?.put(field, at: row)
    switch mode {
    case .undecided, .numbers:
      let start = field.baseAddress!
      if marks.contain(start, count: field.count) {
        numbers![row] = .nan
      } else if let number = parseNumber(start, count: field.count) {
        numbers![row] = number
      } else if mode == .numbers {
        return false
      } else {
        becomeTexts(field, row: row, line: line)
      }
    case .texts: codes![row] = code(of: field)
    case .skipped: break
    }
    return true
  }

  /// Takes the field of a row before the first text.
  func takeBeforeText(_ field: UnsafeBufferPointer<UInt8>, row: Int) { codes![row] = code(of: field) }

  /// Turns a column of numbers into one of texts, all of which are still to be read: another stretch of it holds a text.
  func becomeTexts(rows: Int) {
    mode = .texts
    rowsBeforeText = rows
    free(numbers)
    numbers = nil
    grow(&codes)
  }

  private func becomeTexts(_ field: UnsafeBufferPointer<UInt8>, row: Int, line: Int) {
    firstText = (line, excerpt(field))
    becomeTexts(rows: row)
    codes![row] = code(of: field)
  }

  private func code(of field: UnsafeBufferPointer<UInt8>) -> Int32 {
    marks.contain(field.baseAddress!, count: field.count) ? -1 : texts.code(of: field)
  }

  /// What the rows' loop in C writes to.
  var column: dh_column {
    switch mode {
    case .undecided, .numbers:
      dh_column(mode: dh_column_numbers, numbers: numbers, codes: nil, dictionary: nil, carried: carried?.texts)
    case .texts:
      dh_column(
        mode: dh_column_texts, numbers: nil, codes: codes, dictionary: texts.dictionary, carried: carried?.texts)
    case .skipped:
      dh_column(mode: dh_column_skipped, numbers: nil, codes: nil, dictionary: nil, carried: carried?.texts)
    }
  }

  /// The first rows' values.
  func read(_ count: Int) -> ReadColumn.Values {
    switch mode {
    case .undecided, .numbers: .numbers(ColumnStorage(UnsafeBufferPointer(start: numbers, count: count)))
    case .texts: .texts(texts, codes: ColumnStorage(UnsafeBufferPointer(start: codes, count: count)))
    case .skipped: .none
    }
  }

  /// The first rows' fields as they stand; nothing, if they are not carried along.
  func carriedTexts(_ count: Int) -> [String] { carried.map { texts in (0..<count).map { texts[$0] } } ?? [] }

  /// Forgets the texts that none of the first rows has: they are of rows that turned out to be bad.
  func dropStrayTexts(_ count: Int) {
    guard mode == .texts, let codes else { return }
    let kept = TextTable()
    for row in rowsBeforeText..<max(rowsBeforeText, count) where codes[row] >= 0 {
      codes[row] = kept.code(of: texts.bytes(Int(codes[row])))
    }
    texts = kept
  }

  /// Forgets the rows, to begin a chunk anew.
  func reset() {
    if mode == .texts { texts = TextTable() }
  }

  /// Gives the memory of the rows back.
  func release() {
    free(numbers)
    free(codes)
    (numbers, codes) = (nil, nil)
  }
}
