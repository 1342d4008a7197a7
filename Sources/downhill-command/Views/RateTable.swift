import Downhill

/// The curve of a range test in about twenty lines, for logs and pipes.
struct RateTable {
  let lines: [String]

  init(_ curve: RateCurve) {
    let count = curve.points.count, rows = min(20, count)
    let chosen = (0..<rows).map { rows > 1 ? $0 * (count - 1) / (rows - 1) : 0 }
    lines = chosen.map { index in
      let point = curve.points[index]
      let rate = Format.number(point.rate, digits: 3)
      let padding = String(repeating: " ", count: max(1, 12 - rate.count))
      return "rate \(rate)\(padding)loss \(Format.number(point.smoothed))"
    }
  }
}
