internal import DownhillCompute

/// Some of many places, drawn by the seed, ascending: all of them where there are no more than asked for.
func sample(_ count: Int, of total: Int, seed: UInt64, index: Int = 0) -> [Int] {
  if total <= count { return Array(0..<total) }
  var random = RandomStream(seed: seed, purpose: .explanation, index: index)
  return random.permutation(of: total).prefix(count).sorted().map(Int.init)
}
