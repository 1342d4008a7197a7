internal import DownhillFiles
public import DownhillTraining

/// What keeps a training from being lost: checkpoints, where to go on, limits.
///
/// A recipe that refits trains twice; checkpoints of the second training stand in the folder `refit` inside that of the first.
public struct Safekeeping: Sendable {
  /// nil: no checkpoints are written.
  public var checkpointing: Checkpointing?
  /// A folder of checkpoints of this training, to go on from; nil: it begins anew.
  public var resumes: String?
  /// Seconds for all of training; nil: no limit.
  public var timeLimit: Double?
  public var onDivergence = DivergenceHandling.stop

  private static let refit = "refit"

  public init() {}

  /// The same for the second training.
  func forRefit() -> Safekeeping { inFolder(Self.refit, keepsBest: false) }

  /// The same for a member of an ensemble, the first of them 0.
  /// - Throws: `FileError` where the folder to go on from holds nothing of an ensemble.
  func forMember(_ index: Int) throws(FileError) -> Safekeeping {
    let first = Self.member(0)
    if let resumes, !CheckpointFolder(Folder(resumes).file(first)).holdsCheckpoints { throw nothing(in: resumes) }
    return inFolder(Self.member(index), keepsBest: true)
  }

  private static func member(_ index: Int) -> String { "member-\(index + 1)" }

  private func nothing(in folder: String) -> FileError {
    FileError(
      .cannotOpen, path: folder, problem: "there is no checkpoint in it",
      advice: "Name the folder that --checkpoint named.")
  }

  private func inFolder(_ name: String, keepsBest: Bool) -> Safekeeping {
    var other = self
    if let checkpointing {
      var folder = CheckpointFolder(
        Folder(checkpointing.folder.path).file(name), keepsLast: checkpointing.folder.keepsLast)
      folder.keepsBest = keepsBest
      other.checkpointing = Checkpointing(folder, every: checkpointing.every)
    }
    other.resumes = resumes.flatMap { path in
      let folder = CheckpointFolder(Folder(path).file(name))
      // Where its first checkpoint could not be written the folder may be empty.
      return folder.holdsCheckpoints ? folder.path : nil
    }
    return other
  }

  /// - Throws: `FileError` where checkpoints of another training stand where those of this one are to go: of both only the last
  ///   would be kept.
  func checkUnused() throws(FileError) {
    if let folder = checkpointing?.folder, resumes.map({ !isSameFolder($0, folder.path) }) ?? true {
      let others = [Self.refit, Self.member(0)].map { CheckpointFolder(Folder(folder.path).file($0)) }
      if ([folder] + others).contains(where: \.holdsCheckpoints) {
        throw FileError(
          .cannotCreate, path: folder.path, problem: "it holds checkpoints of an earlier training",
          advice: "Go on with that one by --resume \(folder.path), or name another folder.")
      }
    }
  }

  /// The checkpoint to go on from; nil: begin.
  /// - Throws: `FileError` where there is none that can be read in the folder named; as `checkUnused`.
  func checkpoint(_ onEvent: (TrainingEvent) -> Void) throws(FileError) -> Checkpoint? {
    try checkUnused()
    guard let resumes else { return nil }
    guard let (checkpoint, damaged) = try CheckpointFolder(resumes).latest() else {
      throw nothing(in: resumes)
    }
    for fault in damaged { onEvent(.warning("an earlier checkpoint is taken: \(fault)")) }
    return checkpoint
  }
}
