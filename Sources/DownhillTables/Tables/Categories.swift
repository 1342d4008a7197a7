/// Distinct texts put into the order of their values, with the rows' codes to match.
struct Categories {
  var names: [String]
  var codes: [Int32]
  /// Every text is a number, and the names are the numbers' shortest texts.
  let areNumbers: Bool

  /// - Parameter numbersAreCodes: true: texts that are the same number, such as `1`, `01` and `1.0`, are one category;
  ///   false: they are not; nil: they are if all texts are numbers.
  init(_ texts: TextTable, codes: [Int32], numbersAreCodes: Bool?) {
    let raw = (0..<texts.count).map(texts.text)
    var numbers = numbersAreCodes == false ? [] : raw.map { number($0) }
    let areNumbers = !numbers.isEmpty && !numbers.contains(nil)
    if numbersAreCodes == nil && !areNumbers { numbers = [] }
    let shown = raw.indices.map { index in numbers.isEmpty ? raw[index] : numbers[index].map(shortText) ?? raw[index] }
    let order = raw.indices.sorted { left, right in
      if areNumbers, let first = numbers[left], let second = numbers[right], first != second { return first < second }
      return precedes(shown[left], shown[right])
    }
    // Texts that Swift takes for equal, such as é in one scalar or in two, are one category.
    var names: [String] = []
    var places: [String: Int32] = [:]
    var place = [Int32](repeating: -1, count: raw.count)
    for index in order {
      if let known = places[shown[index]] {
        place[index] = known
      } else {
        place[index] = Int32(names.count)
        places[shown[index]] = place[index]
        names.append(shown[index])
      }
    }
    self.names = names
    self.codes = codes.map { $0 < 0 ? -1 : place[Int($0)] }
    self.areNumbers = areNumbers
  }

  /// Puts some names first, in this order, whether they occur or not. Words differ from them in case alone.
  mutating func lead(with words: [String]) {
    let lower = words.map { $0.lowercased() }
    var place = [Int32](repeating: 0, count: names.count)
    var newNames = words
    for (index, name) in names.enumerated() {
      if let word = lower.firstIndex(of: name.lowercased()) {
        place[index] = Int32(word)
      } else {
        place[index] = Int32(newNames.count)
        newNames.append(name)
      }
    }
    names = newNames
    codes = codes.map { $0 < 0 ? -1 : place[Int($0)] }
  }

  /// How many rows have each name.
  var counts: [Int] {
    var counts = [Int](repeating: 0, count: names.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    return counts
  }
}
