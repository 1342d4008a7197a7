internal import DownhillNetwork

extension Recipe {
  /// With numbers for what is left to the task, to the number of training rows, and to what there is to learn from.
  ///
  /// The rules are few and coarse, since what they are chosen by is noisy: docs/RECIPES.md has the figures.
  /// - Parameter madeForTable: whether the network is the recipe's own and learns from a table. Images, and networks that are
  ///   declared, get what suits ordinary layers.
  public func settled(for task: LearningTask, rows: Int, madeForTable: Bool = true) -> Recipe {
    var recipe = self
    recipe.members = settledMembers(madeForTable: madeForTable)
    if name == .plain || !madeForTable {
      recipe.settleOrdinary(for: task, rows: rows)
    } else {
      recipe.settleTable(for: task, rows: rows)
    }
    return recipe
  }

  /// How many networks; it decides how rows are parted, before their number is known.
  func settledMembers(madeForTable: Bool) -> Int {
    if let members { return members }
    guard madeForTable else { return 1 }
    return switch name {
    case .plain: 1
    case .fast: 3
    case .default: 5
    case .best: 10
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
    dropout = dropout ?? (task == .classification ? 0.2 : 0.1)
    parametrization = parametrization ?? .standard
    parametricActivation = parametricActivation ?? false
    embedding = embedding ?? NumberEmbedding.none
    scalesInputs = scalesInputs ?? false
    residual = residual ?? false
    learningRate = learningRate ?? 0.002
    batchSize = batchSize ?? (rows < 1_000 ? 64 : 256)
    epochs = epochs ?? min(max(2_000_000 / max(1, rows), 20), 100)
  }

  /// RealMLP's network and rates (Holzmüller et al., "Better by default", 2024).
  private mutating func settleTable(for task: LearningTask, rows: Int) {
    let isClassification = task == .classification
    layers = layers ?? (name == .fast ? [128, 128, 128] : [256, 256, 256])
    activation = activation ?? (isClassification ? .selu : .mish)
    dropout = dropout ?? 0.15
    parametrization = parametrization ?? (learningRate == nil ? .neuralTangent : .standard)
    parametricActivation = parametricActivation ?? true
    embedding = embedding ?? .periodic()
    scalesInputs = scalesInputs ?? true
    residual = residual ?? false
    mostOneHot = mostOneHot ?? 8
    learningRate =
      learningRate ?? (parametrization == .standard ? 0.002 : isClassification ? 0.04 : 0.2)
    decaySchedule = decaySchedule ?? .flatCosine
    dropoutSchedule = dropoutSchedule ?? .flatCosine
    average = average ?? 0.99
    batchSize = batchSize ?? 256
    epochs = epochs ?? min(max(2_000_000 / max(1, rows), 20), 100)
  }
}
