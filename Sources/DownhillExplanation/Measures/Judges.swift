internal import DownhillCompute
internal import DownhillTables
internal import DownhillTabular

/// The models of a judgement at work: each row is predicted by the one that may.
final class Judges {
  let model: Model
  private let predictors: [ModelPredictor]
  /// For each row of the judgement the number of its model.
  private let owners: [Int]

  init(_ judgement: Judgement, threads: Int?) throws {
    guard let first = judgement.parts.first else { throw LearningError("there are no rows to explain the model on") }
    model = first.model
    predictors = try judgement.parts.map { try ModelPredictor($0.model, threads: threads) }
    owners = judgement.parts.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element.rows.count) }
  }

  /// - Parameters:
  ///   - rows: of the features; nil: all.
  ///   - places: for each of them its place in the judgement.
  func predict(_ features: Examples.Features, rows: [Int32]? = nil, places: [Int]) throws -> Predictions {
    let all = rows ?? places.indices.map(Int32.init)
    if predictors.count == 1 { return try predictors[0].predict(features, rows: all) }
    var probabilities = Matrix(rows: places.count, columns: model.labels.count)
    var values = [Double](repeating: 0, count: model.labels.isEmpty ? places.count : 0)
    var unseen: [String: Int] = [:]
    for (owner, predictor) in predictors.enumerated() {
      let own = places.indices.filter { owners[places[$0]] == owner }
      if own.isEmpty { continue }
      let part = try predictor.predict(features, rows: own.map { all[$0] })
      for (column, count) in part.report.unseen { unseen[column, default: 0] += count }
      for (place, row) in own.enumerated() {
        if model.labels.isEmpty { values[row] = part.values[place] }
        for label in model.labels.indices { probabilities[row, label] = part.probabilities[place, label] }
      }
    }
    let report = TableEncoder.Report(unseen: unseen.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    return Predictions(probabilities: probabilities, labels: model.labels, values: values, report: report)
  }

  /// As an evaluation has them.
  func evaluate(_ predictions: Predictions, _ judgement: Judgement) throws -> Evaluation {
    try predictors[0].evaluate(predictions, of: judgement.examples, rows: judgement.rows)
  }
}

/// The right answers to some rows.
enum Answers {
  /// Indices into the model's labels; one past the last for a label that it doesn't know.
  case classes([Int32])
  case values([Double])

  init(_ judgement: Judgement, _ model: Model) throws {
    let target = judgement.examples.target.select(rows: judgement.rows)
    switch (model.task, target.values) {
    case (.classification, _): self = .classes(model.targetEncoding.classes(of: target))
    case (.regression, .numbers(let numbers)): self = .values(Array(numbers))
    case (.regression, _):
      throw LearningError(
        "the target column “\(model.target)” of \(judgement.examples.source) holds texts, not numbers")
    }
  }

  func select(_ places: [Int]) -> Answers {
    switch self {
    case .classes(let classes): .classes(places.map { classes[$0] })
    case .values(let values): .values(places.map { values[$0] })
    }
  }

  /// What each row costs: −log p̂ of its class, with probabilities clipped as the log loss has it, or (y − ŷ)².
  func losses(_ predictions: Predictions) -> [Double] {
    switch self {
    case .values(let values): return zip(values, predictions.values).map { ($0 - $1) * ($0 - $1) }
    case .classes(let classes):
      let smallest = Float.ulpOfOne
      return classes.enumerated().map { row, label in
        let probability = Int(label) < predictions.labels.count ? predictions.probabilities[row, Int(label)] : 0
        return -logarithm(Double(min(max(probability, smallest), 1 - smallest)))
      }
    }
  }

  /// Whether each row's most probable label is the right one; empty for values.
  func hits(_ predictions: Predictions) -> [Bool] {
    guard case .classes(let classes) = self else { return [] }
    return zip(classes, predictions.classes).map { $0 == $1 }
  }
}

extension Predictions {
  /// The index of each row's most probable label, the first of equals.
  var classes: [Int32] {
    let columns = labels.count
    let elements = probabilities.elements
    return (0..<count).map { row in
      var best = 0
      for label in 0..<columns where elements[row * columns + label] > elements[row * columns + best] { best = label }
      return Int32(best)
    }
  }
}
