internal import DownhillCompute
internal import DownhillFiles
internal import DownhillNetwork

/// How a training under way is written down, and goes on from there.
extension Course {
  /// Where it stands.
  func checkpoint() -> Checkpoint {
    Checkpoint(
      setup: setup!, progress: progress, parameters: step.parameters.vector, kept: kept.vector,
      optimizer: memory)
  }

  /// - Throws: `TrainingError.invalid` where the checkpoint is of another training.
  func resume(from checkpoint: Checkpoint) throws {
    if let difference = checkpoint.setup.difference(from: setup!) {
      throw TrainingError.invalid("the checkpoint is of another training: \(difference). Repeat its command as it was")
    }
    if let objection = checkpoint.progress.objection(rows: rows, in: beginning) {
      throw TrainingError.invalid("the checkpoint is damaged: \(objection). Resume from another one, or train anew")
    }
    guard checkpoint.parameters.count == kept.count, canRemember(checkpoint.optimizer) else {
      throw TrainingError.invalid("the checkpoint holds other vectors than this training")
    }
    restore(checkpoint)
  }

  /// What the optimizer or the minimizer remembers of earlier steps.
  private var memory: [Vector] {
    get { minimization?.state ?? step.state }
    set { if let minimization { minimization.state = newValue } else { step.state = newValue } }
  }

  private func canRemember(_ vectors: [Vector]) -> Bool {
    guard let minimizer = options.minimizer else { return vectors.count == step.state.count }
    return vectors.count <= 2 * minimizer.memory && CurvatureMemory.canBe(vectors)
  }

  private func restore(_ checkpoint: Checkpoint) {
    progress = checkpoint.progress
    var parameters = kept
    parameters.vector = checkpoint.parameters
    step.parameters = parameters
    kept.vector = checkpoint.kept
    memory = checkpoint.optimizer
    lastCheckpoint = (progress.steps, progress.epoch, now)
  }

  // MARK: Writing

  /// Writes a checkpoint if it is time for one. A write that fails is tried again when the next one is due: training goes on.
  /// The first of several failures is told of.
  func saveIfDue(_ onEvent: (TrainingEvent) -> Void) {
    guard let checkpointing = options.checkpointing else { return }
    let isDue =
      switch checkpointing.every {
      case .epochs(let count): progress.epoch - max(1, lastCheckpoint.epoch) >= count
      case .steps(let count): progress.steps - lastCheckpoint.steps >= count
      case .seconds(let seconds): secondsSinceCheckpoint >= seconds
      }
    if isDue { save(onEvent) }
  }

  func save(_ onEvent: (TrainingEvent) -> Void) {
    guard let folder = options.checkpointing?.folder else { return }
    do throws(FileError) {
      onEvent(.checkpoint(path: try folder.save(checkpoint())))
      isToldOfFailure = false
    } catch {
      if !isToldOfFailure {
        onEvent(
          .warning("no checkpoint after step \(progress.steps): \(error) It is tried again whenever one is due."))
      }
      isToldOfFailure = true
    }
    lastCheckpoint = (progress.steps, progress.epoch, now)
  }

  /// Writes down that training has ended.
  func saveEnd(_ ending: TrainingEvent.Ending, _ onEvent: (TrainingEvent) -> Void) {
    // What was cut short goes on where it stands.
    if !ending.isCutShort { progress.ending = ending }
    save(onEvent)
  }

  // MARK: Divergence

  /// At the beginning of an epoch. The start is kept for good, and the last two beginnings.
  func rememberGood() {
    guard case .backOff = options.onDivergence, goodPlaces.last?.progress.epoch != progress.epoch else { return }
    if goodPlaces.count == 3 { goodPlaces.remove(at: 1) }
    goodPlaces.append(checkpoint())
  }

  /// Goes back to the last good place, with half the rate from there on; false: not asked for, or done often enough. A place
  /// from which training diverges twice was none: parameters can be lost long before they are no longer finite.
  func backOff(_ divergence: Divergence, _ onEvent: (TrainingEvent) -> Void) -> Bool {
    guard case .backOff(let times) = options.onDivergence else { return false }
    let factor = progress.backOff / 2
    guard factor >= 1 / Double(1 << min(times, 60)) else { return false }
    if goodPlaces.count > 1, goodPlaces.last?.progress.epoch == setBackTo { goodPlaces.removeLast() }
    restore(goodPlaces[goodPlaces.count - 1])
    setBackTo = progress.epoch
    progress.backOff = factor
    onEvent(
      .warning(
        "training diverged at step \(divergence.step); it goes on from the beginning of epoch \(progress.epoch) with "
          + "\(Float(options.learningRate * factor)) as learning rate"))
    return true
  }
}
