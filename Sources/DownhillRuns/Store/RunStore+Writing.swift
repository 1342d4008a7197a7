internal import DownhillFiles
internal import GRDB

extension RunStore {
  /// - Returns: the run's number.
  func insert(_ run: Run, in database: Database) throws -> Int {
    try database.cachedStatement(sql: Self.insertion).execute(arguments: [
      run.started, run.ended, run.status.rawValue, run.message, run.task, run.data, run.target, run.epochs,
      run.bestEpoch, run.seconds, run.parameters, run.metricsOn, run.model, run.modelFingerprint, run.process?.id,
      run.process?.started, run.process?.place, run.folder, run.revision,
      JSONValue.array(run.command.map { .string($0) }).text(), run.machine.text(), run.configuration.text(),
    ])
    let id = Int(database.lastInsertedRowID)
    try setMetrics(run.metrics, of: id, in: database)
    try setStudy(run.study, of: id, in: database)
    return id
  }

  private static let insertion = """
    INSERT INTO run (started, ended, status, message, task, data, target, epochs, bestEpoch, seconds, parameters, metricsOn,
      model, modelFingerprint, process, processStarted, place, folder, revision, command, machine, configuration)
    VALUES (\(Array(repeating: "?", count: 22).joined(separator: ",")))
    """

  private func setStudy(_ study: JSONValue?, of id: Int, in database: Database) throws {
    guard let study else { return }
    try database.execute(
      sql: "INSERT OR REPLACE INTO study (run, trials, summary) VALUES (?, ?, ?)",
      arguments: [id, study["trials"]?.integer ?? 0, study.text()])
  }

  private func setMetrics(_ metrics: [String: Double], of id: Int, in database: Database) throws {
    let statement = try database.cachedStatement(sql: "INSERT INTO metric (run, name, value) VALUES (?, ?, ?)")
    for (name, value) in metrics where value.isFinite { try statement.execute(arguments: [id, name, value]) }
  }

  func append(_ events: [RunEvent], to id: Int, after count: Int, in database: Database) throws {
    let statement = try database.cachedStatement(sql: "INSERT INTO event (run, number, time, body) VALUES (?, ?, ?, ?)")
    for (index, event) in events.enumerated() {
      try statement.execute(arguments: [id, count + index + 1, event.time, event.body.text()])
    }
  }

  /// Writes how a run ended.
  func end(_ id: Int, _ outcome: RunOutcome, in database: Database) throws {
    try database.execute(
      sql: """
        UPDATE run SET ended = ?, status = ?, message = ?, epochs = ?, bestEpoch = ?, seconds = ?, metricsOn = ?,
          modelFingerprint = ? WHERE id = ?
        """,
      arguments: [
        outcome.ended, outcome.status.rawValue, outcome.message, outcome.epochs, outcome.bestEpoch, outcome.seconds,
        outcome.metricsOn, outcome.modelFingerprint, id,
      ])
    if let configuration = outcome.configuration {
      try database.execute(
        sql: "UPDATE run SET configuration = ?, parameters = coalesce(?, parameters) WHERE id = ?",
        arguments: [configuration.text(), outcome.parameters, id])
    }
    try setMetrics(outcome.metrics, of: id, in: database)
    try setStudy(outcome.study, of: id, in: database)
  }

  /// Records runs that are over, together with what happened in them.
  /// - Returns: their numbers.
  /// - Throws: `RunError`; then none is recorded.
  @discardableResult
  public func insert(_ runs: [(run: Run, events: [RunEvent])]) throws(RunError) -> [Int] {
    try write { database in
      try runs.map { run, events in
        let id = try insert(run, in: database)
        try append(events, to: id, after: 0, in: database)
        return id
      }
    }
  }

  /// Takes runs out of the database, with what happened in them; files of models stay.
  /// - Throws: `RunError` where there is no such run or one is still running; then none is deleted.
  public func delete(_ ids: [Int]) throws(RunError) {
    try write { database in
      for id in ids {
        guard let run = try self.run(id, in: database) else { throw RunError.noRun(id, path) }
        if run.status == .running {
          throw RunError(.badRequest, "run \(id) is still running; end it first, or wait. Nothing was deleted")
        }
        try database.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id])
      }
    }
  }
}
