import Downhill
import DownhillRuns

/// Runs as a CSV table by RFC 4180, one a row.
struct RunCSV {
  let text: String

  init(_ runs: [Run]) {
    let metrics = MetricNames.sorted(Set(runs.flatMap(\.metrics.keys)))
    let options = Set(runs.flatMap { $0.configuration.object?.members.map(\.name) ?? [] }).sorted()
    let fields = Run.columns
    var lines = [
      (fields + metrics + options.map { "config.\($0)" } + ["command"]).map(Self.field).joined(separator: ",")
    ]
    for run in runs {
      let summary = JSONObject(run.summary)
      var cells = fields.map { summary[$0] } + metrics.map { run.metrics[$0].map { JSONValue($0) } }
      cells += options.map { run.configuration[$0] } + [.array(run.command.map { .string($0) })]
      lines.append(cells.map { $0.map { $0 == .null ? "" : Self.field($0.plainText) } ?? "" }.joined(separator: ","))
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  private static func field(_ text: String) -> String {
    text.utf8.contains { ",\"\n\r".utf8.contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}

extension Run {
  /// The members of `summary` that are one cell each.
  fileprivate static let columns = [
    "run", "started", "ended", "status", "message", "task", "data", "target", "metricsOn", "epochs", "bestEpoch",
    "seconds",
    "parameters", "model", "modelFingerprint", "folder", "revision",
  ]
}
