import Downhill
import DownhillRuns

/// Runs as a table, one a line.
struct RunTable {
  private let columns: [TextTable.Column]

  /// So many metrics stand beside one another.
  private static let metrics = 3

  /// - Parameters:
  ///   - first: what runs are sorted by: a metric stands in front of the others.
  ///   - option: an option of the configuration, with its value in each run.
  init(_ runs: [Run], first: String? = nil, option: (name: String, values: [JSONValue?])? = nil) {
    func column(_ title: String, isNumber: Bool = false, _ cell: (Run) -> String) -> TextTable.Column {
      TextTable.Column(title: title, isNumber: isNumber, cells: runs.map(cell))
    }
    func number(_ title: String, _ cell: (Run) -> String?) -> TextTable.Column {
      column(title, isNumber: true) { cell($0) ?? "" }
    }
    var columns = [
      number("run") { "\($0.id)" }, column("started") { LocalTime.text($0.started) },
      column("status") { $0.status.words }, column("data") { $0.dataName }, column("target") { $0.target ?? "" },
    ]
    if let option {
      columns.append(
        TextTable.Column(title: option.name, isNumber: false, cells: option.values.map { $0?.plainText ?? "" }))
    }
    var names: Set<String> = []
    for run in runs { names.formUnion(run.metrics.keys) }
    let chosen = names.contains(first ?? "") ? [first!] : []
    columns += (chosen + MetricNames.sorted(names).filter { !chosen.contains($0) }).prefix(Self.metrics).map { name in
      number(name) { run in run.metrics[name].map { Format.number($0) } }
    }
    columns += [
      number("trials") { $0.trials.map { "\($0)" } }, column("of") { $0.metricsOn ?? "" },
      number("epochs") { $0.epochs.map { "\($0)" } },
      number("time") { $0.seconds.map(Format.duration) }, column("model") { $0.model },
    ]
    // What no run has is no column.
    self.columns = columns.filter { column in column.cells.contains { !$0.isEmpty } }
  }

  var text: String { TextTable(columns).text }
}

extension Run {
  /// The names of the files alone.
  var dataName: String {
    guard let slash = data.utf8.lastIndex(of: UInt8(ascii: "/")) else { return data }
    if !data.utf8.contains(UInt8(ascii: " ")) { return String(data[data.utf8.index(after: slash)...]) }
    return data.split(separator: " ").map { $0.split(separator: "/").last.map(String.init) ?? "" }.joined(
      separator: " ")
  }
}

extension Run.Status {
  var words: String {
    switch self {
    case .stoppedEarly: "stopped early"
    case .outOfTime: "out of time"
    default: rawValue
    }
  }
}

extension JSONValue {
  /// A text without quotes, all else as it stands in JSON.
  var plainText: String { string ?? text() }
}
