public import DownhillNetwork
public import DownhillTraining

extension Recipe {
  public func lossFunction(for task: LearningTask) -> any Loss {
    if let loss { return loss.loss }
    return task == .classification ? CrossEntropy() : MeanSquaredError()
  }

  /// As the trainer takes them, of a recipe that is settled.
  public func trainingOptions(for target: TargetEncoding, seed: UInt64, threads: Int?) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = makeOptimizer()
    options.learningRate = learningRate ?? Self.usualRate(of: optimizer)
    options.schedule = schedule.schedule
    options.momentumSchedule = momentumSchedule?.schedule
    options.decaySchedule = decaySchedule?.schedule
    options.dropoutSchedule = dropoutSchedule?.schedule
    options.clipping = clipping
    options.average = average.map { MovingAverage($0) }
    options.decaying = ParameterKind.all.subtracting(undecayed ?? [])
    if optimizer == .lbfgs { options.minimizer = LBFGS(penalty: weightDecay) }
    if optimizer.takesAllRows {
      options.batchSize = .all
    } else if let batchSize {
      options.batchSize = .rows(batchSize)
    }
    if let epochs { options.epochs = epochs }
    options.seed = seed
    options.threads = threads
    options.metrics =
      target.task == .classification ? [ClassificationMetric.accuracy] : [RegressionMetric(.rmse, unit: target.unit)]
    return options
  }

  private var clipping: Clipping { Clipping(norm: clipNorm, value: clipValue) }

  private func makeOptimizer() -> any Optimizer {
    let decay: WeightDecay = weightDecay > 0 ? .l2(weightDecay) : .none
    let decoupled: WeightDecay = weightDecay > 0 ? .decoupled(weightDecay) : .none
    switch optimizer {
    // A minimizer trains in its place.
    case .lbfgs: return GradientDescent()
    case .gd: return GradientDescent(weightDecay: decay)
    case .sgd where momentum == 0: return GradientDescent(weightDecay: decay)
    case .sgd: return Momentum(momentum, weightDecay: decay)
    case .nesterov: return Nesterov(momentum, weightDecay: decay)
    case .adam: return Adam(beta2: beta2, weightDecay: decay)
    case .adamw: return Adam(beta2: beta2, weightDecay: decoupled)
    case .adagrad: return AdaGrad(weightDecay: decay)
    case .rmsprop: return RMSProp(beta: beta2, momentum: momentum, weightDecay: decay)
    case .nadam: return NAdam(beta2: beta2, weightDecay: decay)
    case .lion: return Lion(beta2: beta2, weightDecay: decoupled)
    case .muon: return Muon(momentum, weightDecay: decoupled, others: Adam(beta2: beta2, weightDecay: decoupled))
    }
  }

  /// What makes no sense beside a minimizer of the loss over all rows.
  private var minimizerObjection: String? {
    let schedules = [momentumSchedule, decaySchedule, dropoutSchedule]
    let what: String? =
      if (dropout ?? 0) > 0 { "dropout" } else if schedule != .constant || schedules.contains(where: { $0 != nil }) {
        "schedule"
      } else if average != nil { "moving average" } else if clipNorm != nil || clipValue != nil {
        "clipping"
      } else if undecayed != nil { "parameters that weight decay leaves alone" } else { nil }
    return what.map {
      "lbfgs has no \($0): it minimises one and the same loss over all rows, and finds the length of its steps itself"
    }
  }

  /// What is wrong with the recipe's settings, before there is any data; nil: nothing.
  public var objection: String? {
    if let width = layers?.first(where: { $0 < 1 }) { return "a hidden layer is at least 1 wide, not \(width)" }
    if let dropout, !(dropout >= 0 && dropout < 1) { return "dropout is at least 0 and below 1, not \(dropout)" }
    if let learningRate, !(Float(learningRate) > 0 && Float(learningRate).isFinite) {
      return "a learning rate is above 0 and fits a 32-bit float, unlike \(learningRate)"
    }
    if !(weightDecay >= 0 && weightDecay.isFinite) { return "weight decay is at least 0, not \(weightDecay)" }
    if let batchSize, batchSize < 1 { return "a batch has at least one row, not \(batchSize)" }
    if let epochs, epochs < 1 { return "training takes at least one epoch, not \(epochs)" }
    if let patience, patience < 1 { return "early stopping waits at least one epoch, not \(patience)" }
    if let mostOneHot, mostOneHot < 0 {
      return "columns of 0 or more categories become one-hot, not of \(mostOneHot)"
    }
    if let mostWords, mostWords < 0 { return "texts get 0 or more words, not \(mostWords)" }
    if let members, members < 1 { return "an ensemble has at least one member, not \(members)" }
    if !(validation >= 0 && validation < 1) { return "validation takes a share from 0 to below 1, not \(validation)" }
    if optimizer == .lbfgs, let objection = minimizerObjection { return objection }
    if patience != nil && validation == 0 { return "early stopping needs validation rows, and validation is 0" }
    return makeOptimizer().objection ?? clipping.objection ?? average.flatMap { MovingAverage($0).objection }
  }
}
