public import DownhillNetwork

extension TrainingOptions {
  /// What schedules say for a step, from 0, of a training of so many (which may be more than an `Int` holds): settings of the
  /// update, and the factor on the probability of dropout.
  public func values(
    forStep step: Int, of total: Double, backOff: Double = 1
  ) -> (settings: UpdateSettings, dropout: Double) {
    let start = Double(step) / total, end = Double(step + 1) / total
    func factor(_ schedule: (any Schedule)?) -> Double { schedule.map { $0.factor(from: start, to: end) } ?? 1 }
    let settings = UpdateSettings(
      rate: learningRate * schedule.factor(from: start, to: end) * backOff, momentumFactor: factor(momentumSchedule),
      decayFactor: factor(decaySchedule))
    return (settings, factor(dropoutSchedule))
  }

  /// What is wrong with the schedules; nil: nothing.
  var scheduleObjection: String? {
    let schedules: [(what: String, schedule: (any Schedule)?, isAtMost1: Bool)] = [
      ("rate", schedule, false), ("momentum", momentumSchedule, true), ("decay", decaySchedule, false),
      ("dropout", dropoutSchedule, true),
    ]
    for (what, schedule, isAtMost1) in schedules {
      guard let schedule else { continue }
      if let objection = schedule.objection { return objection }
      // A schedule of the user's own may say anything; what it says here and there is a good sample.
      for progress in stride(from: 0.0, through: 1, by: 1.0 / 128) {
        let factor = schedule.factor(at: progress)
        guard factor >= 0, factor.isFinite, !isAtMost1 || factor <= 1 else {
          let range = isAtMost1 ? "from 0 to 1" : "finite and at least 0"
          return "\(schedule) has the factor \(factor) at \(progress) of training; for the \(what) factors are \(range)"
        }
      }
    }
    return nil
  }
}
