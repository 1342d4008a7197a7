import Downhill
import DownhillRuns

extension Run {
  /// What `list --json` prints of each run.
  var summary: [(String, JSONValue)] {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func number(_ value: Double?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    func count(_ value: Int?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    return [
      ("run", JSONValue(id)), ("started", .string(LocalTime.iso(started))),
      ("ended", text(ended.map(LocalTime.iso))), ("status", .string(status.rawValue)), ("message", text(message)),
      ("kind", .string(study == nil ? "train" : "tune")), ("trials", count(trials)), ("task", .string(task)),
      ("data", .string(data)), ("target", text(target)),
      ("metrics", .object(JSONObject(MetricNames.sorted(Set(metrics.keys)).map { ($0, JSONValue(metrics[$0]!)) }))),
      ("metricsOn", text(metricsOn)), ("epochs", count(epochs)), ("bestEpoch", count(bestEpoch)),
      ("seconds", number(seconds)), ("parameters", JSONValue(parameters)), ("model", .string(model)),
      ("modelFingerprint", text(modelFingerprint)), ("folder", .string(folder)), ("revision", text(revision)),
    ]
  }

  /// All that is recorded of it.
  func json(_ events: [RunEvent]) -> [(String, JSONValue)] {
    summary + [
      ("process", process.map { JSONValue($0.id) } ?? .null), ("command", .array(command.map { .string($0) })),
      ("machine", machine), ("configuration", configuration), ("study", study ?? .null),
      ("events", .array(events.map(\.json))),
    ]
  }
}

extension RunEvent {
  fileprivate var json: JSONValue {
    .object(JSONObject([("time", JSONValue(time))] + (body.object?.members ?? []).map { ($0.name, $0.value) }))
  }
}
