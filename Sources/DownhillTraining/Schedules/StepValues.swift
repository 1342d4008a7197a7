/// What schedules say for one step. An optimizer is handed it before the step's updates.
public struct StepValues: Sendable, Equatable {
  /// From 0.
  public var step: Int
  /// The learning rate η.
  public var rate: Double
  /// Factors on what the optimizer has as momentum (Adam's β₁) and weight decay, and on the probability of dropout.
  public var momentum = 1.0
  public var decay = 1.0
  public var dropout = 1.0

  public init(step: Int, rate: Double) {
    self.step = step
    self.rate = rate
  }
}

extension TrainingOptions {
  /// The values for a step, from 0, of a training of so many: which may be more than an `Int` holds.
  public func values(forStep step: Int, of total: Double) -> StepValues {
    let start = Double(step) / total, end = Double(step + 1) / total
    var values = StepValues(step: step, rate: learningRate * schedule.factor(from: start, to: end))
    if let momentumSchedule { values.momentum = momentumSchedule.factor(from: start, to: end) }
    if let decaySchedule { values.decay = decaySchedule.factor(from: start, to: end) }
    if let dropoutSchedule { values.dropout = dropoutSchedule.factor(from: start, to: end) }
    return values
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
