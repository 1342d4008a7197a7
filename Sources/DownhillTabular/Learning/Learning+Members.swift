internal import DownhillCompute
internal import DownhillNetwork
internal import DownhillTables
internal import DownhillTraining

/// Training an ensemble: one member after the other, each on all folds but the one that chooses its best epoch.
extension Learning {
  func trainMembers(stop: StopSignal?, _ onEvent: (TrainingEvent) -> Void) throws -> Learned {
    try learner.safekeeping.checkUnused()
    let count = parts.folds.count
    var members: [Parameters] = []
    var results: [TrainingResult] = []
    // What each row's member says that has not learned from it.
    var heldOut: [(rows: [Int32], outputs: Matrix)] = []
    var seconds = 0.0
    var ending = TrainingEvent.Ending.completed
    for (index, fold) in parts.folds.enumerated() {
      let safekeeping = try learner.safekeeping.forMember(index)
      var options = trainingOptions()
      options.seed = learner.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
      options.checkpointing = safekeeping.checkpointing
      // What is left of the time, for each of the members that are left.
      options.timeLimit = safekeeping.timeLimit.map { max(1e-3, ($0 - seconds) / Double(count - index)) }
      options.earlyStopping = earlyStopping
      onEvent(.member(index + 1, of: count))
      let validation = try samples(fold)
      let result: TrainingResult
      do {
        let trainer = Trainer(network, loss: recipe.lossFunction(for: target.task), options: options)
        result = try trainer.train(
          samples(parts.rows(ofMember: index)), validation: validation, from: start, resuming: try safekeeping.checkpoint(onEvent), stop: stop,
          onEvent: onEvent)
      } catch let error as TrainingError {
        guard case .diverged(_, _, _, _, let lastGood) = error else { throw error }
        if lastGood.epoch > 0 { members.append(lastGood.parameters) }
        let whatThereIs = members.isEmpty ? nil : model(members, record(results + [lastGood], on: .validation))
        throw DivergedLearning(reason: error, lastGood: whatThereIs)
      }
      seconds += result.seconds
      if result.ending == .interrupted { ending = .interrupted }
      if result.ending == .outOfTime { ending = .outOfTime }
      // One that was interrupted early says less than those before it.
      if result.ending == .interrupted, !members.isEmpty { break }
      members.append(result.parameters)
      results.append(result)
      let predictor = try Predictor(
        network, parameters: result.parameters, workers: WorkerPool(threads: learner.threads))
      heldOut.append((fold, try predictor.predict(validation.inputs)))
      if result.ending == .interrupted { break }
    }
    return try judged(members, results, heldOut, ending, seconds: seconds)
  }

  private func judged(
    _ members: [Parameters], _ results: [TrainingResult], _ heldOut: [(rows: [Int32], outputs: Matrix)],
    _ ending: TrainingEvent.Ending, seconds: Double
  ) throws -> Learned {
    var model = model(members, record(results, on: .validation))
    if case .value = target { model.limits = answerLimits }
    let rows = heldOut.flatMap(\.rows)
    let outputs = Matrix(
      rows: rows.count, columns: try network.outputs().count, elements: heldOut.flatMap(\.outputs.elements))
    if target.task == .classification, recipe.calibrates {
      model.temperature = Temperature.fitting(
        outputs.columns > 1 ? outputs : outputs.withComplement(), target.classes(of: examples.target, rows: rows))
    }
    let predictor = try ModelPredictor(model, threads: learner.threads)
    let (part, evaluation): (TrainingRecord.Part, Evaluation)
    var judgement = Judgement(examples: test ?? examples, parts: [])
    if let test {
      (part, evaluation) = (.test, try predictor.evaluate(test, rows: test.answered))
      judgement.parts = [Judgement.Part(model: model, rows: test.answered)]
    } else if !parts.holdout.isEmpty {
      (part, evaluation) = (.holdout, try predictor.evaluate(examples, rows: parts.holdout))
      judgement.parts = [Judgement.Part(model: model, rows: parts.holdout)]
    } else {
      let predictions = Predictions(outputs: outputs, of: model, report: TableEncoder.Report())
      (part, evaluation) = (.validation, try predictor.evaluate(predictions, of: examples, rows: rows))
      judgement.parts = zip(members, heldOut).map { member, fold in
        var alone = model
        alone.members = [member]
        return Judgement.Part(model: alone, rows: fold.rows)
      }
    }
    var record = record(results, on: part)
    record.metrics = Dictionary(uniqueKeysWithValues: evaluation.values.map { ($0.name, $0.value) })
    var final = self.model(members, record)
    (final.temperature, final.limits) = (model.temperature, model.limits)
    return Learned(model: final, ending: ending, seconds: seconds, evaluation: evaluation, judgement: judgement)
  }

  /// The least and the greatest answer of the training rows.
  private var answerLimits: ClosedRange<Double>? {
    guard case .numbers(let numbers) = examples.target.values else { return nil }
    let answers = parts.training.lazy.map { numbers[Int($0)] }
    guard let least = answers.min(), let greatest = answers.max() else { return nil }
    return least...greatest
  }

  /// History and epoch are those of the first member.
  private func record(_ results: [TrainingResult], on part: TrainingRecord.Part) -> TrainingRecord {
    TrainingRecord(
      recipe: recipe, optimizer: learner.optimizer?.description, seed: learner.seed, trainingRows: trainingRows,
      validationRows: validationRows, testRows: testRows, epoch: results[0].epoch, epochs: results[0].history.count,
      refitted: false, history: results[0].history.map(TrainingRecord.Entry.init), metricsOn: part, metrics: [:],
      memberEpochs: results.map(\.epoch))
  }
}
