#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A normal distribution on 0 … 1, without what would be outside.
package struct TruncatedNormal {
  package let mean: Double
  package let deviation: Double
  private let below: Double
  private let inside: Double

  package init(mean: Double, deviation: Double) {
    (self.mean, self.deviation) = (mean, deviation)
    below = Self.cumulative((0 - mean) / deviation)
    inside = Self.cumulative((1 - mean) / deviation) - below
  }

  /// φ((x − μ)/σ) / (σ · (Φ((1 − μ)/σ) − Φ(−μ/σ))).
  package func density(_ x: Double) -> Double {
    let z = (x - mean) / deviation
    return exp(-0.5 * z * z) / (deviation * (2 * Double.pi).squareRoot() * inside)
  }

  /// The probability of a stretch.
  package func probability(of stretch: ClosedRange<Double>) -> Double {
    let (low, high) = ((stretch.lowerBound - mean) / deviation, (stretch.upperBound - mean) / deviation)
    return (Self.cumulative(high) - Self.cumulative(low)) / inside
  }

  /// The place that has a share of the distribution below it, by bisection: it needs no more than Φ.
  package func quantile(_ share: Double) -> Double {
    let wanted = below + share * inside
    var (low, high) = (0.0, 1.0)
    for _ in 0..<52 {
      let middle = (low + high) / 2
      if Self.cumulative((middle - mean) / deviation) < wanted { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Φ, the standard normal distribution's.
  private static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
}
