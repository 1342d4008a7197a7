import Downhill

/// What is known of metrics by their names.
enum MetricNames {
  /// Whether more is better.
  static func highIsGood(_ name: String) -> Bool {
    ClassificationMetric(rawValue: name)?.higherIsBetter
      ?? RegressionMetric.Kind(rawValue: name).map { RegressionMetric($0).higherIsBetter } ?? false
  }

  /// In the order of reports; others behind them, by name.
  static func sorted(_ names: Set<String>) -> [String] {
    names.sorted { (places[$0] ?? usual.count, $0) < (places[$1] ?? usual.count, $1) }
  }

  private static let usual = ["accuracy", "balancedAccuracy", "macroF1", "logLoss", "auc", "rmse", "mae", "r2"]
  private static let places = Dictionary(uniqueKeysWithValues: usual.enumerated().map { ($1, $0) })
}
