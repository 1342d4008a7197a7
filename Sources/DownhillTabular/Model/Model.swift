public import DownhillFiles
public import DownhillNetwork
public import DownhillTables

/// A trained network with all that predicting needs: what the columns are, how they become numbers, what the outputs
/// mean. It is saved as one file.
public struct Model: Sendable {
  /// The columns of the table that it was trained on, the target among them; nil: it takes images.
  public let schema: Schema?
  /// The name of the target.
  public let target: String
  public let encoder: FeatureEncoder
  public let targetEncoding: TargetEncoding
  public let network: Network
  /// The parameters of each member of an ensemble, whose predictions are averaged: the logarithms of probabilities, or values.
  /// Most models have one.
  public var members: [Parameters]
  /// T: probabilities are p^(1/T), normalised; above 1 they are more careful than the network's (Guo et al., “On calibration of modern
  /// neural networks”, 2017).
  public var temperature = 1.0
  /// What a regression's predictions are held within: the least and the greatest answer that it was trained on; nil: nothing.
  public var limits: ClosedRange<Double>?
  public let record: TrainingRecord
  /// How the training was asked for, for whoever wants to repeat it: the command writes down its own options here. nil: nobody
  /// did.
  public var configuration: JSONValue?

  /// Those of the first member, or of the only one.
  public var parameters: Parameters { members[0] }
  public var task: LearningTask { targetEncoding.task }
  /// The labels of a classification, in the order of the probabilities.
  public var labels: [String] { targetEncoding.labels }
}

/// How a model came to be.
public struct TrainingRecord: Sendable, Codable, Equatable {
  public var recipe: Recipe
  /// What trained it, where that was not the recipe's optimizer.
  public var optimizer: String?
  public var seed: UInt64
  /// Rows that were trained on, that chose the best epoch, and that were held back to judge the result.
  public var trainingRows: Int
  public var validationRows: Int
  public var testRows: Int
  /// The epoch whose parameters these are, and how many there were.
  public var epoch: Int
  public var epochs: Int
  /// Whether the network was then trained again from the start on the training and the validation rows up to `epoch`.
  /// Then losses and metrics of validation rows are those of the first training.
  public var refitted: Bool
  public var history: [Entry]
  /// What the metrics were worked out on.
  public var metricsOn: Part
  public var metrics: [String: Double]
  /// The best epoch of each member of an ensemble; nil: there is one network. `history` is that of the first.
  public var memberEpochs: [Int]?

  public enum Part: String, Sendable, Codable { case test, holdout, validation, train }

  /// One epoch. No times, so that the same training makes the same file.
  public struct Entry: Sendable, Codable, Equatable {
    public var epoch: Int
    public var loss: Double
    public var validationLoss: Double?
    public var metrics: [String: Double]
    public var rate: Double
  }
}
