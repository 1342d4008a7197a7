/// The values of a column as they were found in a file: what was read, and what is to be made of it.
enum FoundValues {
  case numbers(ColumnStorage<Double>)
  /// A name for each code: that at the place of the code.
  case categories(ColumnStorage<Int32>, places: [Int32], names: [String])
  /// A moment for each code.
  case moments(ColumnStorage<Int32>, moments: [Double])

  /// Made of it, in memory.
  var inMemory: ColumnValues {
    switch self {
    case .numbers(let numbers): .numbers(numbers)
    case .categories(let codes, let places, let names):
      .categories(codes: codes.mapped { $0 < 0 ? -1 : places[Int($0)] }, names: names)
    case .moments(let codes, let moments): .numbers(codes.mapped { $0 < 0 ? .nan : moments[Int($0)] })
    }
  }

  /// Whether one of the moments, where these are moments, is a date.
  var holdDates: Bool {
    guard case .moments(_, let moments) = self else { return false }
    return moments.contains(where: \.isFinite)
  }
}

extension ColumnStorage {
  /// A value made of each, in memory.
  func mapped<Other>(_ transform: (Element) -> Other) -> ColumnStorage<Other> {
    ColumnStorage<Other>(count: count) { target in
      for (index, value) in enumerated() { target.initializeElement(at: index, to: transform(value)) }
    }
  }
}

extension ColumnStorage<Double> {
  /// How many distinct numbers there are; a missing one is none. Of many numbers, some are looked at at a time, by their bits.
  package var distinctCount: Int {
    let parts = UInt64(Swift.min(32, 1 + count >> 20))
    return (0..<parts).reduce(0) { sum, part in
      var numbers: [Double] = []
      for number in self where !number.isNaN {
        let bits = (number == 0 ? 0 : number.bitPattern) &* 0x9E37_79B9_7F4A_7C15
        if bits >> 32 % parts == part { numbers.append(number) }
      }
      numbers.sort()
      return sum + (numbers.isEmpty ? 0 : 1 + zip(numbers, numbers.dropFirst()).count { $0 != $1 })
    }
  }
}
