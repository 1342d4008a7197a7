/// A picture in braille characters, each two dots wide and four high.
struct Braille {
  /// In dots.
  let width: Int
  let height: Int
  private let columns: Int
  private var cells: [UInt8]

  init(columns: Int, rows: Int) {
    (width, height, self.columns) = (2 * columns, 4 * rows, columns)
    cells = Array(repeating: 0, count: columns * rows)
  }

  /// Dots are counted from the upper left corner; what is outside is left out.
  mutating func dot(_ x: Int, _ y: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    // Unicode numbers the dots of a cell down the left column, down the right one, then along the fourth row.
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    cells[y / 4 * columns + x / 2] |= bits[y % 4][x % 2]
  }

  mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
    let steps = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)).rounded(.up)))
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      dot(
        Int((start.x + share * (end.x - start.x)).rounded()), Int((start.y + share * (end.y - start.y)).rounded()))
    }
  }

  var lines: [String] {
    stride(from: 0, to: cells.count, by: columns).map { start in
      String(
        String.UnicodeScalarView(cells[start..<start + columns].map { Unicode.Scalar(0x2800 + UInt32($0))! }))
    }
  }
}
