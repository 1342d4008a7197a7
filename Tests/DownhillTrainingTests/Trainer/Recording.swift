import DownhillCompute
import DownhillNetwork
import DownhillTraining

/// What a training said and left.
final class Recording {
  var events: [TrainingEvent] = []
  func append(_ event: TrainingEvent) { events.append(event) }

  var steps: [TrainingEvent.Step] {
    events.compactMap { if case .step(let step) = $0 { step } else { nil } }
  }
  var epochs: [TrainingEvent.Epoch] {
    events.compactMap { if case .epoch(let epoch) = $0 { epoch } else { nil } }
  }
  var beginnings: [TrainingEvent.Beginning] {
    events.compactMap { if case .began(let beginning) = $0 { beginning } else { nil } }
  }
  var endings: [TrainingEvent.Ending] {
    events.compactMap { if case .ended(let ending) = $0 { ending } else { nil } }
  }

  /// The kinds of events in their order: m, b, s, e, c, w and f.
  var order: String {
    String(
      events.map { event -> Character in
        switch event {
        case .member: "m"
        case .began: "b"
        case .step: "s"
        case .epoch: "e"
        case .checkpoint: "c"
        case .warning: "w"
        case .ended: "f"
        }
      })
  }
}

extension Trainer {
  func record(
    _ samples: Samples, validation: Samples? = nil, from start: Parameters? = nil, stop: StopSignal? = nil
  ) throws -> (TrainingResult, Recording) {
    let recording = Recording()
    let result = try train(samples, validation: validation, from: start, stop: stop) { recording.append($0) }
    return (result, recording)
  }
}

/// Runs the steps of whole epochs by hand: rows in the given order, batch by batch.
func runByHand(
  _ trainer: Trainer, _ samples: Samples, steps: Int? = nil, order: (_ epoch: Int) -> [Int32]
) throws -> (losses: [Double], parameters: Parameters) {
  guard case .rows(let size) = trainer.options.batchSize else { preconditionFailure("rows are expected") }
  let step = try TrainingStep(
    trainer.network, loss: trainer.loss, samples: samples, batchSize: size, rule: trainer.options.updateRule,
    seed: trainer.options.seed)
  step.parameters = try trainer.network.initialParameters(seed: trainer.options.seed)
  let stepsPerEpoch = (samples.count + size - 1) / size
  let total = stepsPerEpoch * trainer.options.epochs
  var losses: [Double] = []
  for number in 0..<(steps ?? total) {
    let order = order(number / stepsPerEpoch + 1)
    let first = number % stepsPerEpoch * size
    let (settings, dropout) = trainer.options.values(forStep: number, of: Double(total))
    step.dropoutFactor = Float(dropout)
    losses.append(
      order[first..<min(order.count, first + size)].withUnsafeBufferPointer {
        step.run(rows: $0, step: number, settings: settings)
      })
  }
  return (losses, step.parameters)
}
