internal import DownhillCompute
public import DownhillNetwork
internal import DownhillTables
public import DownhillTraining

/// Everything that is decided before training. Training it gives a model.
public struct Learning: Sendable {
  package let learner: Learner
  package let examples: Examples
  let test: Examples?
  package let parts: Parts
  let start: Parameters?
  /// Ready to be encoded: what they find out about texts is for all samples.
  private let features: FeatureRows
  public let encoder: FeatureEncoder
  public let target: TargetEncoding
  public let network: Network
  /// What was chosen, and what was noticed, for people.
  public let notes: [String]

  init(
    learner: Learner, examples: Examples, test: Examples?, parts: Parts, encoder: FeatureEncoder,
    target: TargetEncoding, network: Network, start: Parameters?, notes: [String]
  ) throws(LearningError) {
    features = try FeatureRows(encoder, examples.features)
    (self.learner, self.examples, self.test, self.parts) = (learner, examples, test, parts)
    (self.encoder, self.target, self.network, self.start, self.notes) = (encoder, target, network, start, notes)
  }

  public var recipe: Recipe { learner.recipe }
  public var seed: UInt64 { learner.seed }
  public var trainingRows: Int { parts.training.count }
  /// Rows that each network learns from.
  public var rowsOfEach: Int { parts.trainedOn }
  public var validationRows: Int {
    parts.folds.isEmpty ? parts.validation.count : parts.folds.reduce(0) { $0 + $1.count }
  }
  /// Rows to judge the result on: those of the test data, or held back.
  public var testRows: Int { test?.count ?? parts.holdout.count }

  /// Trains, and judges the result on the test rows, or those held back, or the validation rows, or the training rows:
  /// the first of them that there are.
  ///
  /// Where the recipe refits, events are those of the first training, which chooses the epoch; `onRefit` tells of the
  /// second. The members of an ensemble train at the same time; their events come one member's after the other's, one at a time,
  /// on any thread.
  /// - Throws: `DivergedLearning` where the loss stops being finite; `LearningError`, `TrainingError`.
  public func train(
    stop: StopSignal? = nil, onEvent: (TrainingEvent) -> Void = { _ in }, onRefit: (Refit) -> Void = { _ in }
  ) throws -> Learned {
    if !parts.folds.isEmpty { return try trainMembers(stop: stop, onEvent) }
    let trainer = Trainer(network, loss: recipe.lossFunction(for: target.task), options: trainingOptions())
    do {
      let checkpoint = try learner.safekeeping.checkpoint(onEvent)
      // The samples are not kept: a second training, or judging, has the memory for its own.
      let result = try trainer.train(
        samples(parts.training), validation: parts.validation.isEmpty ? nil : samples(parts.validation), from: start,
        resuming: checkpoint, stop: stop, onEvent: onEvent)
      return try learned(from: result, refitted: try refit(after: result, stop: stop, onRefit, onEvent))
    } catch let error as TrainingError {
      guard case .diverged(_, _, _, _, let lastGood) = error else { throw error }
      throw DivergedLearning(
        reason: error, lastGood: lastGood.epoch > 0 ? try learned(from: lastGood, refitted: nil).model : nil)
    }
  }

  /// Looks for a learning rate on the training rows; see `Trainer.findRate`.
  /// - Throws: `LearningError`, `TrainingError`.
  public func findRate(range: RateRange = RateRange(), stop: StopSignal? = nil) throws -> RateCurve {
    let trainer = Trainer(network, loss: recipe.lossFunction(for: target.task), options: trainingOptions())
    return try trainer.findRate(samples(parts.training), range: range, from: start, stop: stop)
  }

  /// Training from the start on all rows up to the epoch that was the best on the validation rows, the schedule being
  /// what it was: Holzmüller et al., "Better by default" (2024), find 5 % less error for it. nil: not asked for, no rows
  /// to add, the first training was cut short, or what is left of its time is too short. Nil also where it diverges, which the first training didn't: that
  /// one's result stands.
  private func refit(
    after first: TrainingResult, stop: StopSignal?, _ onRefit: (Refit) -> Void, _ onEvent: (TrainingEvent) -> Void
  ) throws -> TrainingResult? {
    guard recipe.refits, recipe.keepsBest, !parts.validation.isEmpty, !first.ending.isCutShort else { return nil }
    let rows = parts.training + parts.validation
    let safekeeping = learner.safekeeping.forRefit()
    let left = safekeeping.timeLimit.map { $0 - first.seconds }
    if let left {
      let epochs = Double(first.epoch) / Double(max(1, first.history.count))
      let needed = first.seconds * epochs * Double(rows.count) / Double(parts.training.count)
      if needed > left {
        onEvent(.warning("no time is left for a second training on all rows; the result is that of the first"))
        return nil
      }
    }
    onRefit(Refit(rows: rows.count, epochs: first.epoch))
    var options = trainingOptions()
    options.earlyStopping = nil
    options.metrics = []
    options.endsAfter = first.epoch
    options.checkpointing = safekeeping.checkpointing
    options.timeLimit = left
    // The first events are those of the first training; warnings are for both.
    let warn = { (event: TrainingEvent) in if case .warning = event { onEvent(event) } }
    let trainer = Trainer(network, loss: recipe.lossFunction(for: target.task), options: options)
    do {
      return try trainer.train(
        try samples(rows), from: start, resuming: try safekeeping.checkpoint(onEvent), stop: stop, onEvent: warn)
    } catch TrainingError.diverged { return nil }
  }

