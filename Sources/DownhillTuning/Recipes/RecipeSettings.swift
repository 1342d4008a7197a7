internal import DownhillNetwork
internal import DownhillTables
package import DownhillTabular

extension RecipeSetting {
  /// All settings that can be searched, in the order in which they are applied: an optimizer comes with settings of its own,
  /// which those behind it replace.
  public static let all: [RecipeSetting] = [
    .word("optimizer", get: \.optimizer, set: { $1 = $1.with($0) }) {
      $0.recipe.optimizer == .adamw || $0.recipe.optimizer == .muon ? .choice(["adamw", "muon"]) : nil
    },
    .init("depth", .whole, isArchitecture: true, get: { ($0.layers?.count).map { .number(Double($0)) } }, set: setDepth)
    {
      _ in .whole(1, 5)
    },
    .init("width", .whole, isArchitecture: true, get: { $0.width.map { .number(Double($0)) } }, set: setWidth) {
      .whole(min(64, $0.recipe.width ?? 64), max(384, $0.recipe.width ?? 0), .log)
    },
    .word("activation", isArchitecture: true, get: \.activation, set: { $1.activation = $0 }) {
      .choice(["selu", "mish", "silu", "gelu", "relu"], and: ($0.recipe.activation?.rawValue).map { .text($0) })
    },
    .flag("parametric-activation", \.parametricActivation, isArchitecture: true),
    .spelled("embedding", isArchitecture: true, get: \.embedding?.description, set: setEmbedding) {
      guard let embedding = $0.recipe.embedding, embedding != NumberEmbedding.none else { return nil }
      return .choice(
        ["none", "periodic(deviation: 0.03)", "periodic", "periodic(deviation: 0.3)", "periodic(deviation: 1)"],
        and: .text(embedding.description))
    },
    .flag("input-scale", \.scalesInputs, isArchitecture: true),
    .flag("residual", \.residual, isArchitecture: true) { _ in .choice([false, true]) },
    .flag("skewed-ranks", \.ranksSkewed),
    .whole("text-words", \.mostWords),
    .flag("rough-values", \.codesRoughValues),
    .whole("most-one-hot", \.mostOneHot),
    .number("dropout", \.dropout, isArchitecture: true) { .number(0, max(0.5, $0.recipe.dropout ?? 0)) },
    .init("label-smoothing", .number, get: \.labelSmoothing, set: setLabelSmoothing) {
      $0.task == .classification && $0.recipe.labelSmoothing != nil ? .number(0, 0.1) : nil
    },
    .number("learning-rate", \.learningRate) { circumstances in
      circumstances.recipe.learningRate.map { .number($0 / 8, $0 * 4, .log) }
    },
    .number("momentum", \.momentum),
    .number("beta2", \.beta2) {
      $0.recipe.optimizer.hasBeta2 ? .choice([0.9, 0.95, 0.99, 0.999], and: .number($0.recipe.beta2)) : nil
    },
    .spelled("schedule", get: \.schedule.description, set: setSchedule),
    .number("weight-decay", \.weightDecay) {
      $0.recipe.weightDecay > 0 ? .number($0.recipe.weightDecay / 10, $0.recipe.weightDecay * 10, .log) : nil
    },
    // A moving average of one step is none; nil would be what the recipe's name says.
    .init("average", .number, get: { .number($0.average ?? 0) }, set: setAverage) {
      .choice([0, 0.9, 0.99, 0.997], and: $0.recipe.average.map { .number($0) })
    },
    .number("clip-norm", \.clipNorm, orNone: true),
    .whole("batch-size", \.batchSize) {
      if $0.recipe.optimizer.takesAllRows { return nil }
      let own = ($0.recipe.batchSize).map { SearchValue.number(Double($0)) }
      return .choice(
        $0.rows < 2_000 ? [32, 64, 128, 256] : $0.rows < 20_000 ? [64, 128, 256, 512] : [128, 256, 512, 1024], and: own)
    },
    .whole("epochs", \.epochs) { circumstances in
      circumstances.recipe.epochs.map { .whole(max(1, $0 / 2), $0 * 2, .log) }
    },
    .word("scaling", get: \.scaling, set: { $1.scaling = $0 }) {
      .choice(
        NumberScaling.Kind.allCases.filter { $0 != .none }.map { .text($0.rawValue) },
        and: .text($0.recipe.scaling.rawValue))
    },
    .word("monitor", get: \.monitor, set: { $1.monitor = $0 }),
  ]

  public static subscript(name: String) -> RecipeSetting? { all.first { $0.name == name } }

  @Sendable private static func setDepth(_ value: SearchValue, _ recipe: inout Recipe) -> String? {
    guard let depth = value.whole, (0...1000).contains(depth) else { return "it is a number of layers, not \(value)" }
    recipe.layers = Array(repeating: recipe.layers?.last ?? 128, count: depth)
    return nil
  }

  @Sendable private static func setWidth(_ value: SearchValue, _ recipe: inout Recipe) -> String? {
    guard let width = value.whole, width >= 1 else { return "it is a width of layers, from 1, not \(value)" }
    recipe.layers = (recipe.layers ?? [width, width]).map { _ in width }
    return nil
  }

  @Sendable private static func setAverage(_ value: SearchValue, _ recipe: inout Recipe) -> String? {
    guard let number = value.number else { return "it is a number, 0 for none, not \(value)" }
    recipe.average = number
    return nil
  }

  @Sendable private static func setEmbedding(_ text: String, _ recipe: inout Recipe) throws(SpellingError) {
    recipe.embedding = try NumberEmbedding(text)
  }

  @Sendable private static func setSchedule(_ text: String, _ recipe: inout Recipe) throws(SpellingError) {
    recipe.schedule = try ScheduleSetting(text)
  }

  @Sendable private static func setLabelSmoothing(_ value: SearchValue, _ recipe: inout Recipe) -> String? {
    guard let number = value.number else { return "it is a number, not \(value)" }
    guard recipe.labelSmoothing != nil else { return "the loss \(recipe.loss.map { "\($0)" } ?? "") has none" }
    if number == 0 && recipe.loss == nil { return nil }
    let weights = (recipe.loss?.loss as? CrossEntropy)?.classWeights ?? []
    let loss = CrossEntropy(labelSmoothing: Float(number), classWeights: weights)
    recipe.loss = LossSetting(loss)
    return (0..<1).contains(number) ? nil : "it is at least 0 and below 1, not \(number)"
  }
}

extension Recipe {
  /// That all hidden layers have; nil: there is none, or not one.
  fileprivate var width: Int? {
    guard let first = layers?.first else { return nil }
    return layers?.allSatisfy { $0 == first } == true ? first : nil
  }

  /// nil: the loss has none.
  fileprivate var labelSmoothing: SearchValue? {
    guard let loss else { return 0 }
    return (loss.loss as? CrossEntropy).map { .number(Double($0.labelSmoothing)) }
  }

  /// With the values of a point instead of its own. Names and values are those of a space that was checked.
  package func with(_ point: SearchPoint) -> Recipe {
    var recipe = self
    for setting in RecipeSetting.all {
      guard let value = point[setting.name], setting.get(recipe) != value else { continue }
      _ = setting.set(value, &recipe)
    }
    return recipe
  }
}

extension Recipe.OptimizerName {
  fileprivate var hasBeta2: Bool { [.adam, .adamw, .nadam, .lion, .rmsprop, .muon].contains(self) }
}
