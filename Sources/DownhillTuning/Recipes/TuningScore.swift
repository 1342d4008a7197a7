public import DownhillTabular
internal import DownhillTraining

/// What trials are compared by; the lower the better.
public enum TuningScore: String, Sendable, Codable, CaseIterable {
  /// −log of the probability of the right class, on average: tells good probabilities from bad ones also where no label changes.
  case logLoss = "log-loss"
  /// The share of wrong labels, 1 − accuracy.
  case error
  case rmse, mae

  public var task: LearningTask { self == .logLoss || self == .error ? .classification : .regression }

  /// Of a task, where nothing else is asked for.
  public static func usual(for task: LearningTask) -> TuningScore { task == .classification ? .logLoss : .rmse }

  /// What it is called in reports.
  public var title: String {
    switch self {
    case .logLoss: "log loss"
    case .error: "error"
    case .rmse: "RMSE"
    case .mae: "MAE"
    }
  }

  func value(in evaluation: Evaluation) -> Double? {
    switch (self, evaluation.scores) {
    case (.logLoss, .classification(let metrics)): metrics.logLoss
    case (.error, .classification(let metrics)): 1 - metrics.accuracy
    case (.rmse, .regression(let metrics)): metrics.rmse
    case (.mae, .regression(let metrics)): metrics.mae
    default: nil
    }
  }

  /// Worked out after each epoch, for rungs: up to its unit the same.
  var metric: any Metric {
    switch self {
    case .logLoss: ClassificationMetric.logLoss
    case .error: ClassificationMetric.accuracy
    case .rmse: RegressionMetric(.rmse)
    case .mae: RegressionMetric(.mae)
    }
  }

  func value(of epoch: TrainingEvent.Epoch) -> Double? {
    // The last of that name is the one that was added.
    let value = epoch.metrics.last { $0.name == metric.name }?.value
    return self == .error ? value.map { 1 - $0 } : value
  }
}
