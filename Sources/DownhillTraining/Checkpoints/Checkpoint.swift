internal import DownhillCompute

/// Where a training stands: everything that the rest of it depends on. A training that goes on from it comes to the same bits
/// as one that was never interrupted.
///
/// What else training draws on (the order of the rows, dropout) is a function of seed, epoch and step.
public struct Checkpoint: Sendable, Equatable {
  /// What is trained, on what, and how.
  public let setup: TrainingSetup
  public let progress: Progress
  /// θ.
  let parameters: Vector
  /// The parameters of the epoch that would be the result: the best, or the last whole one.
  let kept: Vector
  /// The optimizer's memory, vectors of θ's layout.
  let optimizer: [Vector]

  /// How far a training has come.
  public struct Progress: Sendable, Equatable, Codable {
    /// The epoch under way, from 1, and how many of its rows are done.
    public var epoch = 1
    public var rows = 0
    /// Steps so far, over all epochs.
    public var steps = 0
    /// Of the epoch's rows that are done: Σ wᵢ lᵢ and Σ wᵢ.
    var lossSum = 0.0
    var weightSum = 0.0
    /// η of the last step.
    var rate = 0.0
    /// What the learning rate is multiplied with since training was set back.
    var backOff = 1.0
    public var history: [TrainingEvent.Epoch] = []
    var best: Best?
    var keptEpoch = 0
    /// Set when training has ended: there is nothing to go on with.
    public var ending: TrainingEvent.Ending?
  }

  /// The epoch that was best on the validation samples.
  struct Best: Sendable, Equatable, Codable {
    var epoch: Int
    var score: Score
  }
}