  func trainingOptions() -> TrainingOptions {
    var options = recipe.trainingOptions(for: target, seed: learner.seed, threads: learner.threads)
    if let optimizer = learner.optimizer { (options.optimizer, options.minimizer) = (optimizer, nil) }
    options.metrics += learner.metrics
    options.shuffles = learner.shuffles
    options.checkpointing = learner.safekeeping.checkpointing
    options.timeLimit = learner.safekeeping.timeLimit
    options.onDivergence = learner.safekeeping.onDivergence
    if !parts.validation.isEmpty { options.earlyStopping = earlyStopping }
    return options
  }

  var earlyStopping: EarlyStopping? {
    guard recipe.keepsBest || recipe.patience != nil else { return nil }
    return EarlyStopping(patience: recipe.patience, monitor: recipe.monitor == .metric ? .firstMetric : .loss)
  }

  func samples(_ rows: [Int32], threads: Int? = nil) throws -> Samples {
    var features = features
    return Samples(
      inputs: try features.largeMatrix(rows, workers: WorkerPool(threads: threads ?? learner.threads)),
      targets: target.targets(examples.target, rows: rows),
      weights: examples.weights.map { weights in
        defer { weights.giveBack() }
        return rows.map { Float(weights[Int($0)]) }
      })
  }

  private func learned(from result: TrainingResult, refitted second: TrainingResult?) throws -> Learned {
    // A refit that was cut short is worth nothing.
    let refitted = second?.ending.isCutShort == true ? nil : second
    let (part, judged, rows): (TrainingRecord.Part, Examples, [Int32])
    if let test {
      (part, judged, rows) = (.test, test, test.answered)
    } else if !parts.holdout.isEmpty {
      (part, judged, rows) = (.holdout, examples, parts.holdout)
    } else if !parts.validation.isEmpty {
      (part, judged, rows) = (.validation, examples, parts.validation)
    } else {
      (part, judged, rows) = (.train, examples, parts.training)
    }
    var record = TrainingRecord(
      recipe: recipe, optimizer: learner.optimizer?.description, seed: learner.seed, trainingRows: trainingRows,
      validationRows: validationRows,
      testRows: testRows, epoch: result.epoch, epochs: result.history.count, refitted: refitted != nil,
      history: result.history.map(TrainingRecord.Entry.init), metricsOn: part, metrics: [:])
    // A refitted network has seen the validation rows: only the first can be judged on them.
    let final = refitted?.parameters ?? result.parameters
    let draft = model(part == .validation ? result.parameters : final, record)
    let evaluation = try ModelPredictor(draft, threads: learner.threads).evaluate(judged, rows: rows)
    record.metrics = Dictionary(uniqueKeysWithValues: evaluation.values.map { ($0.name, $0.value) })
    return Learned(
      model: model(final, record), ending: second.flatMap { $0.ending.isCutShort ? $0.ending : nil } ?? result.ending,
      seconds: result.seconds + (second?.seconds ?? 0), evaluation: evaluation,
      judgement: Judgement(examples: judged, parts: [Judgement.Part(model: draft, rows: rows)]))
  }

  private func model(_ parameters: Parameters, _ record: TrainingRecord) -> Model { model([parameters], record) }

  func model(_ members: [Parameters], _ record: TrainingRecord) -> Model {
    var schema: Schema?
    if case .table(let table) = examples.features { schema = table.schema.withoutTexts(butThoseOf: encoder) }
    var model = Model(
      schema: schema, target: examples.target.name, encoder: encoder, targetEncoding: target, network: network,
      members: members, record: record)
    model.limits = answerLimits
    return model
  }

  /// The least and the greatest answer of the training rows, which no answer leaves: waves and steep activations know nothing of
  /// what lies beyond. Linear models, and networks that the user made, may go on.
  private var answerLimits: ClosedRange<Double>? {
    guard learner.layers == nil, recipe.members != nil, recipe.layers != [], case .value = target,
      case .numbers(let numbers) = examples.target.values
    else { return nil }
    let answers = learningRows.lazy.map { numbers[Int($0)] }
    guard let least = answers.min(), let greatest = answers.max() else { return nil }
    return least...greatest
  }
}

extension Schema {
  /// Texts that nothing is learned from are names of rows, and no table to predict needs to have them.
  fileprivate func withoutTexts(butThoseOf encoder: FeatureEncoder) -> Schema {
    guard case .table(let encoder) = encoder else { return self }
    let learned = Set(encoder.columns.map(\.column))
    var schema = self
    for (place, column) in columns.enumerated() where column.kind == .text && !learned.contains(column.name) {
      schema.columns[place].kind = .identifier
      schema.columns[place].reason += "; not learned from"
    }
    return schema
  }
}

/// A trained model, and how it went.
public struct Learned: Sendable {
  public let model: Model
  public let ending: TrainingEvent.Ending
  public let seconds: Double
  /// On the part that `model.record.metricsOn` names.
  public let evaluation: Evaluation
  /// Which rows these are, and which model each was predicted by.
  public let judgement: Judgement
}

/// A second training on all rows that is about to begin.
public struct Refit: Sendable, Equatable {
  /// Training and validation rows together.
  public let rows: Int
  public let epochs: Int
}

/// Training that ran away. What it had come to before is kept.
public struct DivergedLearning: Error, CustomStringConvertible {
  public let reason: TrainingError
  /// nil: not one epoch was finished.
  public let lastGood: Model?
  /// Which member of an ensemble it is, from 1.
  public internal(set) var member: Int?
  public var description: String { (member.map { "network \($0): " } ?? "") + reason.description }
}

extension TrainingRecord.Entry {
  init(_ epoch: TrainingEvent.Epoch) {
    // Validation rows may be too far off for a number; a file has none for that.
    self.init(
      epoch: epoch.epoch, loss: epoch.loss, validationLoss: epoch.validationLoss.flatMap { $0.isFinite ? $0 : nil },
      metrics: Dictionary(
        epoch.metrics.filter(\.value.isFinite).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
      rate: epoch.rate)
  }
}
