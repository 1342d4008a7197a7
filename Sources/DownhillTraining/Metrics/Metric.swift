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
    precondition(outputs.rows == classes.count, "\(outputs.rows) rows, \(classes.count) classes")
    precondition(outputs.columns > 0, "probabilities of no class")
    // Each by itself, for they are worked out after every epoch.
    switch self {
    case .logLoss: return ClassificationMetrics.logLoss(outputs, classes, samples.weights)
    case .auc: return outputs.columns <= 2 ? ClassificationMetrics.auc(outputs, classes, samples.weights) : nil
    case .accuracy, .balancedAccuracy, .macroF1: break
    }
    let predicted = ClassificationMetrics.predictedClasses(outputs)
    if self == .accuracy, samples.weights == nil {
      return Double(zip(classes, predicted).count { $0 == $1 }) / Double(classes.count)
    }
    let tallies = ClassTallies(
      classes: max(2, outputs.columns), truth: classes, predicted: predicted, weights: samples.weights)
    return self == .accuracy ? tallies.accuracy : self == .macroF1 ? tallies.macroF1 : tallies.balancedAccuracy
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
