internal import DownhillCompute

/// The first and the second derivative of each row's loss with respect to its score, as whole multiples of a unit, so that
/// their sums are exact.
struct Derivatives {
  /// x: the gradient; y: the hessian, above a count of rows.
  typealias Sum = BinSums.Sum

  let rows: [Sum]
  private let gradientUnit: Double
  private let hessianUnit: Double

  /// - Parameter hessians: none is below 0.
  init(gradients: [Double], hessians: [Double]) {
    let count = Double(max(1, gradients.count))
    // Units that are powers of two, the smallest with which no sum of all rows runs over.
    let (steepest, sharpest) = (gradients.reduce(0) { max($0, abs($1)) }, hessians.reduce(0, max))
    gradientUnit = Self.powerOfTwo(above: steepest * count, bits: 62)
    hessianUnit = Self.powerOfTwo(above: sharpest * count, bits: 62 - Int(BinSums.countBits))
    let (g, h) = (1 / gradientUnit, 1 / hessianUnit)
    rows = gradients.indices.map { row in
      let hessian = Int64((hessians[row] * h).rounded(.toNearestOrEven))
      return Sum(Int64((gradients[row] * g).rounded(.toNearestOrEven)), hessian << BinSums.countBits | 1)
    }
  }

  private static func powerOfTwo(above total: Double, bits: Int) -> Double {
    guard total.isNormal else { return 1 }
    let exponent = max(-1000, min(1000, Int(total.exponent) + 2 - bits))
    return Double(sign: .plus, exponent: exponent, significand: 1)
  }

  static func count(_ sum: Sum) -> Int { Int(sum.y & (1 << BinSums.countBits - 1)) }
  func gradient(_ sum: Sum) -> Double { Double(sum.x) * gradientUnit }
  func hessian(_ sum: Sum) -> Double { Double(sum.y >> BinSums.countBits) * hessianUnit }
}
