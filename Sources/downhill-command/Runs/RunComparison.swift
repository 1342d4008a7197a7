import Downhill
import DownhillRuns

/// Runs side by side: all their metrics, and the options in which they differ.
struct RunComparison {
  private let runs: [Run]
  private let metrics: [(name: String, values: [JSONValue?])]
  /// What is known of them besides, where they differ.
  private let circumstances: [(name: String, values: [JSONValue?])]
  private let options: [(name: String, values: [JSONValue?])]

  init(_ runs: [Run]) {
    self.runs = runs
    metrics = MetricNames.sorted(Set(runs.flatMap(\.metrics.keys))).map { name in
      (name, runs.map { $0.metrics[name].map { JSONValue($0) } })
    }
    let names = ["status", "metricsOn", "epochs", "bestEpoch", "seconds", "parameters", "model", "folder", "revision"]
    circumstances = Self.differing(names, runs.map { JSONObject($0.summary) })
    var seen: Set<String> = []
    let keys = runs.flatMap { $0.configuration.object?.members.map(\.name) ?? [] }.filter { seen.insert($0).inserted }
    options = Self.differing(keys, runs.map { $0.configuration.object ?? JSONObject() })
  }

  private static func differing(_ names: [String], _ objects: [JSONObject]) -> [(name: String, values: [JSONValue?])] {
    names.map { name in (name, objects.map { object in object[name].flatMap { $0 == .null ? nil : $0 } }) }
      .filter { _, values in values.contains { $0 != values[0] } }
  }

  var text: String {
    var names: [String] = [], cells = [[String]](repeating: [], count: runs.count)
    func add(_ title: String, _ rows: [(name: String, values: [JSONValue?])], _ format: (JSONValue) -> String) {
      if rows.isEmpty { return }
      names.append(title)
      for index in runs.indices { cells[index].append("") }
      for row in rows {
        names.append("  \(row.name)")
        for index in runs.indices { cells[index].append(row.values[index].map(format) ?? "–") }
      }
    }
    add("results", metrics) { Format.number($0.number ?? .nan) }
    add("runs", circumstances) { value in
      value.integer == nil ? value.number.map { Format.number($0) } ?? value.plainText : value.plainText
    }
    add("configuration", options) { $0.plainText }
    let columns =
      [TextTable.Column(title: "", isNumber: false, cells: names)]
      + zip(runs, cells).map { TextTable.Column(title: "run \($0.id)", isNumber: false, cells: $1) }
    let same = options.isEmpty ? "\nTheir configurations are the same." : ""
    return TextTable(columns).text + same
  }

  var json: [(String, JSONValue)] {
    func object(_ rows: [(name: String, values: [JSONValue?])]) -> JSONValue {
      .object(JSONObject(rows.map { ($0.name, .array($0.values.map { $0 ?? .null })) }))
    }
    return [
      ("runs", .array(runs.map { JSONValue($0.id) })), ("metrics", object(metrics)),
      ("circumstances", object(circumstances)), ("configuration", object(options)),
    ]
  }
}
