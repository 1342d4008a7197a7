/// Row numbers in ascending order, in linear time: by their lowest digits first, a stable pass for each digit.
func ascending(_ rows: ArraySlice<Int32>) -> [Int32] {
  if rows.count < fewRows { return rows.sorted() }
  var rows = Array(rows)
  var sorted = rows
  for shift in stride(from: 0, to: UInt32.bitWidth, by: digitBits) {
    // The sign bit turned, so that the bits compare as the numbers do.
    func digit(_ row: Int32) -> Int { Int((UInt32(bitPattern: row) ^ 1 << 31) >> shift & (1 << digitBits - 1)) }
    var places = [Int](repeating: 0, count: 1 << digitBits)
    for row in rows { places[digit(row)] += 1 }
    var next = 0
    for value in places.indices { (places[value], next) = (next, next + places[value]) }
    for row in rows {
      sorted[places[digit(row)]] = row
      places[digit(row)] += 1
    }
    swap(&rows, &sorted)
  }
  return rows
}

private let digitBits = 11
private let fewRows = 2048
