/// What is left of the answers when the predictions are taken away: y − ŷ.
public struct Residuals: Sendable, Equatable {
  /// Of the residuals at `shares`.
  public let quantiles: [Double]
  public static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
  /// Above 0: the truth is more than what is predicted, on average.
  public let mean: Double
  /// Some of the rows, or all.
  public let points: [Point]
  /// Rows put into groups of equally many by their predictions.
  public let bands: [Band]
  /// Bins of equal width from the 0.5th to the 99.5th percentile; what is beyond is in the outermost.
  public let histogram: Histogram

  public struct Point: Sendable, Equatable {
    public let prediction: Double
    public let truth: Double
  }

  public struct Band: Sendable, Equatable {
    public let rows: Int
    public let meanPrediction: Double
    public let meanResidual: Double
    /// The 10th and the 90th percentile of the residuals.
    public let low: Double
    public let high: Double
  }
}

/// Counts of numbers in bins of equal width.
public struct Histogram: Sendable, Equatable {
  public let lower: Double
  public let upper: Double
  public let counts: [Int]

  /// - Parameter trim: the share of the numbers at each end that may lie beyond the outermost bins, which count them too.
  init(_ ascending: [Double], bins: Int, trim: Double = 0) {
    let (low, high) = (quantile(ascending, trim), quantile(ascending, 1 - trim))
    var counts = [Int](repeating: 0, count: high > low ? bins : 1)
    for number in ascending {
      // Halves, whose difference fits; numbers beyond all bounds have no share of it.
      let share = high > low ? (number / 2 - low / 2) / (high / 2 - low / 2) * Double(counts.count) : 0
      let bin = share.isFinite ? Int(min(max(share, 0), Double(bins))) : number > low ? bins : 0
      counts[min(counts.count - 1, bin)] += 1
    }
    (lower, upper, self.counts) = (low, high, counts)
  }
}

extension Residuals {
  private static let mostPoints = 500
  private static let mostBands = 10
  private static let binCount = 31

  init(predictions: [Double], truth: [Double], seed: UInt64) {
    let residuals = zip(truth, predictions).map { $0 - $1 }
    let ascending = residuals.sorted()
    quantiles = Self.shares.map { quantile(ascending, $0) }
    mean = residuals.reduce(0, +) / Double(residuals.count)
    points = sample(Self.mostPoints, of: truth.count, seed: seed, index: -1).map {
      Point(prediction: predictions[$0], truth: truth[$0])
    }
    histogram = Histogram(ascending, bins: Self.binCount, trim: 0.005)
    let order = predictions.indices.sorted { (predictions[$0], $0) < (predictions[$1], $1) }
    let count = min(Self.mostBands, max(1, order.count / 5))
    bands = (0..<count).map { band in
      let rows = order[band * order.count / count..<(band + 1) * order.count / count]
      let own = rows.map { residuals[$0] }.sorted()
      return Band(
        rows: rows.count, meanPrediction: rows.reduce(0) { $0 + predictions[$1] } / Double(rows.count),
        meanResidual: own.reduce(0, +) / Double(own.count), low: quantile(own, 0.1), high: quantile(own, 0.9))
    }
  }
}
