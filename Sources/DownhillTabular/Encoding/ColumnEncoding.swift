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
    /// Two columns: the same, and the number's place among those of the training rows.
    case skewed(NumberScaling, fill: Double, NormalScores)
    /// One column, for two values: 0 and 1, scaled like a number.
    case boolean(words: [String], NumberScaling, fill: Double)
    /// One column a category, 1 in that of the row's. A category that no training row had is 0 in all.
    case oneHot(categories: [String])
    /// One column: the category's number, from 1, for an `Embedding`; 0 where it is missing or no training row had it.
    case codes(categories: [String])
    /// The same for a number, besides its own column: its place among these values, ascending, from 1; 0 for any other.
    case valueCodes([Double])
    /// One column a word, 1 where the row's text has it. Words that are rare among the training rows have none.
    case words([String])
    /// One column for the trend, and sine and cosine of each cycle. A missing moment is 0 in all of them, the trend that of
    /// the training rows' centre.
    case date(NumberScaling, fill: Double, cycles: [DateCycle])
  }

  /// How many columns of the matrix.
  public var width: Int {
    let own =
      switch form {
      case .number, .boolean, .codes, .valueCodes: 1
      case .skewed: 2
      case .oneHot(let categories): categories.count
      case .words(let words): words.count
      case .date(_, _, let cycles): 1 + 2 * cycles.count
      }
    return own + (marksMissing ? 1 : 0)
  }

  /// What the matrix's columns hold: `bill_length_mm`, `island=Dream`, `sex is missing`.
  public var names: [String] {
    let own =
      switch form {
      case .number: [column]
      case .skewed: [column, "rank of \(column)"]
      case .boolean(let words, _, _): ["\(column)=\(words[1])"]
      case .oneHot(let categories): categories.map { "\(column)=\($0)" }
      case .words(let words): words.map { "\(column) has \($0)" }
      case .codes: ["number of \(column)"]
      case .valueCodes: ["value of \(column)"]
      case .date(_, _, let cycles):
        [column] + cycles.flatMap { ["sine of \(column)'s \($0.name)", "cosine of \(column)'s \($0.name)"] }
      }
    return marksMissing ? own + ["\(column) is missing"] : own
  }

  /// How it is encoded, for people.
  public var explanation: String {
    let missing = marksMissing ? "; one more column where it is missing" : ""
    switch form {
    case .number(let scaling, _): return scaling.explanation + missing
    case .skewed(let scaling, _, _):
      return scaling.explanation + "; one more for its rank among the training rows" + missing
    case .boolean(let words, _, _): return "\(words[0]) or \(words[1]): one column" + missing
    case .date(let trend, _, let cycles):
      let around = cycles.map { "; sine and cosine of the \($0.name)" }.joined()
      return "seconds after \(dateText(trend.offset)) · \(Float(trend.scale))"
        + (trend.clips ? ", held within ±3" : "") + around + missing
    case .oneHot(let categories): return "one column for each of \(categories.count) categories" + missing
    case .words(let words):
      return "one column for each of \(words.count) words: \(words.prefix(8).joined(separator: ", "))"
        + (words.count > 8 ? ", …" : "") + missing
    case .codes(let categories):
      return "one of \(categories.count) categories: a number, that a learned vector stands for"
    case .valueCodes(let values):
      return "a learned vector for each of \(values.count) values besides, since neighbours answer differently"
    }
  }
}

