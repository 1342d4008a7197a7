internal import DownhillCompute

/// The numbers at some places, from 0, of the ascending order of all: what sorting would put there, in linear time, and in
/// little memory besides: that of the numbers which are near those places.
///
/// - Parameter numbers: none of them NaN.
func orderStatistics(of numbers: [Double], at places: Set<Int>) -> [Int: Double] {
  let ascending = places.sorted()
  return Dictionary(uniqueKeysWithValues: zip(ascending, select(numbers, ascending)))
}

/// The numbers are counted in bins of equal width; only the bins that hold one of the places are looked into.
private func select(_ numbers: [Double], _ places: [Int]) -> [Double] {
  if numbers.count <= few { return select(keys: numbers.map(orderedBits), places).map(number(ofOrderedBits:)) }
  let (low, high) = numbers.withUnsafeBufferPointer(\.extremes)
  let scale = Double(1 << binBits) / (high - low)
  // Where all numbers are the same, or differ by too much or too little to divide.
  guard scale.isNormal, scale < 0x1p1000 else {
    return select(keys: numbers.map(orderedBits), places).map(number(ofOrderedBits:))
  }
  let last = Int32(1 << binBits - 1)
  // Rounding keeps the order, so what is in a lower bin is smaller.
  let bins = Bins(numbers, count: 1 << binBits) { number in Int(min(Int32((number - low) * scale), last)) }
  return bins.select(places) { members, places in
    select(keys: members.map(orderedBits), places).map(number(ofOrderedBits:))
  }
}

/// The same for keys. Bins begin at the smallest of them.
private func select(keys: [UInt64], _ places: [Int]) -> [UInt64] {
  if keys.count <= few {
    let sorted = keys.sorted()
    return places.map { sorted[$0] }
  }
  var low = UInt64.max, high = UInt64.min
  for key in keys { (low, high) = (min(low, key), max(high, key)) }
  if low == high { return places.map { _ in low } }
  // As many leading bits as tell bins apart: at least two bins are not empty, so the next look has fewer keys.
  let shift = UInt64(max(0, UInt64.bitWidth - (high - low).leadingZeroBitCount - binBits))
  let bins = Bins(keys, count: 1 << binBits) { key in Int((key - low) >> shift) }
  return bins.select(places, select(keys:_:))
}

/// How many of some values are in each bin.
private struct Bins<Value> {
  private let values: [Value]
  private let counts: [Int]
  private let bin: (Value) -> Int

  @inline(__always)
  init(_ values: [Value], count: Int, bin: @escaping (Value) -> Int) {
    var counts = [Int](repeating: 0, count: count)
    counts.withUnsafeMutableBufferPointer { counts in for value in values { counts[bin(value)] += 1 } }
    (self.values, self.counts, self.bin) = (values, counts, bin)
  }

  /// The values at some places, ascending, of the order of all: found among the members of a bin by `inside`.
  @inline(__always)
  func select(_ places: [Int], _ inside: ([Value], [Int]) -> [Value]) -> [Value] {
    // The bins with a place, and how many values are below each.
    var wanted = [Int32](repeating: -1, count: counts.count)
    var parts: [(members: [Value], places: [Int])] = []
    var below = 0, found = 0
    for index in counts.indices where found < places.count {
      let here = places[found...].prefix { $0 < below + counts[index] }.map { $0 - below }
      if !here.isEmpty {
        wanted[index] = Int32(parts.count)
        parts.append(([], here))
        parts[parts.count - 1].members.reserveCapacity(counts[index])
        found += here.count
      }
      below += counts[index]
    }
    wanted.withUnsafeBufferPointer { wanted in
      for value in values {
        let part = wanted[bin(value)]
        if part >= 0 { parts[Int(part)].members.append(value) }
      }
    }
    return parts.flatMap { inside($0.members, $0.places) }
  }
}

/// So few are sorted.
private let few = 2048
private let binBits = 11

/// Bits that compare as the numbers do, −0 before 0.
func orderedBits(_ number: Double) -> UInt64 {
  let bits = number.bitPattern
  return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
}

func number(ofOrderedBits key: UInt64) -> Double { Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key) }
