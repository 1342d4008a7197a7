internal import GRDB

/// Why runs can't be recorded or looked at: which database, what is wrong with it, and what to do.
public struct RunError: Error, Sendable, Equatable {
  public enum Kind: Sendable {
    /// There is no database there.
    case missing
    /// It is damaged, or holds something else.
    case malformed
    /// It was written by a newer version.
    case newer
    /// Another process holds it. Later it may go well.
    case busy
    /// It can't be created, read or written.
    case inaccessible
    /// There is no such run, metric or option in it.
    case unknown
    /// What was asked makes no sense.
    case badRequest
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) { (self.kind, self.message) = (kind, message) }

  static func missing(_ path: String) -> Self {
    Self(.missing, "no runs are recorded in \(path). `downhill train` records them; --runs FILE names another database")
  }

  static func foreign(_ path: String) -> Self {
    Self(
      .malformed, "\(path) is an SQLite database, but not one of Downhill's runs; it stays as it is. Name another file")
  }

  static func newer(_ path: String, version: Int, known: Int) -> Self {
    Self(
      .newer,
      "\(path) was written by a newer Downhill: version \(version) of the database, this one knows \(known). Update "
        + "Downhill, or name another file with --runs")
  }

  /// What SQLite says.
  init(_ error: DatabaseError, _ path: String) {
    let text = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.busy, "\(path) is held by another process, which did not give it up in time. Try again later")
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      self.init(
        .malformed, "\(path) is damaged or no database (\(text)). Move it away, and a new one is made")
    case .SQLITE_FULL:
      self.init(.inaccessible, "\(path) can't be written: the disk is full")
    default:
      self.init(.inaccessible, "\(path) can't be used: \(text) (SQLite \(error.extendedResultCode.rawValue))")
    }
  }
}

extension RunError: CustomStringConvertible { public var description: String { message } }
