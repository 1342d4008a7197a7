internal import DownhillCompute
internal import DownhillTables

/// A column of a table at hand and its encoding, ready to write rows of a matrix.
struct ColumnWriter {
  /// Of how many columns of the matrix.
  let width: Int
  private let source: Source

  private enum Source {
    case numbers(ColumnStorage<Double>, ScalingLoop)
    case skewed(ColumnStorage<Double>, ScalingLoop, NormalScores)
    case valueCodes(ColumnStorage<Double>, values: [Double])
    /// `hasUnread`: some could not be read, and are infinite.
    case dates(ColumnStorage<Double>, ScalingLoop, cycles: [CycleLoop], hasUnread: Bool)
    /// What a missing code and each name's become, for every column of the matrix.
    case lookedUp(codes: ColumnStorage<Int32>, values: [[Float]], isUnknown: [Bool]?)
    /// Which matrix columns are 1 for each name.
    case words(codes: ColumnStorage<Int32>, places: WordPlaces, missing: Int32?)
    /// Which matrix column is 1 for a missing code and for each name's.
    case oneHot(codes: ColumnStorage<Int32>, places: [Int32])
  }

  /// - Throws: `LearningError` where the column holds something else than it was learned as.
  init(_ encoding: ColumnEncoding, _ column: Column, _ memory: WordMemory) throws(LearningError) {
    width = encoding.width
    switch (encoding.form, column.values) {
    case (.number(let scaling, let fill), .numbers(let numbers)):
      source = .numbers(numbers, scaling.loop(filling: scaling.apply(fill)))
    case (.skewed(let scaling, let fill, let scores), .numbers(let numbers)):
      source = .skewed(numbers, scaling.loop(filling: scaling.apply(fill)), scores)
    case (.valueCodes(let values), .numbers(let numbers)): source = .valueCodes(numbers, values: values)
    case (.date(let trend, let fill, let cycles), .numbers(let moments)):
      source = .dates(
        moments, trend.loop(filling: trend.apply(fill)), cycles: cycles.map(\.loop),
        hasUnread: moments.contains { $0.isInfinite })
    case (.boolean(let words, let scaling, let fill), .categories(let codes, let names)):
      let numbers = names.map { name in words.firstIndex { $0.lowercased() == name.lowercased() } }
      let values = [scaling.apply(fill)] + numbers.map { scaling.apply($0.map { Double($0) } ?? fill) }
      let marks = [1] + [Float](repeating: 0, count: names.count)
      source = .lookedUp(
        codes: codes, values: encoding.marksMissing ? [values, marks] : [values],
        isUnknown: numbers.contains(nil) ? numbers.map { $0 == nil } : nil)
    case (.oneHot(let categories), .categories(let codes, let names)):
      let places = Dictionary(zip(categories, Int32(0)...), uniquingKeysWith: { first, _ in first })
      source = .oneHot(
        codes: codes,
        places: [encoding.marksMissing ? Int32(width - 1) : -1] + names.map { places[$0] ?? unknownPlace })
    case (.words(let words), .categories(let codes, let names)):
      source = .words(
        codes: codes, places: memory.places(of: words, in: names),
        missing: encoding.marksMissing ? Int32(width - 1) : nil)
    case (.codes(let categories), .categories(let codes, let names)):
      let places = Dictionary(zip(categories, 1...), uniquingKeysWith: { first, _ in first })
      let found = names.map { places[$0] }
      source = .lookedUp(
        codes: codes, values: [[0] + found.map { Float($0 ?? 0) }],
        isUnknown: found.contains(nil) ? found.map { $0 == nil } : nil)
    default:
      let expected =
        switch encoding.form {
        case .number, .skewed, .valueCodes: "numbers"
        case .date: "dates"
        case .words: "texts"
        case .boolean, .oneHot, .codes: "categories"
        }
      throw LearningError(
        "the column “\(column.name)” was learned from as \(expected), and holds something else. Read the table with the "
          + "model's schema")
    }
  }

  /// Whether every row has a value of its own in each of the few columns of the matrix; else most of a row's are 0.
  var isDense: Bool {
    switch source {
    case .oneHot, .words: false
    case .numbers, .skewed, .valueCodes, .dates, .lookedUp: true
    }
  }

