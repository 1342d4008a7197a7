import ArgumentParser
import Downhill
import DownhillRuns

struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List runs, the newest first or sorted by any metric.")

  @OptionGroup var place: RunStoreOptions
  @OptionGroup var which: RunQueryOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  /// So many fit into a window's memory; whoever wants more says so.
  private static let usual = 50

  func run() throws {
    let store = try place.store()
    let query = try which.query(limit: json ? 0 : Self.usual)
    let runs = try store.runs(query)
    if json { return printJSON([("runs", .array(runs.map { .object(JSONObject($0.summary)) }))]) }
    if runs.isEmpty {
      return Terminal.print(
        query.filters.isEmpty ? "No runs are recorded in \(store.path)." : "No run meets the conditions.")
    }
    let value = which.sort.flatMap { isColumn($0, of: runs) ? nil : $0 }
    // An option isn't read for all runs only because it may be printed.
    let options = try value.map { name in try runs.map { try store.run($0.id).configuration[name] } }
    Terminal.print(RunTable(runs, first: which.sort, option: value.map { ($0, options!) }).text)
    if runs.count == query.limit {
      let all = try store.count(query.filters)
      if all > runs.count {
        Terminal.print("\n\(grouped(all - runs.count)) more; --limit \(all < 200 ? "\(all)" : "0") shows them")
      }
    }
  }

  private func isColumn(_ name: String, of runs: [Run]) -> Bool {
    RunField(rawValue: name) != nil || runs.contains { $0.metrics[name] != nil }
  }
}
