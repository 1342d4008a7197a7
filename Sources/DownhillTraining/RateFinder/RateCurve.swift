internal import DownhillCompute

/// What a range test saw: the loss while the learning rate grew.
public struct RateCurve: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public let rate: Double
    /// Of one batch, before the update with this rate.
    public let loss: Double
    /// The mean of the losses around it, those next to it counting most.
    public let smoothed: Double
  }

  /// From the lowest rate on. Where the loss is no longer finite they end.
  public let points: [Point]
  /// Whether the loss ran away before the highest rate.
  public let diverged: Bool

  init(rates: [Double], losses: [Double], diverged: Bool) {
    let smoothed = Self.smooth(losses, radius: Self.radius(losses.count))
    points = zip(zip(rates, losses), smoothed).map { Point(rate: $0.0, loss: $0.1, smoothed: $1) }
    self.diverged = diverged
  }

  /// The rate at which the smoothed loss falls most steeply over the logarithm of the rate, short of its lowest point; nil:
  /// it never falls by more than it wavers, so the range test says nothing.
  ///
  /// As a largest rate for a schedule it is cautious: a few times as much may do as well.
  public var suggestion: Double? {
    let radius = Self.radius(points.count)
    guard points.count > 4 * radius else { return nil }
    // At the ends a mean is of few losses.
    let inner = radius..<points.count - radius
    let lowest = inner.min { points[$0].smoothed < points[$1].smoothed }!
    // A fall must stand out from the scatter of single losses around their mean: of means that only waver, the largest and
    // the smallest are some six times that far apart.
    // The tail that runs away says nothing of it.
    let fall = points[...lowest]
    let scatter = fall.reduce(0) { $0 + abs($1.loss - $1.smoothed) } / Double(fall.count)
    let noise = scatter / Double(2 * radius + 1).squareRoot()
    let highest = points[inner.lowerBound...lowest].map(\.smoothed).max()!
    guard highest > points[lowest].smoothed + 8 * noise else { return nil }
    // The fall begins where the loss is near its highest for the last time: before, it only wavers.
    let threshold = highest - 0.1 * (highest - points[lowest].smoothed)
    let first = (inner.lowerBound...lowest).last { points[$0].smoothed >= threshold } ?? inner.lowerBound
    return (first...lowest).min { slope(at: $0, radius) < slope(at: $1, radius) }.map { points[$0].rate }
  }

  private func slope(at index: Int, _ radius: Int) -> Double {
    let (before, after) = (points[index - radius], points[index + radius])
    return (after.smoothed - before.smoothed) / logarithm(after.rate / before.rate)
  }

  private static func radius(_ count: Int) -> Int { max(2, count / 30) }

  /// Means over up to `radius` neighbours to each side, with weights that fall in a line.
  private static func smooth(_ losses: [Double], radius: Int) -> [Double] {
    losses.indices.map { index in
      // As many to each side, so that a slope stays the slope it is.
      let reach = min(radius, index, losses.count - 1 - index)
      var (sum, total) = (0.0, 0.0)
      for offset in -reach...reach {
        let weight = Double(reach + 1 - abs(offset))
        sum += weight * losses[index + offset]
        total += weight
      }
      return sum / total
    }
  }
}
