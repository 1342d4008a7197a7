internal import DownhillFiles
internal import GRDB

/// One run's way into the database, which is opened when there is something to write.
struct RunWriter: ~Copyable {
  private let run: Run
  private let path: String
  private let createsFolder: Bool
  private var store: RunStore?
  private var id: Int?
  private var written = 0

  init(_ run: Run, _ path: String, createsFolder: Bool) {
    (self.run, self.path, self.createsFolder) = (run, path, createsFolder)
  }

  /// All of it in one transaction, or none.
  /// - Returns: the run's number.
  mutating func write(_ events: [PendingEvent], _ outcome: RunOutcome?) throws(RunError) -> Int {
    let store = try opened()
    let (run, known, written) = (run, id, written)
    let id = try store.write { database in
      let id: Int
      if let known {
        id = known
        guard try Bool.fetchOne(database, sql: "SELECT 1 FROM run WHERE id = ?", arguments: [id]) == true else {
          throw RunError(.unknown, "run \(id) was deleted from \(store.path) while it went on")
        }
      } else {
        id = try store.insert(run, in: database)
      }
      try store.append(events.map { RunEvent(time: $0.time, body: $0.body()) }, to: id, after: written, in: database)
      if let outcome { try store.end(id, outcome, in: database) }
      return id
    }
    self.id = id
    self.written += events.count
    return id
  }

  /// Gives the database back, so that all of it is in the one file, unless others still use it.
  mutating func close() {
    store?.close()
    store = nil
  }

  private mutating func opened() throws(RunError) -> RunStore {
    if let store { return store }
    if createsFolder {
      do throws(FileError) { try RunLocation.createFolder(for: path) } catch {
        throw RunError(.inaccessible, error.description)
      }
    }
    let opened = try RunStore(path, for: .writing, patience: 0.5)
    store = opened
    return opened
  }
}