  /// Writes some rows of a dense column, column after column.
  /// - Parameter stride: floats from one column to the next.
  /// - Returns: how many rows hold a category that no training row had.
  func writeColumns(_ rows: EncodedRows, to target: UnsafeMutablePointer<Float>, stride: Int) -> Int {
    switch source {
    case .numbers(let numbers, let scaling):
      numbers.withUnsafeBufferPointer {
        scaling.run($0.baseAddress!, rows, to: target, marks: width > 1 ? target + stride : nil)
      }
      return 0
    case .skewed(let numbers, let scaling, let scores):
      numbers.withUnsafeBufferPointer {
        scaling.run($0.baseAddress!, rows, to: target, marks: width > 2 ? target + 2 * stride : nil)
        scores.write($0, rows, to: target + stride)
      }
      return 0
    case .valueCodes(let numbers, let values):
      // A number that no training row had is no news, as a category would be.
      numbers.withUnsafeBufferPointer { numbers in
        for index in 0..<rows.count { target[index] = Float(place(of: numbers[rows[index]], in: values) ?? 0) }
      }
      return 0
    case .dates(let moments, let trend, let cycles, let hasUnread):
      func write(_ moments: UnsafeBufferPointer<Double>, _ rows: EncodedRows) {
        let marks = width > 1 + 2 * cycles.count ? target + (width - 1) * stride : nil
        trend.run(moments.baseAddress!, rows, to: target, marks: marks)
        for (index, cycle) in cycles.enumerated() {
          let sine = target + (1 + 2 * index) * stride
          cycle.run(moments.baseAddress!, rows, sine: sine, cosine: sine + stride)
        }
      }
      guard hasUnread else {
        moments.withUnsafeBufferPointer { write($0, rows) }
        return 0
      }
      // What could not be read is as good as missing.
      let known = (0..<rows.count).map { moments[rows[$0]] }.map { $0.isInfinite ? .nan : $0 }
      known.withUnsafeBufferPointer { write($0, EncodedRows(count: rows.count)) }
      return (0..<rows.count).count { moments[rows[$0]].isInfinite }
    case .lookedUp(let codes, let values, let isUnknown):
      return codes.withUnsafeBufferPointer { codes in
        for (index, values) in values.enumerated() {
          lookUp(codes.baseAddress!, rows, in: values, to: target + index * stride)
        }
        guard let isUnknown else { return 0 }
        return (0..<rows.count).count { index in
          let code = Int(codes[rows[index]])
          return code >= 0 && isUnknown[code]
        }
      }
    case .oneHot, .words: preconditionFailure("columns that are mostly 0 are written row by row")
    }
  }

  /// Writes some rows of a column that isn't dense, one to each row of the matrix.
  /// - Parameters:
  ///   - target: the first of the column's places in the matrix's row, which are zeros.
  ///   - stride: floats from row to row.
  /// - Returns: how many rows hold a category that no training row had.
  func writeRows(_ rows: EncodedRows, to target: UnsafeMutablePointer<Float>, stride: Int) -> Int {
    if case .words(let codes, let places, let missing) = source {
      for index in 0..<rows.count {
        let code = codes[rows[index]], row = target + index * stride
        if code >= 0 {
          for place in places[Int(code)] { row[Int(place)] = 1 }
        } else if let missing {
          row[Int(missing)] = 1
        }
      }
      // A word that no training row had is no news, as a category would be.
      return 0
    }
    guard case .oneHot(let codes, let places) = source else { preconditionFailure("a dense column") }
    return codes.withUnsafeBufferPointer { markPlaces($0.baseAddress!, rows, places, in: target, stride: stride) }
  }
}

/// The place of a number among ascending ones, from 1; nil: it isn't one of them.
private func place(of number: Double, in values: [Double]) -> Int? {
  var (low, high) = (0, values.count)
  while low < high {
    let middle = (low + high) / 2
    if values[middle] < number { low = middle + 1 } else { high = middle }
  }
  return low < values.count && values[low] == number ? low + 1 : nil
}
