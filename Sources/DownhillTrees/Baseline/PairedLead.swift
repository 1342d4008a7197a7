internal import DownhillCompute

/// How far one of two models is ahead of the other on the same rows, and how sure that is: where the difference would be found
/// on other rows like these, 95 times of 100.
public struct PairedLead: Sendable, Equatable {
  public let value: Double
  public let interval: ClosedRange<Double>

  /// In accuracy. The interval is that of Agresti and Min (“Simple improved confidence intervals for comparing matched
  /// proportions”, 2005): with b rows that the first alone has right, c that the second alone has, and half a row more in each
  /// of the four cases, (b − c) / n ± 1.96 √(b + c − (b − c)² / n) / n.
  package static func accuracy(_ first: [Bool], over second: [Bool]) -> PairedLead {
    var alone = (first: 0.0, second: 0.0)
    for (one, other) in zip(first, second) where one != other {
      if one { alone.first += 1 } else { alone.second += 1 }
    }
    let rows = Double(first.count)
    let value = (alone.first - alone.second) / rows
    let (b, c, n) = (alone.first + 0.5, alone.second + 0.5, rows + 2)
    let centre = (b - c) / n
    let reach = normal * (b + c - (b - c) * (b - c) / n).squareRoot() / n
    // What was found is in it, however few the rows.
    return PairedLead(value: value, interval: min(value, centre - reach)...max(value, centre + reach))
  }

  /// In RMSE: how much greater the second's is, as a part of the first's. The interval is that of the logarithm of the ratio of
  /// mean squares, by the delta method: each row adds (e₂² / mean e₂² − e₁² / mean e₁²) / 2 to it.
  /// - Parameters: the error of each row. Where some are beyond all numbers, nothing is said to be ahead.
  package static func rmse(_ first: [Double], over second: [Double]) -> PairedLead {
    let n = Double(first.count)
    // In units of the largest, whose square no double might hold.
    let unit = max(first.lazy.map(\.magnitude).max() ?? 0, second.lazy.map(\.magnitude).max() ?? 0)
    guard unit.isFinite else { return PairedLead(value: 0, interval: -1...(.infinity)) }
    let (first, second) = unit > 0 ? (first.map { $0 / unit }, second.map { $0 / unit }) : (first, second)
    let one = first.reduce(0) { $0 + $1 * $1 } / n, other = second.reduce(0) { $0 + $1 * $1 } / n
    guard one > 0, other > 0 else {
      let value = one == other ? 0 : one == 0 ? Double.infinity : -1
      return PairedLead(value: value, interval: value...value)
    }
    let ratio = (other / one).squareRoot()
    let squares = zip(first, second).reduce(0.0) { sum, pair in
      let term = (pair.1 * pair.1 / other - pair.0 * pair.0 / one) / 2
      return sum + term * term
    }
    // The terms have the mean 0.
    let reach = normal * (squares / max(1, n - 1) / n).squareRoot()
    guard ratio.isFinite, squares.isFinite else {
      return PairedLead(value: ratio.isFinite ? ratio - 1 : .infinity, interval: -1...(.infinity))
    }
    return PairedLead(value: ratio - 1, interval: ratio * exponential(-reach) - 1...ratio * exponential(reach) - 1)
  }

  private static let normal = 1.959964
}
