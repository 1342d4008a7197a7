#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Distinct texts put into the order of their values, and what becomes of the rows' codes.
struct Categories {
  var names: [String]
  /// The rows' codes as they were read, each the number of a text; −1: missing.
  let codes: ColumnStorage<Int32>
  /// For each text the place of its name.
  private(set) var places: [Int32]
  /// Every text is a number, and the names are the numbers' shortest texts.
  let areNumbers: Bool

  /// - Parameter numbersAreCodes: true: texts that are the same number, such as `1`, `01` and `1.0`, are one category;
  ///   false: they are not; nil: they are if all texts are numbers.
  init(_ texts: TextTable, codes: ColumnStorage<Int32>, numbersAreCodes: Bool?) {
    let numbers = numbersAreCodes == false ? nil : Self.numbers(of: texts, unlessAll: numbersAreCodes == nil)
    let areNumbers = numbers.map { !$0.isEmpty && !$0.contains(nil) } ?? false
    var place = [Int32](repeating: -1, count: texts.count)
    var names: [String] = []
    names.reserveCapacity(texts.count)
    if let numbers {
      let shown = numbers.indices.map { numbers[$0].map(shortText) ?? texts.text($0) }
      let order = shown.indices.sorted { left, right in
        if areNumbers, let first = numbers[left], let second = numbers[right], first != second { return first < second }
        return precedes(shown[left], shown[right])
      }
      Self.number(order, by: { shown[$0] }, &names, &place)
    } else {
      // In UTF-8, bytes stand in the order of the scalars.
      let order = (0..<texts.count).sorted { precede(texts.bytes($0), texts.bytes($1)) }
      let areASCII = order.allSatisfy { texts.bytes($0).allSatisfy { $0 < 0x80 } }
      if areASCII {
        for (new, old) in order.enumerated() {
          place[old] = Int32(new)
          names.append(texts.text(old))
        }
      } else {
        Self.number(order, by: texts.text, &names, &place)
      }
    }
    self.areNumbers = areNumbers
    self.names = names
    self.codes = codes
    places = place
  }

  /// The values with the codes of the names.
  var values: FoundValues { .categories(codes, places: places, names: names) }

  /// The number that each text is; nil, if all must be numbers and one is none.
  private static func numbers(of texts: TextTable, unlessAll: Bool) -> [Double?]? {
    var numbers: [Double?] = []
    for code in 0..<texts.count {
      let bytes = texts.bytes(code)
      let number = parseNumber(bytes.baseAddress!, count: bytes.count)
      if number == nil && unlessAll { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// Numbers the names in their order. Texts that Swift takes for equal, such as é in one scalar or in two, are one
  /// category.
  private static func number(
    _ order: [Int], by name: (Int) -> String, _ names: inout [String], _ place: inout [Int32]
  ) {
    var places: [String: Int32] = [:]
    for index in order {
      let name = name(index)
      if let known = places[name] {
        place[index] = known
      } else {
        place[index] = Int32(names.count)
        places[name] = place[index]
        names.append(name)
      }
    }
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
    places = places.map { place[Int($0)] }
  }

  /// How many rows have each name.
  var counts: [Int] {
    var counts = [Int](repeating: 0, count: names.count)
    for code in codes where code >= 0 { counts[Int(places[Int(code)])] += 1 }
    return counts
  }
}

/// Whether some bytes come before others, as a dictionary has them.
private func precede(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
  let order = memcmp(left.baseAddress!, right.baseAddress!, min(left.count, right.count))
  return order != 0 ? order < 0 : left.count < right.count
}
