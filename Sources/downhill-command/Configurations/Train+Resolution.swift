import Downhill

/// A training with everything decided, as a configuration that repeats it.
extension Train {
  /// The files that it reads.
  var files: [String] { data + [labels, test, testImages, testLabels, initialWeights].compactMap { $0 } }

  /// All that decides the result, and nothing that doesn't: no threads, no times, not where anything is written.
  func resolved(_ learner: Learner, _ learning: Learning, _ fingerprints: DataFingerprints) throws -> JSONValue {
    let network = try learner.layers.map(Configuration.network)
    var members: [(String, JSONValue?)] = [
      ("data", .array(data.map { .string($0) })), ("target", target.map { .string($0) }),
      ("labels", labels.map { .string($0) }), ("image-size", imageSize.map { .string("\($0)") }),
      ("task", .string(learning.target.task.rawValue)),
    ]
    members += schema.members + reading.members + rows.members
    members += RecipeOptions.members(of: learning, declaresNetwork: network != nil)
      // A column that says what rows are for leaves no share to be held back.
      .filter { $0.0 != "validation" || rows.split == nil }
    members += [
      ("network", network), ("holdout", holdout > 0 ? JSONValue(holdout) : nil), ("test", test.map { .string($0) }),
      ("test-images", testImages.map { .string($0) }), ("test-labels", testLabels.map { .string($0) }),
      ("seed", JSONValue(seed)), ("initial-weights", initialWeights.map { .string($0) }),
      ("no-shuffle", noShuffle ? true : nil),
      ("on-divergence", safekeeping.onDivergence == .stop ? nil : .string(safekeeping.onDivergence.rawValue)),
      ("fingerprints", fingerprints.isEmpty ? nil : fingerprints.json),
    ]
    return .object(JSONObject(members.compactMap { name, value in value.map { (name, $0) } }.filter { $0.1 != .null }))
  }
}

extension SchemaOptions {
  fileprivate var members: [(String, JSONValue?)] {
    let names = overrides
    let lists = [
      ("numeric", names.numeric), ("categorical", names.categorical), ("texts", names.texts),
      ("dates", names.dates), ("ignore", names.ignore), ("missing", missing),
    ]
    return lists.map { name, list in (name, list.isEmpty ? nil : .array(list.map { .string($0) })) }
  }
}

extension ReadingOptions {
  fileprivate var members: [(String, JSONValue?)] {
    [("encoding", encoding.map { .string($0.rawValue) }), ("skip-bad-rows", skipBadRows ? true : nil)]
  }
}

extension SplitOptions {
  fileprivate var members: [(String, JSONValue?)] {
    [("weights", weights), ("split", split), ("split-by", splitBy), ("split-time", splitTime)].map { name, column in
      (name, column.map { .string($0) })
    }
  }
}

extension RecipeOptions {
  /// The options that make a recipe which is settled; `resolved` is the way back.
  static func members(of learning: Learning, declaresNetwork: Bool) -> [(String, JSONValue?)] {
    let recipe = learning.recipe
    // Values that the optimizer has no use for are left to it, or there would be notes about them.
    var usual = recipe.reference.recipe.with(recipe.optimizer)
    usual.members = recipe.members
    usual = usual.settled(for: learning.target.task, rows: learning.trainingRows)
    let hasMomentum = usersOfMomentum.contains(recipe.optimizer) || recipe.momentum != usual.momentum
    let hasBatches = !recipe.optimizer.takesAllRows || recipe.batchSize != usual.batchSize
    let hasRate = recipe.optimizer != .lbfgs || recipe.learningRate != usual.learningRate
    func number(_ value: Double?) -> JSONValue? { value.map { JSONValue($0) } }
    func text(_ value: (some CustomStringConvertible)?) -> JSONValue? { value.map { .string("\($0)") } }
    let layers = declaresNetwork ? nil : recipe.layers.map { JSONValue.array($0.map { JSONValue($0) }) }
    return [
      ("recipe", .string("\(recipe.reference)")), ("layers", layers),
      ("activation", declaresNetwork ? nil : recipe.activation.map { .string($0.rawValue) }),
      ("parametrization", declaresNetwork ? nil : recipe.parametrization.map { .string($0.word) }),
      ("parametric-activation", declaresNetwork ? nil : recipe.parametricActivation.map { .boolean($0) }),
      ("embedding", declaresNetwork ? nil : text(recipe.embedding)),
      ("input-scale", declaresNetwork ? nil : recipe.scalesInputs.map { .boolean($0) }),
      ("residual", declaresNetwork ? nil : recipe.residual.map { .boolean($0) }),
      ("skewed-ranks", declaresNetwork ? nil : recipe.ranksSkewed.map { .boolean($0) }),
      ("text-words", declaresNetwork ? nil : recipe.mostWords.map { JSONValue($0) }),
      ("rough-values", declaresNetwork ? nil : recipe.codesRoughValues.map { .boolean($0) }),
      ("most-one-hot", declaresNetwork ? nil : recipe.mostOneHot.map { JSONValue($0) }),
      ("dropout", declaresNetwork ? nil : number(recipe.dropout)), ("loss", text(recipe.loss)),
      ("optimizer", .string(recipe.optimizer.rawValue)), ("learning-rate", hasRate ? number(recipe.learningRate) : nil),
      ("momentum", hasMomentum ? number(recipe.momentum) : nil),
      ("beta2", number(recipe.beta2)), ("schedule", text(recipe.schedule)),
      ("momentum-schedule", text(recipe.momentumSchedule)), ("decay-schedule", text(recipe.decaySchedule)),
      ("dropout-schedule", text(recipe.dropoutSchedule)), ("weight-decay", number(recipe.weightDecay)),
      ("no-bias-decay", recipe.undecayed == nil ? nil : true), ("average", number(recipe.average)),
      ("clip-norm", number(recipe.clipNorm)), ("clip-value", number(recipe.clipValue)),
      ("batch-size", hasBatches ? recipe.batchSize.map { JSONValue($0) } : nil),
      ("epochs", recipe.epochs.map { JSONValue($0) }), ("validation", number(recipe.validation)),
      ("members", recipe.members.map { JSONValue($0) }),
      ("early-stopping", recipe.patience.map { JSONValue($0) }), ("monitor", .string(recipe.monitor.rawValue)),
      ("refit", .boolean(recipe.refits)),
      ("scaling", recipe.standardizesTarget ? .string(recipe.scaling.rawValue) : nil),
      ("no-standardize", recipe.standardizesTarget ? nil : true),
    ]
  }
}

extension JSONValue {
  /// A configuration with the epochs and members that there was time for.
  func withLengths(of recipe: Recipe) -> JSONValue {
    guard case .object(let object) = self else { return self }
    return .object(
      JSONObject(
        object.members.map { member in
          switch member.name {
          case "epochs": (member.name, recipe.epochs.map { JSONValue($0) } ?? member.value)
          case "members": (member.name, recipe.members.map { JSONValue($0) } ?? member.value)
          default: (member.name, member.value)
          }
        }))
  }
}
