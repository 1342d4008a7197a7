internal import DownhillCompute
internal import DownhillNetwork
internal import DownhillTables
internal import DownhillTraining

/// Training an ensemble: as many members at the same time as there are threads, each on all folds but the one that chooses its
/// best epoch.
extension Learning {
  func trainMembers(stop: StopSignal?, _ onEvent: (TrainingEvent) -> Void) throws -> Learned {
    try learner.safekeeping.checkUnused()
    return try (fittingTime(stop: stop, onEvent) ?? self).trainFolds(stop: stop, onEvent)
  }

  private func trainFolds(stop: StopSignal?, _ onEvent: (TrainingEvent) -> Void) throws -> Learned {
    let lanes = membersAtOnce
    let stops = parts.folds.map { _ in StopSignal(after: stop) }
    let found = withoutActuallyEscaping(onEvent) { onEvent in
      let events = MemberEvents(members: parts.folds.count, onEvent)
      return WorkerPool(exactly: lanes).map(lanes) { trainLane($0, of: lanes, stops, events) }
    }
    let trainings = found.flatMap(\.trainings).sorted { $0.index < $1.index }
    var members: [Member] = [], interrupted: [Member] = []
    for training in trainings {
      do {
        let member = try training.result.get()
        // One that was interrupted early says less than those that were not.
        if member.result.ending == .interrupted { interrupted.append(member) } else { members.append(member) }
      } catch let error as TrainingError {
        guard case .diverged(_, _, _, _, let lastGood) = error else { throw error }
        let results = members.map(\.result) + (lastGood.epoch > 0 ? [lastGood] : [])
        let whatThereIs = results.isEmpty ? nil : model(results.map(\.parameters), record(results, on: .validation))
        throw DivergedLearning(reason: error, lastGood: whatThereIs, member: training.index + 1)
      }
    }
    if members.isEmpty { members = Array(interrupted.prefix(1)) }
    let ending: TrainingEvent.Ending =
      if !interrupted.isEmpty || members.count < parts.folds.count {
        .interrupted
      } else if members.contains(where: { $0.result.ending == .outOfTime }) { .outOfTime } else { .completed }
    return try judged(members, ending, seconds: found.map(\.seconds).max() ?? 0)
  }

  /// A member that was trained.
  private struct Member {
    let result: TrainingResult
    /// The rows that it has not learned from, and what it says of them.
    let rows: [Int32]
    let outputs: Matrix
  }

  /// The trainings of a lane, which follow each other, and their time.
  private struct Lane {
    var trainings: [(index: Int, result: Result<Member, any Error>)] = []
    var seconds = 0.0
  }

  /// As many as there are threads, and as there is memory for their rows. Where checkpoints are kept, one: what is told of a member
  /// that has to wait would be lost by a kill, and its checkpoints not.
  var membersAtOnce: Int {
    if learner.safekeeping.checkpointing != nil || learner.safekeeping.resumes != nil { return 1 }
    if case .table(let table) = examples.features, table.scratchFolder != nil { return 1 }
    return min(allThreads, parts.folds.count, trainingsInMemory)
  }

  /// No more than there are processors.
  package var allThreads: Int { min(learner.threads ?? .max, WorkerPool.processorCount) }

  /// How many trainings' encoded rows fit into a quarter of the memory.
  package var trainingsInMemory: Int {
    let bytes = 4 * Double(learningRows.count) * Double(encoder.width)
    return max(1, Int(min(1e6, Double(allowedMemory) / 4 / max(1, bytes))))
  }

  /// Where one fails those after it need not go on; those before it do, so that what comes of it is the same on any number of threads.
  private func trainLane(_ lane: Int, of lanes: Int, _ stops: [StopSignal], _ events: MemberEvents) -> Lane {
    var found = Lane()
    let indices = Array(stride(from: lane, to: parts.folds.count, by: lanes))
    for (place, index) in indices.enumerated() {
      defer { events.finish(index) }
      // The very first is interrupted by its trainer, so that there is something to show.
      if index > 0, stops[index].isRequested { continue }
      do {
        // What is left of the time, for each of the members that are left.
        let left = learner.safekeeping.timeLimit.map {
          max(1e-3, ($0 - found.seconds) / Double(indices.count - place))
        }
        let member = try train(index, timeLimit: left, threads: max(1, allThreads / lanes), stop: stops[index]) {
          events.emit($0, of: index)
        }
        found.seconds += member.result.seconds
        found.trainings.append((index, .success(member)))
      } catch {
        for later in stops[(index + 1)...] { later.request() }
        found.trainings.append((index, .failure(error)))
      }
    }
    return found
  }

  private func train(
    _ index: Int, timeLimit: Double?, threads: Int, stop: StopSignal, _ onEvent: (TrainingEvent) -> Void
  ) throws -> Member {
    let fold = parts.folds[index], safekeeping = try learner.safekeeping.forMember(index)
    var options = trainingOptions()
    options.seed = learner.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
    options.threads = threads
    options.checkpointing = safekeeping.checkpointing
    options.timeLimit = timeLimit
    options.earlyStopping = earlyStopping
    onEvent(.member(index + 1, of: parts.folds.count))
    let validation = try samples(fold, threads: threads)
    let trainer = Trainer(network, loss: recipe.lossFunction(for: target.task), options: options)
    let result = try trainer.train(
      samples(parts.rows(ofMember: index), threads: threads), validation: validation, from: start,
      resuming: try safekeeping.checkpoint(onEvent), stop: stop, onEvent: onEvent)
    let predictor = try Predictor(network, parameters: result.parameters, workers: WorkerPool(threads: threads))
    return Member(result: result, rows: fold, outputs: try predictor.predict(validation.inputs))
  }

  private func judged(_ trained: [Member], _ ending: TrainingEvent.Ending, seconds: Double) throws -> Learned {
    let members = trained.map(\.result.parameters), results = trained.map(\.result)
    var model = model(members, record(results, on: .validation))
    let rows = trained.flatMap(\.rows)
    let outputs = Matrix(
      rows: rows.count, columns: try network.outputs().count, elements: trained.flatMap(\.outputs.elements))
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
      judgement.parts = trained.map { member in
        var alone = model
        alone.members = [member.result.parameters]
        return Judgement.Part(model: alone, rows: member.rows)
      }
    }
    var record = record(results, on: part)
    record.metrics = Dictionary(uniqueKeysWithValues: evaluation.values.map { ($0.name, $0.value) })
    var final = self.model(members, record)
    final.temperature = model.temperature
    return Learned(model: final, ending: ending, seconds: seconds, evaluation: evaluation, judgement: judgement)
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
