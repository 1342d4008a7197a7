import ArgumentParser
import DownhillRuns

/// Where recorded runs are looked for.
struct RunStoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The database of runs, instead of .downhill/runs.sqlite in the project's folder.", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var runs: String?

  func store(for access: RunStore.Access = .reading) throws -> RunStore {
    // A database that isn't there is not made by looking at it, or by deleting from it.
    let path = runs ?? RunLocation.path()
    if access == .writing { _ = try RunStore(path, for: .reading) }
    return try RunStore(path, for: access)
  }
}

/// Which of the recorded runs.
struct RunQueryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only runs that meet a condition: status=completed, accuracy>0.9, optimizer!=adam, data~penguins. Of several, all.",
      valueName: "condition"))
  var filter: [String] = []

  @Option(
    help: ArgumentHelp(
      "The best by a metric first; or by an option (learning-rate), or by started, seconds, epochs, …",
      valueName: "name"))
  var sort: String?

  @Flag(help: "In the other order.")
  var reverse = false

  @Option(parsing: .unconditional, help: ArgumentHelp("At most so many runs; 0: all.", valueName: "count"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit is a number of runs, or 0 for all, not \(limit)") }
    _ = try filters
  }

  var filters: [RunFilter] {
    get throws {
      try filter.map { text in
        do throws(RunError) { return try RunFilter(parsing: text) } catch { throw ValidationError(error.message) }
      }
    }
  }

  func query(limit usual: Int = 0) throws -> RunQuery {
    var query = RunQuery()
    query.filters = try filters
    query.sort = sort
    query.descending = (sort.map { MetricNames.highIsGood($0) || $0 == "started" || $0 == "id" } ?? false) != reverse
    let limit = limit ?? usual
    query.limit = limit > 0 ? limit : nil
    return query
  }
}
