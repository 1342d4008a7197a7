/// Gathers the values of one column, field by field.
final class ColumnBuilder {
  enum Mode {
    /// Numbers as long as they last; the first text turns the column into texts.
    case undecided
    /// Numbers and nothing else.
    case numbers
    case texts
    /// Texts as they stand, missing marks too.
    case verbatim
    case skipped
  }

  private(set) var mode: Mode
  private(set) var numbers: [Double] = []
  private(set) var codes: [Int32] = []
  private(set) var texts = TextTable()
  private(set) var verbatim: [String] = []

  /// Where an undecided column met its first text.
  private(set) var firstText: (line: Int, text: String)?
  /// The rows before that text, which passed for numbers and whose texts are still to be read.
  private(set) var rowsBeforeText = 0
  private var codesBeforeText: [Int32] = []

  init(_ mode: Mode) { self.mode = mode }

  /// Takes the column's next field; false: it is neither a number nor missing, and a number was demanded.
  @inline(__always)
  func append(_ field: UnsafeBufferPointer<UInt8>, line: Int) -> Bool {
    switch mode {
    case .undecided, .numbers:
      let start = field.baseAddress!
      if let number = parseNumber(start, count: field.count) {
        numbers.append(number)
      } else if isMissing(start, count: field.count) {
        numbers.append(.nan)
      } else if mode == .numbers {
        return false
      } else {
        becomeTexts(field, line: line)
      }
    case .texts: codes.append(code(of: field))
    case .verbatim: verbatim.append(String(decoding: field, as: UTF8.self))
    case .skipped: break
    }
    return true
  }

  /// Takes a field of a row before the first text.
  func appendBeforeText(_ field: UnsafeBufferPointer<UInt8>) { codesBeforeText.append(code(of: field)) }

  /// The codes of all rows.
  var allCodes: [Int32] { codesBeforeText + codes }

  private func becomeTexts(_ field: UnsafeBufferPointer<UInt8>, line: Int) {
    mode = .texts
    firstText = (line, excerpt(field))
    rowsBeforeText = numbers.count
    numbers = []
    codes.append(code(of: field))
  }

  private func code(of field: UnsafeBufferPointer<UInt8>) -> Int32 {
    isMissing(field.baseAddress!, count: field.count) ? -1 : texts.code(of: field)
  }

  /// Forgets the rows, to begin a chunk anew.
  func reset() {
    numbers = []
    codes = []
    verbatim = []
    texts = TextTable()
  }
}
