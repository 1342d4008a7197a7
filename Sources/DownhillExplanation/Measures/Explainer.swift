internal import DownhillTables
public import DownhillTabular
internal import DownhillTraining

/// Finds out what a model does, and what it relies on: by predictions alone, so that it works for any model.
///
///     let explanation = try Explainer().explain(Judgement(model, on: examples))
///     let page = Report(explanation).html
///
/// The result is the same on any number of threads.
public struct Explainer: Sendable {
  /// The rows, at most, that importance and dependence are worked out on, drawn by the seed; nil: as many as keep it within
  /// moments, from 500 to 5,000. All else is of all rows.
  public var rows: Int?
  /// How often each column is permuted.
  public var repeats = 10
  /// The columns whose partial dependence is worked out; nil: the most important.
  public var columns: [String]?
  public var seed: UInt64 = 0
  /// nil: as many as there are processors.
  public var threads: Int?
  public var worstRows = 10

  public init() {}

  /// How many of the most important columns are looked at, and how many columns of the worst rows are shown.
  private static let dependences = 6
  private static let columnsOfRows = 8
  /// Rows that are asked about one value after the other.
  private static let dependenceRows = 500
  private static let summaryRows = 20_000

  /// - Throws: `LearningError` where the rows are not what the model takes, or a column is none that it takes.
  public func explain(_ judgement: Judgement, acquaintance: Acquaintance = .other) throws -> Explanation {
    let judges = try Judges(judgement, threads: threads)
    let model = judges.model
    let names = try columnNames(of: model, judgement.examples)
    let rows = judgement.rows
    let predictions = try judges.predict(judgement.examples.features, rows: rows, places: Array(0..<rows.count))
    let evaluation = try judges.evaluate(predictions, judgement)
    let answers = try Answers(judgement, model)
    let losses = answers.losses(predictions)

    var importance: PermutationImportance?
    var dependence: [PartialDependence] = []
    var summaries: [ColumnSummary] = []
    var summarized = 0
    if case .table(let table) = judgement.examples.features {
      let count = self.rows ?? budget(columns: names.count, members: model.members.count)
      let places = sample(count, of: rows.count, seed: seed)
      let some = table.select(rows: places.map { rows[$0] })
      let found = try PermutationImportance(
        judges, some, places: places, answers: answers.select(places), columns: names, repeats: repeats, seed: seed)
      importance = found
      let shown = columns ?? found.columns.prefix(Self.dependences).filter { $0.loss.mean > 0 }.map(\.name)
      dependence = try partialDependence(of: shown, judges, some, places, answers)
      let seen = sample(Self.summaryRows, of: rows.count, seed: seed, index: -2)
      let summary = table.select(rows: seen.map { rows[$0] })
      summaries = ([model.target] + names).compactMap { summary[$0].map(ColumnSummary.init) }
      summarized = seen.count
    }
    let order = importance?.columns.map(\.name) ?? []
    var confusion: Confusion?, calibration: Calibration?, residuals: Residuals?
    switch (answers, evaluation.scores) {
    case (.classes(let classes), .classification(let metrics)):
      confusion = Confusion(model.labels, metrics.confusion)
      calibration = Calibration(predictions, classes)
    case (.values(let values), _):
      residuals = Residuals(predictions: predictions.values, truth: values, seed: seed)
    default: break
    }
    return Explanation(
      model: model, source: judgement.examples.source, acquaintance: acquaintance, rows: rows.count,
      scores: Score.all(of: evaluation, losses: losses), evaluation: evaluation, importance: importance,
      dependence: dependence, confusion: confusion, calibration: calibration, residuals: residuals,
      worst: WorstRow.find(
        worstRows, judgement, predictions, losses: losses, columns: Array(order.prefix(Self.columnsOfRows))),
      columns: summaries, summarizedRows: summarized, seed: seed)
  }

  /// The columns of the table that the model takes, in their order.
  private func columnNames(of model: Model, _ examples: Examples) throws -> [String] {
    guard case .table(let encoder) = model.encoder else {
      if columns != nil { throw LearningError("the model takes images, which have no columns", kind: .request) }
      return []
    }
    // An encoder may have them in another order.
    let taken = Set(encoder.columns.map(\.column))
    let names = (model.schema?.names ?? []).filter(taken.contains)
    if let unknown = columns?.first(where: { !names.contains($0) }) {
      let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
      throw LearningError(
        "the model takes no column “\(unknown)”"
          + (unknown == model.target ? ", which is its target" : "") + ". It takes \(shown)", kind: .request)
    }
    return names
  }

  /// So many rows that some million are predicted in all.
  private func budget(columns: Int, members: Int) -> Int {
    min(5000, max(500, 1_000_000 / max(1, columns * repeats * members)))
  }

  private func partialDependence(
    of names: [String], _ judges: Judges, _ table: Table, _ places: [Int], _ answers: Answers
  ) throws -> [PartialDependence] {
    let chosen = sample(Self.dependenceRows, of: places.count, seed: seed, index: -3)
    let some = chosen.count == places.count ? table : table.select(rows: chosen.map(Int32.init))
    let itsPlaces = chosen.map { places[$0] }
    let outputs = Self.outputs(answers, labels: judges.model.labels.count)
    return try names.compactMap { name in
      guard let column = table[name] else { return nil }
      return try PartialDependence(judges, some, places: itsPlaces, of: column, outputs: outputs)
    }
  }

  /// Of two labels the second; of more the most frequent, in their order.
  private static func outputs(_ answers: Answers, labels: Int) -> [Int] {
    guard case .classes(let classes) = answers else { return [] }
    if labels == 2 { return [1] }
    var counts = [Int](repeating: 0, count: labels + 1)
    for label in classes { counts[Int(label)] += 1 }
    return (0..<labels).sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(PartialDependence.mostOutputs).sorted()
  }
}
