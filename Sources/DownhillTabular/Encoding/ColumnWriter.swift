internal import DownhillTables

/// A column of a table at hand and its encoding, ready to write rows of a matrix.
struct ColumnWriter {
  /// Of how many columns of the matrix.
  let width: Int
  private let source: Source
  /// Whether the last column tells where the value is missing.
  private let marksMissing: Bool

  private enum Source {
    case numbers([Double], NumberScaling, filled: Float)
    /// What each of the column's names becomes; `isKnown`: whether training rows had it.
    case boolean(codes: [Int32], values: [Float], isKnown: [Bool], filled: Float)
    /// Which matrix column is 1 for each of the column's names; −1: none, for no training row had it.
    case oneHot(codes: [Int32], places: [Int32])
  }

  /// - Throws: `LearningError` where the column holds something else than it was learned as.
  init(_ encoding: ColumnEncoding, _ column: Column) throws(LearningError) {
    width = encoding.width
    marksMissing = encoding.marksMissing
    switch (encoding.form, column.values) {
    case (.number(let scaling, let fill), .numbers(let numbers)):
      source = .numbers(numbers, scaling, filled: scaling.apply(fill))
    case (.boolean(let words, let scaling, let fill), .categories(let codes, let names)):
      let numbers = names.map { name in words.firstIndex { $0.lowercased() == name.lowercased() } }
      source = .boolean(
        codes: codes, values: numbers.map { scaling.apply($0.map { Double($0) } ?? fill) },
        isKnown: numbers.map { $0 != nil }, filled: scaling.apply(fill))
    case (.oneHot(let categories), .categories(let codes, let names)):
      let places = Dictionary(zip(categories, Int32(0)...), uniquingKeysWith: { first, _ in first })
      source = .oneHot(codes: codes, places: names.map { places[$0] ?? -1 })
    default:
      let expected = if case .number = encoding.form { "numbers" } else { "categories" }
      throw LearningError(
        "the column “\(column.name)” was learned from as \(expected), and holds something else. Read the table with the "
          + "model's schema")
    }
  }

  /// Writes some rows of the column, one to each row of the matrix.
  /// - Parameters:
  ///   - target: the first of the column's places in the matrix's row, which are zeros.
  ///   - stride: floats from row to row.
  /// - Returns: how many rows hold a category that no training row had.
  func write(_ rows: UnsafeBufferPointer<Int32>, to target: UnsafeMutablePointer<Float>, stride: Int) -> Int {
    let mark = marksMissing ? target + (width - 1) : nil
    switch source {
    case .numbers(let numbers, let scaling, let filled):
      numbers.withUnsafeBufferPointer { numbers in
        for (index, row) in rows.enumerated() {
          let number = numbers[Int(row)]
          target[index * stride] = number.isNaN ? filled : scaling.apply(number)
        }
        if let mark { for (index, row) in rows.enumerated() where numbers[Int(row)].isNaN { mark[index * stride] = 1 } }
      }
      return 0
    case .boolean(let codes, let values, let isKnown, let filled):
      return forEachCode(codes, rows, mark, stride) { index, code in
        target[index * stride] = code < 0 ? filled : values[code]
        return code < 0 || isKnown[code]
      }
    case .oneHot(let codes, let places):
      return forEachCode(codes, rows, mark, stride) { index, code in
        if code < 0 { return true }
        let place = Int(places[code])
        if place >= 0 { target[index * stride + place] = 1 }
        return place >= 0
      }
    }
  }

  /// Hands over each row's code, −1 where it is missing, to be written and, if it is, marked.
  /// - Returns: how many of them `body` didn't know.
  @inline(__always)
  private func forEachCode(
    _ codes: [Int32], _ rows: UnsafeBufferPointer<Int32>, _ mark: UnsafeMutablePointer<Float>?, _ stride: Int,
    _ body: (_ index: Int, _ code: Int) -> Bool
  ) -> Int {
    codes.withUnsafeBufferPointer { codes in
      var unknown = 0
      for (index, row) in rows.enumerated() {
        let code = Int(codes[Int(row)])
        if !body(index, code) { unknown += 1 }
        if code < 0, let mark { mark[index * stride] = 1 }
      }
      return unknown
    }
  }
}
