public import DownhillNetwork

/// How to train: everything but the network, the loss and the samples.
public struct TrainingOptions: Sendable {
  public var optimizer: any Optimizer = Adam()
  /// Instead of an optimizer on batches: each epoch is one iteration on all rows, which finds the length of its step itself.
  /// Training ends where it has converged; its own `iterations` don't count. Rate, schedules, clipping, averages and dropout
  /// have no place beside it; its penalty is the weight decay. nil: the optimizer trains.
  public var minimizer: LBFGS?
  /// η, before the schedule's factor.
  public var learningRate = 0.001
  /// Bounds on the gradient.
  public var clipping = Clipping()
  /// A moving average of θ, which validation looks at and which is the result; nil: θ itself is.
  public var average: MovingAverage?
  /// The kinds of parameters that the optimizer's weight decay pulls towards 0.
  public var decaying = ParameterKind.all
  public var schedule: any Schedule = ConstantSchedule()
  /// Of the optimizer's momentum (Adam's β₁), of weight decay, and of the probabilities of all dropout; nil: as they are.
  /// Factors of momentum and dropout are from 0 to 1.
  public var momentumSchedule: (any Schedule)?
  public var decaySchedule: (any Schedule)?
  public var dropoutSchedule: (any Schedule)?
  public var batchSize = BatchSize.rows(32)
  /// Passes over the samples, at most.
  public var epochs = 100
  /// The epoch after which training ends although the schedule goes on to `epochs`; nil: none.
  public var endsAfter: Int?
  /// Whether each epoch takes the rows in an order of its own; else as they stand.
  public var shuffles = true
  /// Judged on the validation samples; nil: the last parameters are the result.
  public var earlyStopping: EarlyStopping?
  /// Worked out on the validation samples after each epoch.
  public var metrics: [any Metric] = []
  /// Of all random choices: shuffling, dropout, initial parameters.
  public var seed: UInt64 = 0
  /// nil: none are written.
  public var checkpointing: Checkpointing?
  /// Seconds after which training ends with the step under way; nil: none.
  public var timeLimit: Double?
  /// What to do when the loss or the parameters are no longer finite.
  public var onDivergence = DivergenceHandling.stop
  /// At most; there are never more than processors. nil: as many as these. It changes the speed, never the result.
  public var threads: Int?

  public init() {}

  /// How a step changes θ; nil: the step only differentiates.
  var ruleOfStep: UpdateRule? { minimizer == nil ? updateRule : nil }

  /// What is wrong with a minimizer or with what stands beside it; nil: nothing.
  var minimizerObjection: String? {
    guard let minimizer else { return nil }
    func unless(_ isAsItWas: Bool, _ what: String) -> String? {
      isAsItWas ? nil : "L-BFGS has no \(what): it takes all rows at once and finds the length of its steps itself"
    }
    return minimizer.objection ?? unless(schedule is ConstantSchedule, "schedule")
      ?? unless(momentumSchedule == nil && decaySchedule == nil && dropoutSchedule == nil, "schedules")
      ?? unless(clipping == Clipping(), "clipping") ?? unless(average == nil, "moving average")
      ?? unless(decaying == ParameterKind.all, "parameters that its penalty leaves alone")
  }

  /// How a step changes θ.
  public var updateRule: UpdateRule {
    UpdateRule(optimizer, clipping: clipping, average: average, decaying: decaying)
  }
}

/// What to do when training diverges.
public enum DivergenceHandling: Sendable, Equatable {
  /// End with an error that carries the last good parameters.
  case stop
  /// Go back to the beginning of the epoch, or of one before it, and halve the learning rate, so many times at most.
  case backOff(times: Int = 5)
}

/// How many rows make a step.
public enum BatchSize: Sendable, Equatable {
  case rows(Int)
  /// All of them: gradient descent as such.
  case all

  func rows(of count: Int) -> Int {
    switch self {
    case .rows(let rows): min(rows, count)
    case .all: count
    }
  }
}

/// Keeps the parameters of the epoch that was best on the validation samples, and ends training when that is long ago.
public struct EarlyStopping: Sendable, Equatable {
  /// Epochs without a better one after which training ends; nil: never.
  public var patience: Int?
  public var monitor: Monitor

  /// What better means.
  public enum Monitor: Sendable, Equatable {
    /// A lower validation loss.
    case loss
    /// A better first metric of the options, or an equal one with a lower validation loss.
    case firstMetric
  }

  public init(patience: Int? = nil, monitor: Monitor = .loss) {
    self.patience = patience
    self.monitor = monitor
  }
}
