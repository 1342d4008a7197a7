internal import DownhillTabular

/// A number that says how good predictions are, and, where that can be told, a 95 % interval for rows like these.
public struct Score: Sendable, Equatable {
  /// As `Evaluation.values` has it: `accuracy`, `logLoss`, `rmse`.
  public let name: String
  public let value: Double
  /// Wilson's of the accuracy; of means of losses mean ± 1.96 s / √n, of the RMSE its root.
  public let interval: Interval?
}

extension Score {
  /// The metrics of an evaluation with the intervals of those that are means over rows.
  static func all(of evaluation: Evaluation, losses: [Double]) -> [Score] {
    evaluation.values.map { name, value in
      let interval: Interval? =
        switch name {
        case "accuracy": wilsonInterval(value, rows: losses.count)
        case "logLoss": mean(losses)
        case "mae": mean(losses.map { $0.squareRoot() })
        case "rmse": mean(losses).map { Interval(lower: $0.lower.squareRoot(), upper: $0.upper.squareRoot()) }
        default: nil
        }
      return Score(name: name, value: value, interval: interval)
    }
  }

  /// Of the mean of numbers that are not negative.
  private static func mean(_ values: [Double]) -> Interval? {
    guard values.count > 1 else { return nil }
    let estimate = Estimate(values)
    let margin = normalQuantile * estimate.deviation / Double(values.count).squareRoot()
    return Interval(lower: max(0, estimate.mean - margin), upper: estimate.mean + margin)
  }
}
