/// What happens in training. The trainer prints nothing; terminals, files and pages are views of these.
public enum TrainingEvent: Sendable {
  /// The events that follow, up to the next of this kind, are those of one member of an ensemble, counted from 1.
  case member(Int, of: Int)
  case began(Beginning)
  case step(Step)
  case epoch(Epoch)
  /// A checkpoint was written.
  case checkpoint(path: String)
  /// Something went wrong that training survives.
  case warning(String)
  case ended(Ending)

  public struct Beginning: Sendable {
    public let rows: Int
    public let validationRows: Int
    public let parameters: Int
    public let epochs: Int
    public let stepsPerEpoch: Int
    public let batchSize: Int
    /// Steps that were done before, where training goes on from a checkpoint.
    public let resumedAfter: Int
  }

  public struct Step: Sendable {
    /// From 1.
    public let epoch: Int
    /// From 1, over all epochs.
    public let step: Int
    /// The batch's mean loss before the update.
    public let loss: Double
    public let rate: Double
  }

  public struct Epoch: Sendable, Equatable, Codable {
    /// From 1.
    public let epoch: Int
    /// Steps so far.
    public let steps: Int
    /// The weighted mean over the epoch's rows of their loss, each before the update that it took part in.
    public let loss: Double
    public let validationLoss: Double?
    /// On the validation samples.
    public let metrics: [MetricValue]
    /// η of the last step.
    public let rate: Double
    /// Of this epoch, validation included.
    public let seconds: Double
    /// Training alone.
    public let rowsPerSecond: Double
    /// Whether no epoch before was better on the validation samples; false without them.
    public let isBest: Bool
  }

  public enum Ending: String, Sendable, Equatable, Codable {
    /// All epochs done.
    case completed
    /// No better epoch for as long as patience lasts.
    case stoppedEarly
    /// There is nothing to be gained by going on: a minimizer is at the bottom.
    case converged
    /// Someone asked to stop.
    case interrupted
    /// The time that it was given is over.
    case outOfTime

    /// Whether training would have gone on.
    public var isCutShort: Bool { self == .interrupted || self == .outOfTime }
  }
}

/// A metric and its value.
public struct MetricValue: Sendable, Equatable, Codable {
  public let name: String
  public let value: Double

  public init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}
