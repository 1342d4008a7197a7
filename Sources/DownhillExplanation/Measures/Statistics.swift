/// A range that a number lies in, as far as can be told.
public struct Interval: Sendable, Equatable {
  public let lower: Double
  public let upper: Double

  public init(lower: Double, upper: Double) { (self.lower, self.upper) = (lower, upper) }
}

/// A mean of measurements, their standard deviation (with n − 1), and a 95 % interval of the mean by Student's t:
/// x̄ ± t · s / √n. Of one measurement there is no interval.
public struct Estimate: Sendable, Equatable {
  public let mean: Double
  public let deviation: Double
  public let interval: Interval?

  public init(_ values: [Double]) {
    let count = Double(values.count)
    let sum = values.reduce(0, +), size = values.reduce(0) { $0 + abs($1) }
    // What rounding leaves of numbers that cancel is nothing.
    let mean = abs(sum) <= 1e-14 * size ? 0 : sum / count
    self.mean = mean
    guard values.count > 1 else {
      (deviation, interval) = (0, nil)
      return
    }
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    let margin = studentQuantile(values.count - 1) * deviation / count.squareRoot()
    interval = Interval(lower: mean - margin, upper: mean + margin)
  }
}

/// The 97.5 % quantile of Student's t: tabulated up to 30 degrees of freedom, and from there 1.96 + 2.45/ν, which is right to
/// 0.001.
func studentQuantile(_ degrees: Int) -> Double {
  let table = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110,
    2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
  ]
  return degrees <= table.count ? table[max(0, degrees - 1)] : normalQuantile + 2.45 / Double(degrees)
}

/// The 97.5 % quantile of the normal distribution.
let normalQuantile = 1.959964

/// Wilson's 95 % interval of a share (1927), which is right for few rows and near 0 and 1 too.
func wilsonInterval(_ share: Double, rows: Int) -> Interval {
  let (n, z) = (Double(rows), normalQuantile)
  let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
  let margin = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
  // At 0 and 1 rounding would leave the share itself out.
  return Interval(lower: min(share, max(0, centre - margin)), upper: max(share, min(1, centre + margin)))
}

/// The quantile of ascending numbers: linear between the two nearest, as NumPy has it by default (type 7 of Hyndman and Fan,
/// "Sample quantiles in statistical packages", 1996).
func quantile(_ ascending: [Double], _ share: Double) -> Double {
  guard let last = ascending.last else { return .nan }
  let place = share * Double(ascending.count - 1)
  let below = Int(place)
  guard below + 1 < ascending.count else { return last }
  let (low, high, part) = (ascending[below], ascending[below + 1], place - Double(below))
  let difference = high - low
  return difference.isFinite ? low + part * difference : low * (1 - part) + high * part
}