extension ColumnEncoding {
  /// Fitted to the training rows.
  /// - Parameters:
  ///   - mostOneHot: columns with more categories become codes.
  ///   - mostWords: so many words of texts get a column.
  ///   - ranksSkewed: whether skewed numbers get a second column for their rank.
  init(
    _ column: Column, rows: [Int32], scaling: NumberScaling.Kind, mostOneHot: Int = .max, mostWords: Int = 0,
    ranksSkewed: Bool = false
  ) {
    self.column = column.name
    switch column.values {
    case .numbers(let numbers):
      // Moments that can't be read are infinite, and as good as missing.
      let isDate = column.kind == .date
      if numbers.isMapped {
        let present = StoredNumbers(numbers, at: rows, skipsInfinite: isDate)
        (form, marksMissing) = Self.form(present, rows: rows.count, isDate: isDate, scaling, ranksSkewed)
      } else {
        let present = numbers.present(at: rows)
        (form, marksMissing) = Self.form(
          isDate ? present.finite : present, rows: rows.count, isDate: isDate, scaling, ranksSkewed)
      }
    case .categories(let codes, let names):
      var counts = [Int](repeating: 0, count: names.count)
      codes.withUnsafeBufferPointer { codes in
        for row in rows where codes[Int(row)] >= 0 { counts[Int(codes[Int(row)])] += 1 }
      }
      codes.giveBack()
      let present = counts.reduce(0, +)
      if column.kind == .text {
        form = .words(Self.words(of: names, counts, most: mostWords))
        marksMissing = form != .words([]) && present < rows.count && present > 0
        return
      }
      let known = names.indices.filter { counts[$0] > 0 }
      if known.count > mostOneHot {
        // One row can't teach a vector of its own; together such rows teach the one for what is unknown.
        form = .codes(categories: known.filter { counts[$0] > 1 }.map { names[$0] })
        marksMissing = false
        return
      }
      marksMissing = present < rows.count && present > 0
      if column.kind == .boolean, names.count >= 2 {
        let standard: NumberScaling
        if codes.isMapped {
          standard = NumberScaling(.standard, fittingTo: StoredNumbers(bitsOf: codes, at: rows))
        } else {
          var numbers: [Double] = []
          numbers.reserveCapacity(present)
          for row in rows where codes[Int(row)] >= 0 { numbers.append(codes[Int(row)] == 0 ? 0 : 1) }
          standard = NumberScaling(.standard, fitting: numbers)
        }
        form = .boolean(
          words: Array(names.prefix(2)), scaling == .none ? .none : standard, fill: standard.offset)
      } else {
        form = .oneHot(categories: known.map { names[$0] })
      }
    case .texts:
      marksMissing = false
      form = .oneHot(categories: [])
    }
  }
}

extension ColumnEncoding {
  /// Words stand in this share of the training rows, and in a few of them, or there would be little to learn of them;
  private static let leastShare = 0.01
  private static let fewestRows = 10
  /// in nearly all they tell nothing.
  private static let mostShare = 0.98

  /// The most frequent words of texts, the most frequent first.
  private static func words(of texts: [String], _ counts: [Int], most: Int) -> [String] {
    if most == 0 { return [] }
    // By hashes, and as texts only what is chosen of them: words are many.
    var found: [UInt64: (rows: Int, last: Int, word: [UInt8])] = [:]
    for (index, text) in texts.enumerated() where counts[index] > 0 {
      Words.forEach(in: text) { word in
        let hash = WordPlaces.hash(word)
        guard let place = found.index(forKey: hash) else {
          found[hash] = (counts[index], index, Array(word))
          return
        }
        if found.values[place].last == index { return }
        found.values[place].rows += counts[index]
        found.values[place].last = index
      }
    }
    let all = Double(counts.reduce(0, +))
    let least = max(Double(fewestRows), leastShare * all)
    return found.values.filter { Double($0.rows) >= least && Double($0.rows) <= mostShare * all }
      .map { (rows: $0.rows, word: String(decoding: $0.word, as: UTF8.self)) }
      .sorted { ($1.rows, $0.word) < ($0.rows, $1.word) }.prefix(most).map(\.word)
  }

  /// Codes for the values of a number that is rough; nil: it isn't.
  init?(valuesOf column: Column, _ answers: RowAnswers) {
    guard column.kind == .numeric, case .numbers(let numbers) = column.values,
      let values = Roughness.values(of: numbers, answers)
    else { return nil }
    (self.column, form, marksMissing) = (column.name, .valueCodes(values), false)
  }

  /// Of numbers, or of moments, that are there in some of the training rows.
  private static func form(
    _ present: some Population, rows: Int, isDate: Bool, _ scaling: NumberScaling.Kind, _ ranksSkewed: Bool
  ) -> (Form, marksMissing: Bool) {
    let marksMissing = present.count < rows && !present.isEmpty
    if isDate {
      // Seconds since 1970 as they stand would be no use to any network.
      let trend = NumberScaling(scaling == .none ? .standard : scaling, fittingTo: present)
      return (.date(trend, fill: trend.offset, cycles: DateCycle.found(in: present)), marksMissing)
    }
    let fitted = NumberScaling(scaling, fittingTo: present)
    let centre = scaling == .none ? NumberScaling(.standard, fittingTo: present).offset : fitted.offset
    if ranksSkewed, let scores = NormalScores(ofSkewed: present.finite) {
      return (.skewed(fitted, fill: centre, scores), marksMissing)
    }
    return (.number(fitted, fill: centre), marksMissing)
  }
}

extension ColumnStorage<Double> {
  /// The numbers at some places, but for those that are missing.
  fileprivate func present(at rows: [Int32]) -> [Double] {
    withUnsafeBufferPointer { numbers in
      [Double](unsafeUninitializedCapacity: rows.count) { present, count in
        // Without a branch: what is missing is overwritten by the next.
        for row in rows {
          let number = numbers[Int(row)]
          (present.baseAddress! + count).initialize(to: number)
          count += number.isNaN ? 0 : 1
        }
      }
    }
  }
}
