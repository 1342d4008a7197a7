public import DownhillNetwork
public import DownhillTraining

extension Recipe {
  /// The network for so many inputs and for a target, of a recipe that is settled.
  public func network(inputs: Int, target: TargetEncoding) -> Network {
    Network(inputs: [inputs]) {
      for width in layers ?? [] {
        Linear(width)
        activation.layer
        if let dropout, dropout > 0 { Dropout(Float(dropout)) }
      }
      switch target {
      case .classes where loss == .binaryCrossEntropy:
        Linear(1)
        Sigmoid()
      case .classes(let labels):
        Linear(labels.count)
        Softmax()
      case .value:
        Linear(1)
      }
    }
  }

  public func lossFunction(for task: LearningTask) -> any Loss {
    switch loss {
    case .crossEntropy: CrossEntropy()
    case .binaryCrossEntropy: BinaryCrossEntropy()
    case .meanSquaredError: MeanSquaredError()
    case nil: task == .classification ? CrossEntropy() : MeanSquaredError()
    }
  }

  /// As the trainer takes them, of a recipe that is settled.
  public func trainingOptions(for target: TargetEncoding, seed: UInt64, threads: Int?) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = makeOptimizer()
    options.learningRate = learningRate
    options.schedule = makeSchedule()
    options.clipping = clipping
    options.average = average.map { MovingAverage($0) }
    options.decaying = ParameterKind.all.subtracting(undecayed ?? [])
    if optimizer == .gd { options.batchSize = .all } else if let batchSize { options.batchSize = .rows(batchSize) }
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

  private func makeSchedule() -> any Schedule {
    switch schedule {
    case .constant: ConstantSchedule()
    case .step: StepSchedule()
    case .cosine: CosineSchedule()
    case .warmUp: LinearWarmUp()
    case .warmUpCosine: LinearWarmUp(then: CosineSchedule())
    }
  }

  /// What is wrong with the recipe's settings, before there is any data; nil: nothing.
  public var objection: String? {
    if let width = layers?.first(where: { $0 < 1 }) { return "a hidden layer is at least 1 wide, not \(width)" }
    if let dropout, !(dropout >= 0 && dropout < 1) { return "dropout is at least 0 and below 1, not \(dropout)" }
    if !(Float(learningRate) > 0 && Float(learningRate).isFinite) {
      return "a learning rate is above 0 and fits a 32-bit float, unlike \(learningRate)"
    }
    if !(weightDecay >= 0 && weightDecay.isFinite) { return "weight decay is at least 0, not \(weightDecay)" }
    if let batchSize, batchSize < 1 { return "a batch has at least one row, not \(batchSize)" }
    if let epochs, epochs < 1 { return "training takes at least one epoch, not \(epochs)" }
    if let patience, patience < 1 { return "early stopping waits at least one epoch, not \(patience)" }
    if !(validation >= 0 && validation < 1) { return "validation takes a share from 0 to below 1, not \(validation)" }
    if patience != nil && validation == 0 { return "early stopping needs validation rows, and validation is 0" }
    return makeOptimizer().objection ?? clipping.objection ?? average.flatMap { MovingAverage($0).objection }
  }
}
