public import DownhillCompute
public import DownhillNetwork

/// A number that says how good predictions are, in terms that matter to people; a loss says it in terms that have
/// derivatives.
public protocol Metric: Sendable {
  /// Its name in displays and files.
  var name: String { get }
  var higherIsBetter: Bool { get }

  /// Its value for a network's outputs, a row a sample; nil where it has none.
  func value(of outputs: Matrix, for samples: Samples) -> Double?
}

/// The metrics of predicted probabilities: a column a class, or one column with the probability of class 1.
public enum ClassificationMetric: String, Metric {
  case accuracy, balancedAccuracy, macroF1, logLoss, auc

  public var name: String { rawValue }
  public var higherIsBetter: Bool { self != .logLoss }

  public func value(of outputs: Matrix, for samples: Samples) -> Double? {
    guard case .classes(let classes) = samples.targets, !classes.isEmpty else { return nil }
    let metrics = ClassificationMetrics(probabilities: outputs, classes: classes, weights: samples.weights)
    return switch self {
    case .accuracy: metrics.accuracy
    case .balancedAccuracy: metrics.balancedAccuracy
    case .macroF1: metrics.macroF1
    case .logLoss: metrics.logLoss
    case .auc: metrics.auc
    }
  }
}

/// The metrics of predicted values.
public struct RegressionMetric: Metric {
  public enum Kind: String, Sendable { case rmse, mae, r2 }
  public let kind: Kind
  /// How many of the target's own units the network's unit is: where targets were standardised, their standard
  /// deviation.
  public let unit: Double

  public init(_ kind: Kind, unit: Double = 1) {
    self.kind = kind
    self.unit = unit
  }

  public var name: String { kind.rawValue }
  public var higherIsBetter: Bool { kind == .r2 }

  public func value(of outputs: Matrix, for samples: Samples) -> Double? {
    guard case .values(let targets) = samples.targets, targets.rows > 0 else { return nil }
    let metrics = RegressionMetrics(predictions: outputs, targets: targets, weights: samples.weights)
    return switch kind {
    case .rmse: metrics.rmse * unit
    case .mae: metrics.mae * unit
    case .r2: metrics.r2
    }
  }
}
