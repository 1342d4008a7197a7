/// The values of a column as classes: each row's index into the distinct values.
public struct Classes: Sendable, Equatable {
  /// The distinct values that occur, ordered by value: numbers ascending, no before yes, other text by Unicode scalars.
  public var labels: [String]
  /// For each row the index of its label; −1: missing.
  public var codes: [Int32]

  public init(labels: [String], codes: [Int32]) {
    self.labels = labels
    self.codes = codes
  }
}

extension Column {
  /// The column as classes, whatever its kind. Numbers are labelled by their shortest text: `3`, `0.5`.
  /// Values that differ but read alike in every number format are one class: `1` and `1.0`.
  public var classes: Classes {
    switch values {
    case .numbers(let numbers):
      let distinct = distinctNumbers
      let codes = numbers.map { number in number.isNaN ? -1 : Int32(position(of: number, in: distinct)) }
      return Classes(labels: distinct.map(shortText), codes: codes)
    case .categories(let codes, let names):
      var occurs = [Bool](repeating: false, count: names.count)
      for code in codes where code >= 0 { occurs[Int(code)] = true }
      let order = ordered(names.indices.filter { occurs[$0] }, names: names)
      var newCode = [Int32](repeating: -1, count: names.count)
      for (new, old) in order.enumerated() { newCode[old] = Int32(new) }
      return Classes(labels: order.map { names[$0] }, codes: codes.map { $0 < 0 ? -1 : newCode[Int($0)] })
    case .texts(let texts):
      let labels = Set(texts).sorted(by: precedes)
      let codes = Dictionary(uniqueKeysWithValues: zip(labels, Int32(0)...))
      return Classes(labels: labels, codes: texts.map { codes[$0]! })
    }
  }

  /// The distinct values that occur in some rows, as `classes` has them, without the memory that those take.
  package func labels(of rows: [Int32]) -> [String] {
    guard case .categories(let codes, let names) = values else { return select(rows: rows).classes.labels }
    var occurs = [Bool](repeating: false, count: names.count)
    for row in rows where codes[Int(row)] >= 0 { occurs[Int(codes[Int(row)])] = true }
    return ordered(names.indices.filter { occurs[$0] }, names: names).map { names[$0] }
  }

  /// The distinct values that occur, as texts, ordered by value: numbers ascending, text by Unicode scalars.
  public var distinctValues: [String] { classes.labels }

  /// The distinct numbers of a column of numbers, ascending; empty for other columns.
  public var distinctNumbers: [Double] {
    guard case .numbers(let numbers) = values else { return [] }
    // Most repetitions are seen at once, where few numbers are many rows; sorting finds the others.
    var recent = [Double](repeating: .nan, count: 1024)
    var candidates: [Double] = []
    for number in numbers where !number.isNaN {
      let slot = Int(truncatingIfNeeded: (number.bitPattern &* 0x9E37_79B9_7F4A_7C15) >> 54)
      if recent[slot] != number {
        recent[slot] = number
        candidates.append(number)
      }
    }
    var distinct: [Double] = []
    for number in candidates.sorted() where number != distinct.last { distinct.append(number == 0 ? 0 : number) }
    return distinct
  }

  /// The distinct numbers, ascending, where there are no more than `limit`; nil: there are more, or these are no numbers.
  package func distinctNumbers(atMost limit: Int) -> [Double]? {
    guard case .numbers(let numbers) = values else { return nil }
    var distinct: Set<Double> = []
    var last = Double.nan
    for number in numbers where number != last && !number.isNaN {
      last = number
      if distinct.insert(number == 0 ? 0 : number).inserted, distinct.count > limit { return nil }
    }
    return distinct.sorted()
  }

  /// Puts the texts that no file ordered (a chunk of a stream) into the order of a file's.
  private func ordered(_ indices: [Int], names: [String]) -> [Int] {
    if kind == .boolean && indices.allSatisfy({ $0 < 2 }) { return indices }
    let numbers = names.map(numberIfCanonical)
    if indices.allSatisfy({ numbers[$0] != nil }) { return indices.sorted { numbers[$0]! < numbers[$1]! } }
    return indices.sorted { precedes(names[$0], names[$1]) }
  }
}

/// The order of texts: by Unicode scalars, which is the order of their UTF-8 bytes.
func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

/// The number that a text stands for, if it is the shortest text of that number.
private func numberIfCanonical(_ text: String) -> Double? {
  guard let number = number(text), shortText(of: number) == text else { return nil }
  return number
}

private func position(of number: Double, in ascending: [Double]) -> Int {
  var low = 0
  var high = ascending.count - 1
  while low < high {
    let middle = (low + high) / 2
    if ascending[middle] < number { low = middle + 1 } else { high = middle }
  }
  return low
}
