public import DownhillFiles

/// A folder of checkpoints of one training, of which the last ones and the best are kept.
public struct CheckpointFolder: Sendable {
  public let path: String
  /// How many of the last to keep, at least one.
  public var keepsLast: Int
  /// Whether the one right after the best epoch stays too.
  public var keepsBest: Bool

  private static let prefix = "checkpoint-", suffix = ".safetensors", digits = 10
  private static let best = "best.safetensors"

  public init(_ path: String, keepsLast: Int = 2, keepsBest: Bool = true) {
    precondition(keepsLast > 0, "a folder of checkpoints keeps at least one")
    (self.path, self.keepsLast, self.keepsBest) = (path, keepsLast, keepsBest)
  }

  private var folder: Folder { Folder(path) }

  /// Whether there are checkpoints in it, readable or not.
  public var holdsCheckpoints: Bool { (try? numbered())?.isEmpty == false }

  /// Writes a checkpoint, then removes those that are not kept. The folder is made where there is none.
  /// - Returns: the path of the file.
  /// - Throws: `FileError`; the checkpoints that were there before are there still.
  @discardableResult
  public func save(_ checkpoint: Checkpoint) throws(FileError) -> String {
    try folder.create()
    // What a killed process left of a file that it was writing.
    for name in try folder.names() where name.hasSuffix(".partial") { folder.remove(name) }
    let number = String(checkpoint.progress.steps)
    let name = Self.prefix + String(repeating: "0", count: max(0, Self.digits - number.count)) + number + Self.suffix
    try checkpoint.save(to: folder.file(name))
    if keepsBest, checkpoint.progress.rows == 0, checkpoint.progress.history.last?.isBest == true {
      try checkpoint.save(to: folder.file(Self.best))
    }
    for old in try numbered().dropLast(keepsLast) { folder.remove(old) }
    return folder.file(name)
  }

  /// The last checkpoint that can be read; nil where there is none.
  /// - Returns: also what is wrong with later ones.
  /// - Throws: `FileError` where the folder can't be read, or not one of its checkpoints.
  public func latest() throws(FileError) -> (checkpoint: Checkpoint, damaged: [FileError])? {
    var damaged: [FileError] = []
    for name in try numbered().reversed() {
      do throws(FileError) { return (try Checkpoint(reading: folder.file(name)), damaged) } catch {
        damaged.append(error)
      }
    }
    if let first = damaged.first { throw first }
    return nil
  }

  /// The names of the checkpoints, oldest first.
  private func numbered() throws(FileError) -> [String] {
    try folder.names().filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.suffix) }
  }
}

/// When and where checkpoints are written.
public struct Checkpointing: Sendable {
  public var folder: CheckpointFolder
  public var every: Interval

  public enum Interval: Sendable, Equatable {
    case epochs(Int)
    case steps(Int)
    case seconds(Double)
  }

  public init(_ folder: CheckpointFolder, every: Interval = .epochs(1)) {
    (self.folder, self.every) = (folder, every)
  }
}
