internal import DownhillCompute
internal import DownhillTabular

/// Whether probabilities mean what they say: rows put into 15 bins of equal width by their probability, and in each how often the
/// event came (Guo et al., "On calibration of modern neural networks", ICML 2017).
///
/// Of two labels, the event is the second label; of more, that the most probable label is the right one.
///
///     ECE = Σ_b n_b / n · | share of events in b − mean probability in b |
public struct Calibration: Sendable, Equatable {
  /// The label whose probability this is; nil: that of the most probable label.
  public let label: String?
  /// Those that hold rows, ascending.
  public let bins: [Bin]
  /// The expected calibration error.
  public let expectedError: Double
  /// What ECE would be on average for these rows if the probabilities were exactly right, by the normal approximation:
  /// √(2/π) / n · Σ_b √(Σ_{i in b} pᵢ (1 − pᵢ)). Of few rows it is far from 0.
  public let chanceError: Double
  /// The largest one of a bin.
  public let largestError: Double
  /// Brier's score (1950): the mean of (p − y)² for two labels, of Σₖ (pₖ − yₖ)² for more.
  public let brier: Double

  public struct Bin: Sendable, Equatable {
    /// From above `lower` to `upper`.
    public let lower: Double
    public let upper: Double
    public let rows: Int
    public let meanProbability: Double
    public let share: Double
    /// Wilson's of the share.
    public let interval: Interval
  }

  public static let binCount = 15
}

extension Calibration {
  init(_ predictions: Predictions, _ classes: [Int32]) {
    let isBinary = predictions.labels.count == 2
    let best = predictions.classes
    let probabilities = best.indices.map { Double(predictions.probabilities[$0, isBinary ? 1 : Int(best[$0])]) }
    self.init(
      label: isBinary ? predictions.labels[1] : nil, probabilities: probabilities,
      events: zip(classes, best).map { isBinary ? $0 == 1 : $0 == $1 },
      brier: Self.brier(predictions, classes))
  }

  init(label: String?, probabilities: [Double], events: [Bool], brier: Double) {
    var sums = [(rows: Int, probability: Double, events: Int, variance: Double)](
      repeating: (0, 0, 0, 0), count: Self.binCount)
    for (probability, event) in zip(probabilities, events) {
      let bin = min(Self.binCount - 1, max(0, Int((probability * Double(Self.binCount)).rounded(.up)) - 1))
      sums[bin].rows += 1
      sums[bin].probability += probability
      sums[bin].events += event ? 1 : 0
      sums[bin].variance += probability * (1 - probability)
    }
    bins = sums.enumerated().filter { $0.element.rows > 0 }.map { index, sum in
      let share = Double(sum.events) / Double(sum.rows)
      return Bin(
        lower: Double(index) / Double(Self.binCount), upper: Double(index + 1) / Double(Self.binCount), rows: sum.rows,
        meanProbability: sum.probability / Double(sum.rows), share: share,
        interval: wilsonInterval(share, rows: sum.rows))
    }
    let total = Double(probabilities.count)
    expectedError = bins.reduce(0) { $0 + Double($1.rows) / total * abs($1.share - $1.meanProbability) }
    chanceError = (2 / Double.pi).squareRoot() / total * sums.reduce(0) { $0 + $1.variance.squareRoot() }
    largestError = bins.map { abs($0.share - $0.meanProbability) }.max() ?? 0
    (self.label, self.brier) = (label, brier)
  }

  private static func brier(_ predictions: Predictions, _ classes: [Int32]) -> Double {
    let columns = predictions.labels.count
    let elements = predictions.probabilities.elements
    var sum = 0.0
    for (row, label) in classes.enumerated() {
      for column in (columns == 2 ? 1 : 0)..<columns {
        let difference = Double(elements[row * columns + column]) - (Int(label) == column ? 1 : 0)
        sum += difference * difference
      }
      // A label that the model doesn't know has the probability 0.
      if Int(label) >= columns && columns > 2 { sum += 1 }
    }
    return sum / Double(classes.count)
  }
}
