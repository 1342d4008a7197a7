/// A curve in one line of text.
enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// The values in at most `width` characters, each the mean of its stretch; scaled between their extremes.
  static func draw(_ values: [Double], width: Int) -> String {
    let finite = values.filter(\.isFinite)
    guard !finite.isEmpty, width > 0 else { return "" }
    let columns = min(width, finite.count)
    let means = (0..<columns).map { column in
      let stretch = finite[
        column * finite.count
          / columns..<max((column + 1) * finite.count / columns, column * finite.count / columns + 1)]
      return stretch.reduce(0, +) / Double(stretch.count)
    }
    let low = means.min()!, high = means.max()!
    return String(
      means.map { mean in
        high > low ? bars[Int(((mean - low) / (high - low) * Double(bars.count - 1)).rounded())] : bars[0]
      })
  }
}
