internal import DownhillCompute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A number's place among those of the training rows, as a normal deviate: Φ⁻¹(its share of smaller ones), 0 in the middle.
///
/// Of numbers that are mostly one and the same, or that reach far out on one side, it shows what a scaling squeezes together.
public struct NormalScores: Sendable, Codable, Equatable {
  /// Ascending.
  let numbers: [Double]
  /// What each of them becomes; between two of them the score is on the line that joins theirs, outside it is the last's.
  let scores: [Float]

  /// How many places of the ascending order are looked at.
  private static let places = 257
  /// Where scores are given to numbers besides scaling: this share of them is one and the same,
  private static let mostEqual = 0.3
  /// or the farthest from the median is as many times the distance of the quartiles away.
  private static let farthest = 5.0

  /// nil: these numbers do without.
  init?(ofSkewed population: some Population) {
    let count = population.count
    guard count > 1 else { return nil }
    let last = Double(count - 1), most = Double(min(Self.places, count) - 1)
    let places = (0...Int(most)).map { Int((Double($0) / most * last).rounded()) }
    let found = population.orderStatistics(at: Set(places))
    let ascending = places.map { found[$0]! }
    let runs = ascending.indices.reduce(into: [Range<Int>]()) { runs, index in
      if let run = runs.last, ascending[run.lowerBound] == ascending[index] {
        runs[runs.count - 1] = run.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    guard runs.count > 1, Self.isSkewed(ascending, longestRun: runs.map(\.count).max()!) else { return nil }
    numbers = runs.map { ascending[$0.lowerBound] }
    scores = runs.map { run in
      let place = Double(places[run.lowerBound] + places[run.upperBound - 1]) / 2
      return Float(inverseNormal((place + 0.5) / Double(count)))
    }
  }

  private static func isSkewed(_ ascending: [Double], longestRun: Int) -> Bool {
    if Double(longestRun) >= mostEqual * Double(ascending.count) { return true }
    func quartile(_ share: Double) -> Double { ascending[Int((share * Double(ascending.count - 1)).rounded())] }
    let spread = quartile(0.75) / 2 - quartile(0.25) / 2, median = quartile(0.5) / 2
    return max(ascending.last! / 2 - median, median - ascending[0] / 2) >= farthest * spread
  }

  func score(of number: Double) -> Float {
    numbers.withUnsafeBufferPointer { numbers in
      scores.withUnsafeBufferPointer { scores in Self.score(of: number, numbers, scores) }
    }
  }

  /// Those of some rows of a column; 0 where a number is missing.
  func write(_ column: UnsafeBufferPointer<Double>, _ rows: EncodedRows, to target: UnsafeMutablePointer<Float>) {
    numbers.withUnsafeBufferPointer { numbers in
      scores.withUnsafeBufferPointer { scores in
        for index in 0..<rows.count { target[index] = Self.score(of: column[rows[index]], numbers, scores) }
      }
    }
  }

  private static func score(
    of number: Double, _ numbers: UnsafeBufferPointer<Double>, _ scores: UnsafeBufferPointer<Float>
  ) -> Float {
    if number.isNaN { return 0 }
    // The first that isn't smaller.
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    if low == numbers.count { return scores[low - 1] }
    if low == 0 || numbers[low] == number { return scores[low] }
    let (below, above) = (numbers[low - 1] / 2, numbers[low] / 2)
    let share = Float((number / 2 - below) / (above - below))
    return scores[low - 1] + share * (scores[low] - scores[low - 1])
  }

  var isSound: Bool {
    numbers.count == scores.count && numbers.count > 1 && scores.allSatisfy(\.isFinite)
      && numbers.allSatisfy(\.isFinite) && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
  }
}

/// Φ⁻¹(p) for p between 0 and 1, to about 1e-9 of itself: P. J. Acklam's rational approximations (2003).
func inverseNormal(_ p: Double) -> Double {
  if p > 0.5 { return -inverseNormal(1 - p) }
  func polynomial(_ coefficients: [Double], _ x: Double) -> Double { coefficients.reduce(0) { $0 * x + $1 } }
  if p < 0.02425 {
    let q = (-2 * log(p)).squareRoot()
    return polynomial(
      [
        -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734, 4.374664141464968,
        2.938163982698783,
      ], q)
      / polynomial([7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1], q)
  }
  let q = p - 0.5, r = q * q
  return q
    * polynomial(
      [
        -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
        -3.066479806614716e+01, 2.506628277459239,
      ], r)
    / polynomial(
      [
        -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
        -1.328068155288572e+01, 1,
      ], r)
}
