// A checkpoint has a checksum, which whoever writes a file can make too: what it claims is checked before it is used.

extension Checkpoint.Progress {
  /// What can't be in a training over so many rows; nil: nothing.
  func objection(rows: Int, in training: TrainingEvent.Beginning) -> String? {
    guard epoch >= 1, epoch - 1 <= training.epochs else { return "its epoch is \(epoch) of \(training.epochs)" }
    guard (0..<rows).contains(self.rows), self.rows % training.batchSize == 0 else {
      return "\(self.rows) rows of its epoch are done, of \(rows) in batches of \(training.batchSize)"
    }
    let (before, overflow) = (epoch - 1).multipliedReportingOverflow(by: training.stepsPerEpoch)
    guard steps >= 0, !overflow, steps - self.rows / training.batchSize == before else {
      return "it counts \(steps) steps up to row \(self.rows) of epoch \(epoch)"
    }
    guard history.count == epoch - 1, zip(history, 1...).allSatisfy({ $0.epoch == $1 }) else {
      return "its history is not that of \(epoch - 1) epochs"
    }
    guard (0..<epoch).contains(keptEpoch), best.map({ (1..<epoch).contains($0.epoch) }) ?? true else {
      return "it keeps the parameters of an epoch that is yet to come"
    }
    guard lossSum.isFinite, weightSum.isFinite, weightSum >= 0, backOff > 0, backOff <= 1 else {
      return "its sums and factors are not those of a training"
    }
    return nil
  }
}
