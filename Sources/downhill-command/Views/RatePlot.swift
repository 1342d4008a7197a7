import Downhill

/// The curve of a range test as a picture of 80 columns: the smoothed loss over the logarithm of the rate, and where the suggested
/// rate stands.
struct RatePlot {
  let lines: [String]

  private static let margin = 9
  private static let columns = 80 - margin - 2
  private static let rows = 14

  init(_ curve: RateCurve) {
    // Where the loss runs away is of no interest: the picture is of what is below the start, and a little of what is above.
    let smoothed = curve.points.map(\.smoothed)
    guard curve.points.count > 1, let low = smoothed.min(), let first = smoothed.first else {
      lines = []
      return
    }
    let start = smoothed.prefix(max(1, smoothed.count / 4)).max() ?? first
    let high = low < start ? start + 0.25 * (start - low) : max(first, low + 1)
    let last = Double(curve.points.count - 1)
    var canvas = Braille(columns: Self.columns, rows: Self.rows)
    var previous: (x: Double, y: Double)?
    for (index, loss) in smoothed.enumerated() {
      let point = (
        x: Double(index) / last * Double(canvas.width - 1),
        y: (high - min(loss, high)) / (high - low) * Double(canvas.height - 1)
      )
      canvas.line(from: previous ?? point, to: point)
      previous = loss > high ? nil : point
      if loss > high, index > curve.points.count / 4 { break }
    }
    var lines = canvas.lines.enumerated().map { row, text in
      let label = row == 0 ? high : row == Self.rows / 2 ? (low + high) / 2 : row == Self.rows - 1 ? low : nil
      return Self.padded(label.map { Format.number($0, digits: 3) } ?? "") + " ┤" + text
    }
    lines.append(String(repeating: " ", count: Self.margin + 1) + "└" + String(repeating: "─", count: Self.columns))
    lines.append(Self.scale(curve))
    if let rate = curve.suggestion, let index = curve.points.firstIndex(where: { $0.rate >= rate }) {
      let place = Int((Double(index) / last * Double(Self.columns - 1)).rounded())
      lines.append(String(repeating: " ", count: Self.margin + 2 + place) + "↑ \(Format.number(rate, digits: 2))")
    }
    self.lines = lines
  }

  /// Powers of ten where they stand.
  private static func scale(_ curve: RateCurve) -> String {
    var text = [Character](repeating: " ", count: margin + 2 + columns)
    var free = 0
    var power = 1e-30
    while power < 1e30, let last = curve.points.last {
      defer { power *= 10 }
      guard power >= curve.points[0].rate * 0.999, power <= last.rate,
        let index = curve.points.firstIndex(where: { $0.rate >= power * 0.999 })
      else { continue }
      let place = margin + 2 + Int(Double(index) / Double(curve.points.count - 1) * Double(columns - 1))
      let label = Array(Format.number(power, digits: 1))
      if place < free || place + label.count > text.count { continue }
      text.replaceSubrange(place..<place + label.count, with: label)
      free = place + label.count + 1
    }
    return String(text)
  }

  private static func padded(_ text: String) -> String {
    String(repeating: " ", count: max(0, margin - text.count)) + text
  }
}
