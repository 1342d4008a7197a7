public import DownhillNetwork

/// What training leaves.
public struct TrainingResult: Sendable {
  /// The best on the validation samples where early stopping kept them, else the last; of the moving average where there is
  /// one.
  public let parameters: Parameters
  /// The epoch that the parameters are of; 0: the start.
  public let epoch: Int
  public let history: [TrainingEvent.Epoch]
  public let ending: TrainingEvent.Ending
  public let seconds: Double
}

/// Why there is no training, or no more of it.
public enum TrainingError: Error, Sendable, CustomStringConvertible {
  /// An option that makes no sense.
  case invalid(String)
  /// A loss, or parameters, that are not finite: at that epoch and step (from 1), with that rate before
  /// the schedule's factor. `lastGood` is what
  /// training had come to by then.
  case diverged(epoch: Int, step: Int, rate: Double, loss: Double, lastGood: TrainingResult)

  public var description: String {
    switch self {
    case .invalid(let reason): return reason
    case .diverged(_, 1, _, let loss, _) where !loss.isFinite:
      return "the loss is \(word(loss)) at the first step, before any parameter was changed: look for inputs or "
        + "targets that are not numbers, infinite or very large"
    case .diverged(let epoch, let step, let rate, let loss, let lastGood):
      let found = loss.isFinite ? "the parameters are no longer finite" : "the loss is \(word(loss))"
      let kept =
        lastGood.epoch > 0 ? "the parameters of epoch \(lastGood.epoch) are kept" : "no epoch was finished before"
      return "training diverged: \(found) at epoch \(epoch), step \(step), with the learning rate \(Float(rate)); "
        + "\(kept). Try a learning rate of \(Float(rate / 10)), standardised inputs, or a smaller momentum"
    }
  }

  private func word(_ loss: Double) -> String { loss.isNaN ? "not a number" : "\(loss)" }
}
