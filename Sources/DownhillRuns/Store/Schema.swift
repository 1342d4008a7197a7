internal import GRDB

/// The tables of the database, and how an older one becomes one of today.
///
/// `user_version` counts the migrations that were applied; a migration that was released is never changed.
enum Schema {
  /// “DHrn”: tells the database from others (`PRAGMA application_id`).
  static let application = 0x4448_726E
  static var version: Int { migrations.count }

  /// Large columns come last: whoever lists runs doesn't read that far.
  private static let migrations = [
    """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      started REAL NOT NULL, ended REAL, status TEXT NOT NULL, message TEXT,
      task TEXT NOT NULL, data TEXT NOT NULL, target TEXT,
      epochs INTEGER, bestEpoch INTEGER, seconds REAL, parameters INTEGER NOT NULL, metricsOn TEXT,
      model TEXT NOT NULL, modelFingerprint TEXT,
      process INTEGER, processStarted INTEGER, place TEXT,
      folder TEXT NOT NULL, revision TEXT,
      command TEXT NOT NULL, machine TEXT NOT NULL, configuration TEXT NOT NULL);
    CREATE INDEX runOfStatus ON run (id) WHERE status = 'running';
    CREATE TABLE metric (
      run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, name TEXT NOT NULL, value REAL NOT NULL,
      PRIMARY KEY (run, name)) WITHOUT ROWID;
    CREATE INDEX metricByName ON metric (name, value);
    CREATE TABLE event (
      run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, number INTEGER NOT NULL, time REAL NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (run, number)) WITHOUT ROWID;
    """,
    // Runs that were searches. A table of its own: whoever lists runs would else read past their configurations to it.
    """
    CREATE TABLE study (
      run INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE, trials INTEGER NOT NULL, summary TEXT NOT NULL);
    """,
  ]

  enum State: Equatable { case empty, ours(version: Int), foreign }

  static func state(_ database: Database) throws -> State {
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if application == Self.application { return .ours(version: version) }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    return application == 0 && version == 0 && tables == 0 ? .empty : .foreign
  }

  /// Brings a database up to date, as a whole or not at all, whoever else does the same at that moment.
  static func migrate(_ database: Database, path: String) throws {
    if try state(database) == .ours(version: version) { return }
    try database.inTransaction(.immediate) {
      // Looked at again: now nobody else writes.
      var done = 0
      switch try state(database) {
      case .foreign: throw RunError.foreign(path)
      case .empty: try database.execute(sql: "PRAGMA application_id = \(application)")
      case .ours(let version): done = version
      }
      if done > version { throw RunError.newer(path, version: done, known: version) }
      for migration in migrations[done...] { try database.execute(sql: migration) }
      try database.execute(sql: "PRAGMA user_version = \(version)")
      return .commit
    }
  }
}
