internal import DownhillFiles
internal import GRDB

/// A database of runs: one SQLite file that several processes may read and write at once.
///
/// Writers append to a log beside it (WAL), so that readers never wait for them; after a kill SQLite mends the file by
/// itself, up to the last transaction.
public final class RunStore: Sendable {
  public let path: String
  let queue: DatabaseQueue
  /// What is read instead, where the database can't be read in its place.
  private let copy: DatabaseCopy?

  public enum Access: Sendable {
    /// Looks at what is there and changes nothing.
    case reading
    /// Makes the file where there is none.
    case writing
  }

  /// - Parameter patience: how long to wait for other processes, in seconds.
  /// - Throws: `RunError`.
  public init(_ path: String, for access: Access, patience: Double = 2) throws(RunError) {
    self.path = path
    if access == .reading && !SystemFile.exists(path) { throw .missing(path) }
    // SQLite makes files, but no sense of these.
    if Folder(path).exists { throw RunError(.inaccessible, "\(path) is a folder. Name a file in it") }
    var configuration = GRDB.Configuration()
    configuration.readonly = access == .reading
    configuration.busyMode = .timeout(patience)
    configuration.label = "runs"
    do throws(FileError) { copy = access == .reading ? try DatabaseCopy(of: path) : nil } catch {
      throw RunError(.inaccessible, error.description)
    }
    let place = copy?.path ?? path
    let opened = Self.translating(path) {
      let queue = try DatabaseQueue(path: place, configuration: configuration)
      try queue.inDatabase { database in try Self.prepare(database, path, access) }
      return queue
    }
    queue = try opened.get()
  }

  private static func prepare(_ database: Database, _ path: String, _ access: Access) throws {
    // Before anything is changed: it may be somebody else's.
    switch try Schema.state(database) {
    case .foreign: throw RunError.foreign(path)
    case .ours(let version) where version > Schema.version:
      throw RunError.newer(path, version: version, known: Schema.version)
    case .empty where access == .reading: throw RunError.missing(path)
    default: break
    }
    guard access == .writing else { return }
    // A log outlives a killed process without waiting for the disk at each transaction; only a power cut may cost the last.
    try database.execute(sql: "PRAGMA journal_mode = WAL")
    try database.execute(sql: "PRAGMA synchronous = NORMAL")
    try Schema.migrate(database, path: path)
  }

  /// Gives the database back; nothing can be done with the store any more. The last to do so puts the log into the file.
  public func close() { try? queue.close() }

  func read<Value>(_ body: (Database) throws -> Value) throws(RunError) -> Value {
    try Self.translating(path) { try queue.read(body) }.get()
  }

  /// One transaction, which waits for others at its beginning and not in its midst.
  func write<Value>(_ body: (Database) throws -> Value) throws(RunError) -> Value {
    try Self.translating(path) {
      try queue.inDatabase { database in
        var value: Value?
        try database.inTransaction(.immediate) {
          value = try body(database)
          return .commit
        }
        return value!
      }
    }.get()
  }

  private static func translating<Value>(_ path: String, _ body: () throws -> Value) -> Result<Value, RunError> {
    do { return .success(try body()) } catch let error as RunError { return .failure(error) } catch let error
      as DatabaseError
    { return .failure(RunError(error, path)) } catch {
      return .failure(RunError(.inaccessible, "\(path) can't be used: \(error)"))
    }
  }
}
