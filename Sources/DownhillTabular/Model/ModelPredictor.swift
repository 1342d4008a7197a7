public import DownhillCompute
public import DownhillNetwork
internal import DownhillTables
public import DownhillTraining

/// A model at work: predicts rows of tables, or images.
public final class ModelPredictor {
  public let model: Model
  /// One a member.
  private let predictors: [Predictor]
  private let workers: WorkerPool
  private let memory = WordMemory()

  /// - Parameter threads: nil: as many as there are processors.
  public init(_ model: Model, threads: Int? = nil) throws(NetworkError) {
    self.model = model
    workers = WorkerPool(threads: threads)
    var predictors: [Predictor] = []
    for parameters in model.members {
      predictors.append(try Predictor(model.network, parameters: parameters, workers: workers))
    }
    self.predictors = predictors
  }

  /// Rows encoded and predicted at a time: what bounds the memory that they take.
  private static let rowsAtATime = 2048

  /// - Throws: `LearningError` where the features are not what the model takes.
  public func predict(_ features: Examples.Features) throws -> Predictions {
    try predict(features, rows: features.rows)
  }

  /// Some of the rows, in the order given.
  package func predict(_ features: Examples.Features, rows: [Int32]) throws -> Predictions {
    var source = try FeatureRows(model.encoder, features, memory)
    var outputs = Matrix(rows: rows.count, columns: try model.network.outputs().count)
    let view = outputs.mutableView()
    for first in stride(from: 0, to: rows.count, by: Self.rowsAtATime) {
      let range = first..<min(rows.count, first + Self.rowsAtATime)
      let inputs = source.matrix(Array(rows[range]), workers: workers)
      let members = try predictors.map { try $0.predict(inputs) }
      let predicted = members.count == 1 ? members[0] : model.mean(of: members)
      predicted.withView { view[rows: range].copy($0) }
    }
    return Predictions(outputs: outputs, of: model, report: source.report)
  }

  /// Compares predictions with the right answers. Rows without an answer are left out.
  /// - Throws: `LearningError` where the features are not what the model takes, or where no row has an answer.
  public func evaluate(_ examples: Examples) throws -> Evaluation {
    let answered = examples.answered
    guard !answered.isEmpty else {
      throw LearningError("no row of \(examples.source) has a value in the target column “\(model.target)”")
    }
    return try evaluate(examples, rows: answered)
  }

  /// On some of the rows, all of which have an answer.
  func evaluate(_ examples: Examples, rows: [Int32]) throws -> Evaluation {
    try evaluate(predict(examples.features, rows: rows), of: examples, rows: rows)
  }

  /// Predictions of some of the rows, in their order.
  package func evaluate(_ predictions: Predictions, of examples: Examples, rows: [Int32]) throws -> Evaluation {
    let target = examples.target.select(rows: rows)
    switch model.targetEncoding {
    case .classes(let labels):
      let classes = model.targetEncoding.classes(of: target)
      let unknown = classes.count { $0 == labels.count }
      // A label that the model doesn't know is a class that it gives the probability 0.
      let probabilities = unknown == 0 ? predictions.probabilities : predictions.probabilities.withZeroColumn()
      let metrics = ClassificationMetrics(probabilities: probabilities, classes: classes)
      return Evaluation(
        scores: .classification(metrics), unknownLabels: unknown, unseen: predictions.report.unseen)
    case .value(let scaling):
      guard case .numbers(let truth) = target.values else {
        throw LearningError("the target column “\(model.target)” of \(examples.source) holds texts, not numbers")
      }
      // Less the mean, which changes no metric and leaves floats enough digits for what remains.
      let metrics = RegressionMetrics(
        predictions: predictions.values.map { Float($0 - scaling.offset) },
        targets: truth.map { Float($0 - scaling.offset) })
      return Evaluation(scores: .regression(metrics), unknownLabels: 0, unseen: predictions.report.unseen)
    }
  }
}

/// What a model says of some rows.
public struct Predictions: Sendable {
  /// A row a sample, a column a label; no columns for a regression.
  public let probabilities: Matrix
  /// The labels of the columns.
  public let labels: [String]
  /// In the target's own units; empty for a classification.
  public let values: [Double]
  public let report: TableEncoder.Report

  init(outputs: Matrix, of model: Model, report: TableEncoder.Report) {
    self.report = report
    labels = model.labels
    switch model.targetEncoding {
    case .classes:
      // One output is the probability of the second label.
      let pairs = outputs.columns > 1 ? outputs : outputs.withComplement()
      probabilities = model.temperature == 1 ? pairs : pairs.tempered(by: model.temperature)
      values = []
    case .value(let scaling):
      probabilities = Matrix(rows: outputs.rows, columns: 0)
      let limits = model.limits
      values = outputs.elements.map { output in
        let value = scaling.invert(output)
        return limits.map { min(max(value, $0.lowerBound), $0.upperBound) } ?? value
      }
    }
  }

  /// Predictions that were made in several parts.
  package init(probabilities: Matrix, labels: [String], values: [Double], report: TableEncoder.Report) {
    (self.probabilities, self.labels, self.values, self.report) = (probabilities, labels, values, report)
  }

  public var count: Int { labels.isEmpty ? values.count : probabilities.rows }

  /// The most probable label of a row.
  public func label(_ row: Int) -> String {
    let probabilities = self.probabilities.row(row)
    return labels[probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0]
  }
}

/// How predictions compare with the right answers.
public struct Evaluation: Sendable {
  public enum Scores: Sendable {
    case classification(ClassificationMetrics)
    case regression(RegressionMetrics)
  }

  public let scores: Scores
  /// Rows whose label the model doesn't know: they count as wrong.
  public let unknownLabels: Int
  /// Columns with categories that the model doesn't know, and in how many rows.
  public let unseen: [(column: String, rows: Int)]

  package init(scores: Scores, unknownLabels: Int, unseen: [(column: String, rows: Int)]) {
    (self.scores, self.unknownLabels, self.unseen) = (scores, unknownLabels, unseen)
  }

  public var rows: Int {
    switch scores {
    case .classification(let metrics): metrics.rows
    case .regression(let metrics): metrics.rows
    }
  }

  /// The metrics by name, those that have a value.
  public var values: [(name: String, value: Double)] {
    let all: [(String, Double?)]
    switch scores {
    case .classification(let metrics):
      all = [
        ("accuracy", metrics.accuracy), ("balancedAccuracy", metrics.balancedAccuracy), ("macroF1", metrics.macroF1),
        ("logLoss", metrics.logLoss), ("auc", metrics.auc),
      ]
    case .regression(let metrics): all = [("rmse", metrics.rmse), ("mae", metrics.mae), ("r2", metrics.r2)]
    }
    return all.compactMap { name, value in value.flatMap { $0.isFinite ? (name, $0) : nil } }
  }
}

extension Matrix {
  /// With one more column, of zeros.
  package func withZeroColumn() -> Matrix {
    var wider = Matrix(rows: rows, columns: columns + 1)
    wider.mutableView()[columns: 0..<columns].copy(view)
    return wider
  }

  /// p as the row (1 − p, p).
  func withComplement() -> Matrix {
    var both = Matrix(rows: rows, columns: 2)
    let target = both.mutableView().base
    for (row, p) in elements.enumerated() { (target[2 * row], target[2 * row + 1]) = (1 - p, p) }
    return both
  }
}
