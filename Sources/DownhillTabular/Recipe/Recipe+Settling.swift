internal import DownhillNetwork

extension Recipe {
  /// With numbers for what is left to the task, to the number of training rows, and to what there is to learn from.
  ///
  /// The rules are few and coarse, since what they are chosen by is noisy: docs/RECIPES.md has the figures.
  /// - Parameter madeForTable: whether the network is the recipe's own and learns from a table. Images, and networks that are
  ///   declared, get what suits ordinary layers.
  public func settled(for task: LearningTask, rows: Int, madeForTable: Bool = true) -> Recipe {
    var recipe = self
    if madeForTable && isForTables {
      recipe.settleTable(for: task, rows: rows)
    } else {
      recipe.settleOrdinary(for: task, rows: rows)
    }
    return recipe
  }

  /// Whether tables get a network of their own kind. It needs steps that don't depend on the scale of the gradient.
  var isForTables: Bool {
    switch optimizer {
    case .gd, .sgd, .nesterov, .lbfgs: false
    case .adagrad, .rmsprop, .adam, .adamw, .nadam, .lion, .muon: name != .plain && version ?? 1 > 1
    }
  }

  /// How many networks; it decides how rows are parted, before their number is known.
  func settledMembers(madeForTable: Bool) -> Int {
    if let members { return members }
    guard madeForTable, isForTables, layers != [] else { return 1 }
    return switch name {
    case .plain: 1
    case .fast: 6
    case .default: 10
    case .best: 20
    }
  }

  /// Layers of the standard parametrization, and nothing before them.
  /// - Few rows get a network of half the width, which learns less of their noise, and small batches: more steps.
  /// - 100 epochs: fewer lose, more gain nothing. Where rows are many, an epoch has steps enough, and the number of
  ///   times that training looks at a row is bounded instead, which bounds its time.
  /// - Regressions lose by much dropout.
  private mutating func settleOrdinary(for task: LearningTask, rows: Int) {
    layers = layers ?? (rows < 2_000 ? [128, 128] : [256, 256])
    activation = activation ?? .silu
    dropout = dropout ?? (optimizer == .lbfgs ? 0 : task == .classification ? 0.2 : 0.1)
    learningRate = learningRate ?? 0.002
    batchSize = batchSize ?? (rows < 1_000 ? 64 : 256)
    epochs = epochs ?? min(max(2_000_000 / max(1, rows), 20), 100)
  }

  /// RealMLP's network and rates (Holzmüller et al., "Better by default", 2024), with another schedule, no label smoothing,
  /// and a moving average. Batches are small where rows are few: some two thousand steps are needed whatever their number.
  private mutating func settleTable(for task: LearningTask, rows: Int) {
    let isClassification = task == .classification
    let isLinear = layers == []
    members = settledMembers(madeForTable: true)
    let width = name == .fast ? 96 : name == .best ? 256 : 128
    layers = layers ?? [width, width, width]
    activation = activation ?? (isClassification ? .selu : .mish)
    dropout = dropout ?? 0.15
    parametrization = parametrization ?? .neuralTangent
    parametricActivation = parametricActivation ?? true
    // Many rows tell finer differences between numbers.
    let deviation: Float = rows < 20_000 ? 0.1 : 0.5
    embedding = embedding ?? (isLinear ? NumberEmbedding.none : .periodic(deviation: deviation))
    scalesInputs = scalesInputs ?? !isLinear
    mostOneHot = mostOneHot ?? 8
    mostWords = mostWords ?? 128
    ranksSkewed = ranksSkewed ?? true
    codesRoughValues = codesRoughValues ?? true
    learningRate = learningRate ?? (isClassification ? 0.0025 : 0.0125)
    decaySchedule = decaySchedule ?? .flatCosine
    dropoutSchedule = dropoutSchedule ?? .flatCosine
    average = average ?? (name == .fast ? 0.98 : 0.99)
    batchSize = batchSize ?? (rows < 1_024 ? 32 : rows < 2_048 ? 64 : rows < 4_096 ? 128 : 256)
    let most = name == .fast ? 52 : 100
    epochs = epochs ?? min(max(20_000 * most / max(1, rows), most / 5), most)
  }
}
