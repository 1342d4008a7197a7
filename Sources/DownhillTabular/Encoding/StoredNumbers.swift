internal import DownhillCompute
internal import DownhillTables

/// The numbers that some rows of a column in a file hold, but for those that are missing. They are read for each question, a
/// block at a time, so that their memory doesn't grow with the rows.
struct StoredNumbers: Population {
  private let values: Values
  private let rows: [Int32]
  private let skipsInfinite: Bool
  let count: Int
  let first: Double?

  private enum Values {
    case numbers(ColumnStorage<Double>)
    /// 0 for the code 0, 1 for others; −1 is missing.
    case bits(ColumnStorage<Int32>)

    func giveBack() {
      switch self {
      case .numbers(let numbers): numbers.giveBack()
      case .bits(let codes): codes.giveBack()
      }
    }
  }

  /// Numbers of a block: a multiple of the lanes that sums are taken in.
  private static let inBlock = 1 << 15
  /// Rows that are read before their memory is given back.
  private static let mostMapped = 1 << 19

  /// - Parameter skipsInfinite: infinite numbers are missing.
  init(_ numbers: ColumnStorage<Double>, at rows: [Int32], skipsInfinite: Bool = false) {
    self.init(.numbers(numbers), rows, skipsInfinite)
  }

  init(bitsOf codes: ColumnStorage<Int32>, at rows: [Int32]) { self.init(.bits(codes), rows, false) }

  private init(_ values: Values, _ rows: [Int32], _ skipsInfinite: Bool) {
    (self.values, self.rows, self.skipsInfinite) = (values, rows, skipsInfinite)
    var count = 0
    var first: Double?
    Self.forEachBlock(values, rows, skipsInfinite) { block in
      if count == 0 { first = block.first }
      count += block.count
      return true
    }
    (self.count, self.first) = (count, first)
  }

  var finite: StoredNumbers { StoredNumbers(values, rows, true) }

  var extremes: (smallest: Double, largest: Double) {
    var found = (smallest: Double.infinity, largest: -Double.infinity)
    forEachBlock { block in
      let (smallest, largest) = block.extremes
      found = (min(found.smallest, smallest), max(found.largest, largest))
    }
    return found
  }

  func sumOfDifferences(unit: Double, from centre: Double) -> Double {
    var sum = LaneSum()
    forEachBlock { sum.add($0) { $0 * unit - centre } }
    return sum.total
  }

  func sumOfSquares(unit: Double, from centre: Double) -> Double {
    var sum = LaneSum()
    forEachBlock {
      sum.add($0) { x in
        let difference = x * unit - centre
        return difference * difference
      }
    }
    return sum.total
  }

  func someSatisfy(_ isWanted: (Double) -> Bool) -> Bool {
    var found = false
    Self.forEachBlock(values, rows, skipsInfinite) { block in
      found = block.contains(where: isWanted)
      return !found
    }
    return found
  }

  /// Digit by digit of the bits, from the highest: how often each digit comes among the numbers that agree with one of those
  /// wanted in the digits before. Four times through the numbers find any place.
  func orderStatistics(at places: Set<Int>) -> [Int: Double] {
    // What is known of each place: its leading digits, and its place among the numbers that have these.
    var known: [(place: Int, prefix: UInt64, rank: Int)] = places.sorted().map { ($0, 0, $0) }
    for shift in [48, 32, 16, 0] as [UInt64] {
      let prefixes = Array(Set(known.map(\.prefix))).sorted()
      var counts = [Int](repeating: 0, count: prefixes.count << 16)
      counts.withUnsafeMutableBufferPointer { counts in
        prefixes.withUnsafeBufferPointer { prefixes in
          forEachBlock { block in
            for number in block {
              let key = orderedBits(number)
              let prefix = shift == 48 ? 0 : key >> (shift + 16)
              for index in 0..<prefixes.count where prefixes[index] == prefix {
                counts[index << 16 | Int(key >> shift & 0xFFFF)] += 1
              }
            }
          }
        }
      }
      for index in known.indices {
        let first = prefixes.firstIndex(of: known[index].prefix)! << 16
        let counts = counts[first..<first + (1 << 16)]
        var digit = 0
        while known[index].rank >= counts[first + digit] {
          known[index].rank -= counts[first + digit]
          digit += 1
        }
        known[index].prefix = known[index].prefix << 16 | UInt64(digit)
      }
    }
    return Dictionary(uniqueKeysWithValues: known.map { ($0.place, number(ofOrderedBits: $0.prefix)) })
  }

  private func forEachBlock(_ body: (UnsafeBufferPointer<Double>) -> Void) {
    Self.forEachBlock(values, rows, skipsInfinite) { block in
      body(block)
      return true
    }
  }

  /// Hands over the numbers in blocks that are full but for the last, until `body` is false.
  private static func forEachBlock(
    _ values: Values, _ rows: [Int32], _ skipsInfinite: Bool, _ body: (UnsafeBufferPointer<Double>) -> Bool
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: inBlock) { block in
      let base = block.baseAddress!
      var filled = 0, read = 0, start = 0
      while start < rows.count {
        // Without a branch: what is missing is overwritten by the next.
        let some = rows[start..<min(rows.count, start + inBlock - filled)]
        switch values {
        case .numbers(let numbers):
          numbers.withUnsafeBufferPointer { numbers in
            for row in some {
              let value = numbers[Int(row)]
              base[filled] = value
              filled += value.isNaN || skipsInfinite && value.isInfinite ? 0 : 1
            }
          }
        case .bits(let codes):
          codes.withUnsafeBufferPointer { codes in
            for row in some {
              base[filled] = codes[Int(row)] == 0 ? 0 : 1
              filled += codes[Int(row)] < 0 ? 0 : 1
            }
          }
        }
        start += some.count
        read += some.count
        if read >= mostMapped {
          values.giveBack()
          read = 0
        }
        if filled == inBlock || start == rows.count {
          if filled > 0, !body(UnsafeBufferPointer(rebasing: block[..<filled])) { break }
          filled = 0
        }
      }
      values.giveBack()
    }
  }
}

/// A sum in the order of `sum_differences` in CKernels: sixteen lanes, added up in the end.
private struct LaneSum {
  private var lanes = SIMD16<Double>(repeating: 0)

  /// - Parameter block: a multiple of sixteen numbers, but for the last.
  mutating func add(_ block: UnsafeBufferPointer<Double>, _ term: (Double) -> Double) {
    for index in 0..<block.count { lanes[index & 15] += term(block[index]) }
  }

  var total: Double {
    let eighths = lanes.lowHalf + lanes.highHalf
    let quarters = eighths.lowHalf + eighths.highHalf
    return (quarters.x + quarters.z) + (quarters.y + quarters.w)
  }
}
