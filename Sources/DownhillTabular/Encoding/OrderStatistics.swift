/// The numbers at some places, from 0, of the ascending order of all: what sorting would put there, in linear time.
///
/// - Parameter numbers: none of them NaN.
func orderStatistics(of numbers: [Double], at places: Set<Int>) -> [Int: Double] {
  let ascending = places.sorted()
  let found = select(numbers.map(key), ascending).map(number)
  return Dictionary(uniqueKeysWithValues: zip(ascending, found))
}

/// The keys at some places, ascending, of their own ascending order. They are counted in bins of equal width; only the bins that hold
/// one of the places are looked into, by the same way.
private func select(_ keys: [UInt64], _ places: [Int]) -> [UInt64] {
  if keys.count <= fewKeys {
    let sorted = keys.sorted()
    return places.map { sorted[$0] }
  }
  var low = UInt64.max, high = UInt64.min
  for key in keys { (low, high) = (min(low, key), max(high, key)) }
  if low == high { return places.map { _ in low } }
  // As many leading bits as tell bins apart: at least two bins are not empty, so the next look has fewer keys.
  let shift = UInt64(max(0, UInt64.bitWidth - (high - low).leadingZeroBitCount - binBits))
  var counts = [Int](repeating: 0, count: 1 << binBits)
  for key in keys { counts[Int((key - low) >> shift)] += 1 }

  var found: [UInt64] = []
  var below = 0
  for bin in counts.indices where counts[bin] > 0 && found.count < places.count {
    let inside = places[found.count...].prefix { $0 < below + counts[bin] }.map { $0 - below }
    if !inside.isEmpty {
      var members: [UInt64] = []
      members.reserveCapacity(counts[bin])
      for key in keys where Int((key - low) >> shift) == bin { members.append(key) }
      found += select(members, inside)
    }
    below += counts[bin]
  }
  return found
}

private let fewKeys = 2048
private let binBits = 11

/// Bits that compare as the numbers do, −0 before 0.
private func key(_ number: Double) -> UInt64 {
  let bits = number.bitPattern
  return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
}

private func number(_ key: UInt64) -> Double { Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key) }
