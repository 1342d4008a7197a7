/// The derivative of a function with respect to one float, by central differences in Double.
///
/// Two step widths h and h/2 and Richardson's extrapolation, (4 D(h/2) − D(h)) / 3, leave an error of order h⁴, so that
/// h can be wide enough for the function's Float32 rounding not to matter. Where a kink (ReLU at 0) lies inside the
/// step, the two disagree, or the slopes of the two sides do; then h shrinks, and after a few tries the place counts as
/// not differentiable.
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
    var width = 0.02 * max(1, abs(start))
    for _ in 0..<4 {
      let wide = slopes(x, at: start, width: width)
      let narrow = slopes(x, at: start, width: width / 2)
      let size = max(abs(wide.mean), abs(narrow.mean), scale)
      // Curvature's part in the difference of the two sides halves with h; a kink's part stays.
      if abs(wide.mean - narrow.mean) <= 1e-3 * size, narrow.bend <= 0.75 * wide.bend + 0.01 * size {
        return (4 * narrow.mean - wide.mean) / 3
      }
      width /= 4
    }
    return nil
  }

  /// The slope between x − width and x + width, and how much the slopes of the two sides differ.
  private func slopes(
    _ x: UnsafeMutablePointer<Float>, at start: Float, width: Float
  ) -> (mean: Double, bend: Double) {
    x.pointee = start + width
    let (right, above) = (Double(x.pointee) - Double(start), function())
    x.pointee = start - width
    let (left, below) = (Double(start) - Double(x.pointee), function())
    return ((above - below) / (right + left), abs((above - middle) / right - (middle - below) / left))
  }
}
