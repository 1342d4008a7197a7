internal import DownhillTables

/// How one column of a table becomes columns of a matrix.
public struct ColumnEncoding: Sendable, Codable, Equatable {
  public let column: String
  public let form: Form
  /// Whether a last column tells where the value was missing: made where training rows lacked it.
  public let marksMissing: Bool

  public enum Form: Sendable, Codable, Equatable {
    /// One column. A missing number becomes the training rows' mean, or median, that is 0 after scaling.
    case number(NumberScaling, fill: Double)
    /// One column, for two values: 0 and 1, scaled like a number.
    case boolean(words: [String], NumberScaling, fill: Double)
    /// One column a category, 1 in that of the row's. A category that no training row had is 0 in all.
    case oneHot(categories: [String])
  }

  /// How many columns of the matrix.
  public var width: Int {
    let own =
      switch form {
      case .number, .boolean: 1
      case .oneHot(let categories): categories.count
      }
    return own + (marksMissing ? 1 : 0)
  }

  /// What the matrix's columns hold: `bill_length_mm`, `island=Dream`, `sex is missing`.
  public var names: [String] {
    let own =
      switch form {
      case .number: [column]
      case .boolean(let words, _, _): ["\(column)=\(words[1])"]
      case .oneHot(let categories): categories.map { "\(column)=\($0)" }
      }
    return marksMissing ? own + ["\(column) is missing"] : own
  }

  /// How it is encoded, for people.
  public var explanation: String {
    let missing = marksMissing ? "; one more column where it is missing" : ""
    switch form {
    case .number(let scaling, _): return scaling.explanation + missing
    case .boolean(let words, _, _): return "\(words[0]) or \(words[1]): one column" + missing
    case .oneHot(let categories): return "one column for each of \(categories.count) categories" + missing
    }
  }
}

extension ColumnEncoding {
  /// Fitted to the training rows.
  init(_ column: Column, rows: [Int32], scaling: NumberScaling.Kind) {
    self.column = column.name
    switch column.values {
    case .numbers(let numbers):
      let present = rows.map { numbers[Int($0)] }.filter { !$0.isNaN }
      marksMissing = present.count < rows.count && !present.isEmpty
      let fitted = NumberScaling(scaling, fitting: present)
      let centre = NumberScaling(scaling == .none ? .standard : scaling, fitting: present).offset
      form = .number(fitted, fill: centre)
    case .categories(let codes, let names):
      let present = rows.map { codes[Int($0)] }.filter { $0 >= 0 }
      marksMissing = present.count < rows.count && !present.isEmpty
      if column.kind == .boolean, names.count >= 2 {
        let numbers = present.map { Double(min($0, 1)) }
        let fitted = NumberScaling(scaling == .robust ? .standard : scaling, fitting: numbers)
        form = .boolean(
          words: Array(names.prefix(2)), fitted, fill: NumberScaling(.standard, fitting: numbers).offset)
      } else {
        var occurs = [Bool](repeating: false, count: names.count)
        for code in present { occurs[Int(code)] = true }
        form = .oneHot(categories: names.indices.filter { occurs[$0] }.map { names[$0] })
      }
    case .texts:
      marksMissing = false
      form = .oneHot(categories: [])
    }
  }

  /// Writes the column's rows into the matrix's columns from `first` on, which are zeros.
  /// - Returns: how many rows hold a category that no training row had.
  func encode(
    _ column: Column, into matrix: inout [Float], width stride: Int, first: Int
  ) throws(LearningError) -> Int {
    let missing = first + width - 1
    var unseen = 0
    switch (form, column.values) {
    case (.number(let scaling, let fill), .numbers(let numbers)):
      for (row, number) in numbers.enumerated() {
        matrix[row * stride + first] = scaling.apply(number.isNaN ? fill : number)
        if marksMissing && number.isNaN { matrix[row * stride + missing] = 1 }
      }
    case (.boolean(let words, let scaling, let fill), .categories(let codes, let names)):
      let values = names.map { name in words.firstIndex { $0.lowercased() == name.lowercased() } }
      for (row, code) in codes.enumerated() {
        let value = code < 0 ? nil : values[Int(code)]
        matrix[row * stride + first] = scaling.apply(value.map { Double($0) } ?? fill)
        if code >= 0 && value == nil { unseen += 1 }
        if marksMissing && code < 0 { matrix[row * stride + missing] = 1 }
      }
    case (.oneHot(let categories), .categories(let codes, let names)):
      let places = Dictionary(categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      let values = names.map { places[$0] }
      for (row, code) in codes.enumerated() {
        if code < 0 {
          if marksMissing { matrix[row * stride + missing] = 1 }
        } else if let value = values[Int(code)] {
          matrix[row * stride + first + value] = 1
        } else {
          unseen += 1
        }
      }
    default:
      let expected = if case .number = form { "numbers" } else { "categories" }
      throw LearningError(
        "the column “\(column.name)” was learned from as \(expected), and holds something else. Read the table with the "
          + "model's schema")
    }
    return unseen
  }
}
