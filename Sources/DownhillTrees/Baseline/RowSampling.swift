internal import DownhillCompute

/// So many of some rows, evenly spread over them but drawn at random; all where they are no more. In their order.
func sample(_ rows: [Int32], atMost most: Int, seed: UInt64, index: Int) -> [Int32] {
  guard rows.count > most, most > 0 else { return rows }
  var random = RandomStream(seed: seed, purpose: .split, index: 1_000_000 + index)
  let step = Double(rows.count) / Double(most)
  return (0..<most).map { rows[min(rows.count - 1, Int((Double($0) + random.uniform()) * step))] }
}
