public import DownhillTabular

/// What a model does on some rows, and what it relies on there. `Explainer` makes it.
public struct Explanation: Sendable {
  /// Of an ensemble's own rows the first member.
  public let model: Model
  /// What messages call the data.
  public let source: String
  public let acquaintance: Acquaintance
  public let rows: Int
  public let scores: [Score]
  public let evaluation: Evaluation
  /// nil: the model takes images, or was not asked for.
  public let importance: PermutationImportance?
  public let dependence: [PartialDependence]
  /// Of a classification.
  public let confusion: Confusion?
  public let calibration: Calibration?
  /// Of a regression.
  public let residuals: Residuals?
  public let worst: [WorstRow]
  /// Of a table: the target first, then what the model takes. Of many rows a sample.
  public let columns: [ColumnSummary]
  public let summarizedRows: Int
  public let seed: UInt64
}
