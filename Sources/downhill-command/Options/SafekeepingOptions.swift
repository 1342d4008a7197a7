import ArgumentParser
import Downhill

/// What keeps a training from being lost.
struct SafekeepingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write checkpoints to a folder, to go on from with --resume.", valueName: "folder"),
    completion: .directory)
  var checkpoint: String?

  @Option(help: ArgumentHelp("How often: 1epoch, 500steps, 10s, 5m.", valueName: "interval"))
  var checkpointEvery: CheckpointInterval?

  @Option(
    help: ArgumentHelp("How many of the last checkpoints to keep, beside that of the best epoch.", valueName: "count"))
  var keepCheckpoints: Int?

  @Option(
    help: ArgumentHelp(
      "Go on from the last checkpoint in a folder, with otherwise the same command: to the same bits as if it had never "
        + "stopped. Checkpoints go there too.", valueName: "folder"), completion: .directory)
  var resume: String?

  @Option(help: ArgumentHelp("End training after so long and keep what there is: 30s, 5m, 2h.", valueName: "time"))
  var timeLimit: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "What to do when the loss is no longer a number: stop with advice, or back-off: go back to the beginning of the epoch "
        + "and halve the learning rate.", valueName: "stop|back-off"))
  var onDivergence = DivergenceChoice.stop

  enum DivergenceChoice: String, ExpressibleByArgument, CaseIterable {
    case stop
    case backOff = "back-off"
  }

  func validate() throws {
    if checkpoint == nil && resume == nil {
      if checkpointEvery != nil {
        throw ValidationError("--checkpoint-every goes with --checkpoint FOLDER or --resume FOLDER")
      }
      if keepCheckpoints != nil {
        throw ValidationError("--keep-checkpoints goes with --checkpoint FOLDER or --resume FOLDER")
      }
    }
    if let keepCheckpoints, keepCheckpoints < 1 {
      throw ValidationError("--keep-checkpoints is at least 1, not \(keepCheckpoints)")
    }
  }

  var safekeeping: Safekeeping {
    var result = Safekeeping()
    result.checkpointing = (checkpoint ?? resume).map { path in
      Checkpointing(
        CheckpointFolder(path, keepsLast: keepCheckpoints ?? 2), every: checkpointEvery?.interval ?? .epochs(1))
    }
    result.resumes = resume
    result.timeLimit = timeLimit?.seconds
    result.onDivergence = onDivergence == .backOff ? .backOff() : .stop
    return result
  }
}

/// `10s`, `5m`, `2h`, `1.5` (seconds).
struct TimeSpan: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    let units: [(String, Double)] = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
    let (unit, factor) = units.first { argument.hasSuffix($0.0) } ?? ("", 1)
    guard let number = Double(argument.dropLast(unit.count)), number > 0, number.isFinite else { return nil }
    seconds = number * factor
  }
}

/// `1epoch`, `500steps`, or a time.
struct CheckpointInterval: ExpressibleByArgument {
  let interval: Checkpointing.Interval

  init?(argument: String) {
    func count(_ units: String...) -> Int? {
      units.first(where: argument.hasSuffix).flatMap { Int(argument.dropLast($0.count)) }.flatMap { $0 > 0 ? $0 : nil }
    }
    if let epochs = count("epochs", "epoch") {
      interval = .epochs(epochs)
    } else if let steps = count("steps", "step") {
      interval = .steps(steps)
    } else if let span = TimeSpan(argument: argument) {
      interval = .seconds(span.seconds)
    } else {
      return nil
    }
  }
}
