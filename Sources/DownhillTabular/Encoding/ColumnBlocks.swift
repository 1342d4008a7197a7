/// Where in a row of the matrix the columns of each form stand, of an encoder whose columns are grouped by it.
struct ColumnBlocks: Equatable {
  enum Kind: CaseIterable {
    /// Numbers and dates, with the marks where they are missing.
    case numbers
    case categories
    /// Categories, and values of numbers, as numbers that vectors stand for.
    case codes
  }

  var numbers = 0..<0
  var categories = 0..<0
  var codes = 0..<0
  /// How many codes each column of codes has, with that for what is unknown.
  var codeCounts: [Int] = []

  /// nil: columns of one form don't stand together.
  init?(_ encoder: TableEncoder) {
    var start = 0, kinds: [Kind: Range<Int>] = [:], last: Kind?
    for column in encoder.columns {
      let range = start..<start + column.width
      if let known = kinds[column.kind] {
        guard last == column.kind else { return nil }
        kinds[column.kind] = known.lowerBound..<range.upperBound
      } else {
        kinds[column.kind] = range
      }
      switch column.form {
      case .codes(let names): codeCounts.append(names.count + 1)
      case .valueCodes(let values): codeCounts.append(values.count + 1)
      case .number, .skewed, .date, .boolean, .oneHot, .words: break
      }
      (start, last) = (range.upperBound, column.kind)
    }
    numbers = kinds[.numbers] ?? 0..<0
    categories = kinds[.categories] ?? 0..<0
    codes = kinds[.codes] ?? 0..<0
  }
}

extension ColumnEncoding {
  var kind: ColumnBlocks.Kind {
    switch form {
    case .number, .skewed, .date: .numbers
    case .boolean, .oneHot, .words: .categories
    case .codes, .valueCodes: .codes
    }
  }
}
