internal import DownhillFiles
internal import GRDB

extension RunStore {
  /// The runs that a query asks for; without their configurations, machines and commands, which are null and empty, unless
  /// `whole` asks for them.
  /// - Throws: `RunError` of kind `unknown` where no run has what is filtered or sorted by.
  public func runs(_ query: RunQuery = RunQuery(), whole: Bool = false) throws(RunError) -> [Run] {
    try read { database in
      let terms = try QueryTerms(database, path: self.path)
      var sql = "SELECT \(whole ? Self.all : Self.short) FROM run"
      var arguments = QueryArguments()
      let conditions = try query.filters.map { try terms.condition($0, &arguments) }
      if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
      if let sort = query.sort {
        let value = try terms.value(of: sort, &arguments)
        sql += " ORDER BY \(value) \(query.descending ? "DESC" : "ASC") NULLS LAST, id DESC"
      } else {
        sql += " ORDER BY id \(query.descending ? "ASC" : "DESC")"
      }
      if let limit = query.limit {
        sql += " LIMIT \(arguments.add(limit))"
      }
      return try self.fetch(sql, arguments.arguments, whole: whole, lost: terms.lost, in: database)
    }
  }

  /// How many runs there are that meet conditions.
  /// - Throws: `RunError`.
  public func count(_ filters: [RunFilter] = []) throws(RunError) -> Int {
    try read { database in
      let terms = try QueryTerms(database, path: self.path)
      var arguments = QueryArguments()
      let conditions = try filters.map { try terms.condition($0, &arguments) }
      let sql =
        "SELECT count(*) FROM run" + (conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND "))
      return try Int.fetchOne(database, sql: sql, arguments: arguments.arguments) ?? 0
    }
  }

  /// All that is known of a run.
  /// - Throws: `RunError` of kind `unknown` where there is no such run.
  public func run(_ id: Int) throws(RunError) -> Run {
    guard let run = try read({ try self.run(id, in: $0) }) else { throw .noRun(id, path) }
    return run
  }

  func run(_ id: Int, in database: Database) throws -> Run? {
    let lost = try QueryTerms(database, path: path).lost
    return try fetch(
      "SELECT \(Self.all) FROM run WHERE id = ?", [id], whole: true, lost: lost, in: database
    ).first
  }

  /// What happened in a run, in order.
  /// - Throws: `RunError`.
  public func events(of id: Int) throws(RunError) -> [RunEvent] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT time, body FROM event WHERE run = ? ORDER BY number", arguments: [id])
        .map { row in RunEvent(time: row[0], body: (try? JSONValue(parsing: row[1] as String)) ?? .null) }
    }
  }

  private func fetch(
    _ sql: String, _ arguments: StatementArguments, whole: Bool, lost: Set<Int>, in database: Database
  ) throws -> [Run] {
    var runs: [Run] = []
    let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
    while let row = try rows.next() { runs.append(Run(row, whole: whole, lost: lost)) }
    // All metrics in one pass where many runs are asked for.
    let places = Dictionary(uniqueKeysWithValues: runs.enumerated().map { ($1.id, $0) })
    try addStudies(to: &runs, places, whole: whole, in: database)
    let isFew = runs.count < 200
    let list = runs.map { "\($0.id)" }.joined(separator: ",")
    let metrics = try Row.fetchCursor(
      database, sql: "SELECT run, name, value FROM metric" + (isFew ? " WHERE run IN (\(list))" : ""))
    while let row = try metrics.next() {
      if let place = places[row[0]] { runs[place].metrics[row[1]] = row[2] }
    }
    return runs
  }

  /// A database of an earlier version that is only read has no table of them.
  private func addStudies(
    to runs: inout [Run], _ places: [Int: Int], whole: Bool, in database: Database
  ) throws {
    guard try database.tableExists("study") else { return }
    let column = whole ? "summary" : "trials"
    let only = runs.count == 1 ? " WHERE run = \(runs[0].id)" : ""
    let studies = try Row.fetchCursor(database, sql: "SELECT run, \(column) FROM study\(only)")
    while let row = try studies.next() {
      guard let place = places[row[0]] else { continue }
      runs[place].study =
        whole
        ? (try? JSONValue(parsing: row[1] as String)) ?? .null
        : .object(JSONObject([("trials", JSONValue(row[1] as Int))]))
    }
  }

  private static let short = """
    id, started, ended, status, message, task, data, target, epochs, bestEpoch, seconds, parameters, metricsOn, model, \
    modelFingerprint, folder, revision
    """
  private static let all = short + ", process, processStarted, place, command, machine, configuration"
}

extension Run {
  fileprivate init(_ row: Row, whole: Bool, lost: Set<Int>) {
    func json(_ column: Int) -> JSONValue { whole ? (try? JSONValue(parsing: row[column] as String)) ?? .null : .null }
    var process: ProcessMark?
    if whole, let id: Int = row[17], let started: Int = row[18], let place: String = row[19] {
      process = ProcessMark(id: id, started: started, place: place)
    }
    self.init(
      started: row[1], task: row[5], data: row[6], target: row[7], parameters: row[11], model: row[13],
      process: process, folder: row[15], command: (json(20).array ?? []).compactMap(\.string), revision: row[16],
      machine: json(21), configuration: json(22))
    id = row[0]
    ended = row[2]
    // One that a later version knows is as good as ended.
    status = lost.contains(id) ? .lost : Status(rawValue: row[3]) ?? .completed
    message = row[4]
    (epochs, bestEpoch, seconds, metricsOn) = (row[8], row[9], row[10], row[12])
    modelFingerprint = row[14]
  }
}

extension RunError {
  static func noRun(_ id: Int, _ path: String) -> Self {
    Self(.unknown, "there is no run \(id) in \(path). `downhill runs list` shows those that are there")
  }
}
