/// How a table is read that may not fit into memory: through a cache, a file next to the table's that holds its values in
/// binary and is mapped. Of a table that is read so, little is in memory at a time.
///
/// The cache belongs to one state of the files (their sizes and times), and to what was asked of the reading: another one
/// replaces it. It is written whole or not at all, and checked when it is read: one that is damaged is built anew.
public struct TableCache: Sendable {
  public enum Mode: Sendable, Equatable {
    /// Through a cache where the table would take a quarter of the memory that this process may have, or more than 4 GB.
    case automatic
    case always
    case never
  }

  public var mode: Mode
  /// Where the cache stands, and what training writes beside it; nil: next to the first file, or, where nothing can be
  /// written there, in the folder for temporary files, from where it is gone in the end.
  public var folder: String?
  /// Rows that are read at a time; nil: as suits their length.
  package var chunkRows: Int?

  public init(_ mode: Mode = .automatic, folder: String? = nil) {
    self.mode = mode
    self.folder = folder
  }

  /// What happens on the way, for people.
  public enum Event: Sendable, Equatable, CustomStringConvertible {
    /// A cache is built, because there is none, or none that can be used.
    case building(path: String, reason: String)
    case built(path: String, bytes: Int, seconds: Double)
    /// The cache was there.
    case found(path: String, bytes: Int)

    public var description: String {
      switch self {
      case .building(let path, let reason): "building the cache \(path), for \(reason)"
      case .built(let path, let bytes, let seconds):
        "built the cache \(path): \(shortSize(bytes)), in \((seconds * 10).rounded() / 10) s"
      case .found(let path, let bytes): "reading the cache \(path), \(shortSize(bytes))"
      }
    }
  }

  static let ending = ".downhill-cache"
  /// Above so many bytes of memory a table is read through a cache.
  static func mostInMemory(of memory: Int) -> Int { min(memory / 4, 4 << 30) }
}

/// "2.1 GB"
package func shortSize(_ bytes: Int) -> String {
  let units = ["bytes", "kB", "MB", "GB", "TB"]
  var (size, unit) = (Double(bytes), 0)
  while size >= 999.5 && unit < units.count - 1 { (size, unit) = (size / 1000, unit + 1) }
  return unit == 0 || size >= 99.5
    ? "\(Int(size.rounded())) \(units[unit])" : "\((size * 10).rounded() / 10) \(units[unit])"
}
