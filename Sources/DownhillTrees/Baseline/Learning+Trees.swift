internal import DownhillNetwork
internal import DownhillTables
public import DownhillTabular
public import DownhillTraining

extension Learning {
  /// Grows boosted trees on the rows that a network learned from, and compares both on the rows that it was judged on: the test
  /// rows, those held back, or the validation rows; of an ensemble those that each member has left out, with the same folds.
  ///
  /// The trees are a quick yardstick: 31 leaves, a rate of 0.1, up to 300 rounds, ended by the validation rows. The same training
  /// compares with the same trees on any number of threads, as long as time suffices.
  /// - Parameters:
  ///   - learned: what training this came to.
  ///   - seconds: about how long it may take: where that is too short for all rows, trees are grown on some.
  /// - Returns: nil where there is nothing to compare: for images, where the network is judged on rows that it has learned from,
  ///   and where a regression goes down another loss than squared errors; and where there is no quick way: for more than 1,000
  ///   columns or 100 classes.
  /// - Throws: `LearningError` where the judged rows can't be predicted.
  public func compareWithTrees(
    _ learned: Learned, seconds: Double = 10, stop: StopSignal? = nil
  ) throws -> TreeComparison? {
    guard case .table(let table) = examples.features, learned.model.record.metricsOn != .train else { return nil }
    if target.task == .regression, let loss = recipe.loss, !(loss.loss is MeanSquaredError) { return nil }
    guard table.columns.count <= 1_000, target.labels.count <= 100 else { return nil }
    return try TreeBaseline(self, table, seconds: seconds, stop: stop).compare(learned)
  }

  /// Rows that the network has learned from.
  func networkRows(_ learned: Learned) -> Int {
    let record = learned.model.record
    if !parts.folds.isEmpty { return parts.folds.indices.map { parts.rows(ofMember: $0).count }.max() ?? 0 }
    let isRefitted = record.refitted && record.metricsOn != .validation
    return parts.training.count + (isRefitted ? parts.validation.count : 0)
  }
}
