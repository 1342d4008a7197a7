import Downhill

/// An event as logs and recorded runs have it: one object, whose member “event” says which kind it is.
extension TrainingEvent {
  /// Nil: not written down. Of single steps there are too many.
  var kind: String? {
    switch self {
    case .member: "member"
    case .began: "began"
    case .step: nil
    case .epoch: "epoch"
    case .checkpoint: "checkpoint"
    case .warning: "warning"
    case .ended: "ended"
    }
  }

  var json: JSONValue {
    .object(JSONObject((kind.map { [("event", .string($0))] } ?? []) + members))
  }

  private var members: [(String, JSONValue)] {
    switch self {
    case .member(let number, let count): return [("member", JSONValue(number)), ("of", JSONValue(count))]
    case .began(let beginning):
      return [
        ("rows", JSONValue(beginning.rows)), ("validationRows", JSONValue(beginning.validationRows)),
        ("parameters", JSONValue(beginning.parameters)), ("epochs", JSONValue(beginning.epochs)),
        ("stepsPerEpoch", JSONValue(beginning.stepsPerEpoch)), ("batchSize", JSONValue(beginning.batchSize)),
      ]
    case .step: return []
    case .epoch(let epoch):
      var members: [(String, JSONValue)] = [
        ("epoch", JSONValue(epoch.epoch)), ("steps", JSONValue(epoch.steps)), ("loss", JSONValue(epoch.loss)),
      ]
      if let loss = epoch.validationLoss { members.append(("validationLoss", JSONValue(loss))) }
      members += epoch.metrics.map { ($0.name, JSONValue($0.value)) }
      return members + [
        ("rate", JSONValue(epoch.rate)), ("seconds", JSONValue(epoch.seconds)),
        ("rowsPerSecond", JSONValue(epoch.rowsPerSecond)), ("isBest", .boolean(epoch.isBest)),
      ]
    case .checkpoint(let path): return [("path", .string(path))]
    case .warning(let text): return [("text", .string(text))]
    case .ended(let ending): return [("ending", .string("\(ending)"))]
    }
  }
}
