public import DownhillTabular

/// A network beside boosted trees, both judged on the same rows, of which neither has seen the answers.
public struct TreeComparison: Sendable {
  /// What the network comes to on these rows, and what the trees do.
  public let network: Evaluation
  public let trees: Evaluation
  /// How far trees are ahead: in accuracy; of a regression, how much greater the network's RMSE is than theirs, as a part of
  /// theirs. Below 0: the network is.
  public let lead: PairedLead
  /// How many rows the network was judged on; `rows` is how many of these both are compared on.
  public let judgedRows: Int
  /// Which rows these are.
  public let part: TrainingRecord.Part
  /// Rows that trees were grown on, and that the network has learned from. Of very many, or where time is short, trees take some.
  public let trainedRows: Int
  public let networkRows: Int
  public let treeCount: Int
  public let seconds: Double
  /// Whether trees were ended by time.
  public let isCutShort: Bool

  /// Rows that both are compared on.
  public var rows: Int { trees.rows }

  /// A lead that matters, whether it is certain or not: 2 points of accuracy, or 5 % of RMSE.
  static func margin(of task: LearningTask) -> Double { task == .classification ? 0.02 : 0.05 }

  public var task: LearningTask { if case .classification = trees.scores { .classification } else { .regression } }

  /// Whether the lead is more than chance makes it, 95 times of 100.
  public var isCertain: Bool { lead.interval.lowerBound > 0 }

  /// Whether trees would probably do better here: they are ahead by more than matters, or certainly.
  public var favoursTrees: Bool { lead.value > Self.margin(of: task) || isCertain }
}
