/// The derivative of a function with respect to one float, by central differences in Double.
///
/// Two step widths h and h/2 and Richardson's extrapolation, (4 D(h/2) − D(h)) / 3, leave an error of order h⁴, so that
/// h can be wide enough for the function's Float32 rounding not to matter. Where a kink (ReLU at 0) lies inside the
/// step, the slopes disagree; then h shrinks, until rounding would hide the derivative: the place counts as not
/// differentiable.
struct CentralDifference {
  /// The function's value at the place itself.
  let middle: Double
  /// The size of derivative that counts as large here.
  let scale: Double
  /// The function, of what the floats hold now.
  let function: () -> Double

  /// ∂f/∂x at the float that `x` points to, which is left as it was; nil: f has a kink close by.
  func derivative(_ x: UnsafeMutablePointer<Float>) -> Double? {
    let start = x.pointee
    defer { x.pointee = start }
    var width = 0.05 * max(1, abs(start))
    while true {
      let wide = slopes(x, at: start, width: width)
      let narrow = slopes(x, at: start, width: width / 2)
      let size = max(abs(wide.mean), abs(narrow.mean), scale)
      let noise = 1e-6 * abs(middle) / Double(width)
      let tolerance = 2e-3 * size + noise
      // Curvature's part in the bend halves with h; a kink's part stays as it is.
      if abs(wide.mean - narrow.mean) <= tolerance, abs(2 * narrow.bend - wide.bend) <= tolerance {
        return (4 * narrow.mean - wide.mean) / 3
      }
      width /= 4
      if 4 * noise > 1e-2 * size { return nil }
    }
  }

  /// The slope between x − width and x + width, and how much the slopes of the two sides differ.
  private func slopes(
    _ x: UnsafeMutablePointer<Float>, at start: Float, width: Float
  ) -> (mean: Double, bend: Double) {
    x.pointee = start + width
    let (right, above) = (Double(x.pointee) - Double(start), function())
    x.pointee = start - width
    let (left, below) = (Double(start) - Double(x.pointee), function())
    return ((above - below) / (right + left), (above - middle) / right - (middle - below) / left)
  }
}
