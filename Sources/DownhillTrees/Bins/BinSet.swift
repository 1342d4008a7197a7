/// Some of the 256 bins that a column has at most.
struct BinSet: Sendable, Equatable {
  private var words = SIMD4<UInt64>.zero

  init(_ bins: some Sequence<Int> = []) { for bin in bins { insert(bin) } }

  mutating func insert(_ bin: Int) { words[bin >> 6] |= 1 << UInt64(bin & 63) }
  func contains(_ bin: Int) -> Bool { words[bin >> 6] >> UInt64(bin & 63) & 1 == 1 }

  /// For each of so many bins whether it is one of these.
  func flags(count: Int) -> [Bool] { (0..<count).map(contains) }
}
