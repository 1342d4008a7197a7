import Foundation
import Testing

/// A limit on the size of files stands for the full disk: writes fail in the same places.
@Suite("Full disks and folders that can't be written to") struct FullDiskTests {
  static let training = [
    "train", "p.csv", "--target", "species", "--recipe", "default@1", "--seed", "4", "--epochs", "30", "--quiet",
  ]
  /// In blocks: less than a model takes; a model and no checkpoint; the first checkpoints, but not those with a longer history.
  static let noModel = 100, noCheckpoint = 400, fewCheckpoints = 604

  static let whole = Result {
    let folder = try Folder.withPenguins()
    try Command.run(training + ["--model", "m.safetensors"], in: folder)
    return try #require(folder.data("m.safetensors"))
  }

  @Test("where a model has no room, what was there stays, and nothing half-written does")
  func model() throws {
    let folder = try Folder.withPenguins()
    folder["m.safetensors"] = "a model of which there is no copy"
    let outcome = try Command.run(
      Self.training + ["--model", "m.safetensors"], in: folder, largestFile: Self.noModel)
    #expect(outcome.code == 74 && outcome.complaint.contains("m.safetensors: writing failed"), "\(outcome)")
    #expect(outcome.complaint.contains("ulimit -f") && outcome.complaint.contains("Nothing was changed there"))
    #expect(folder["m.safetensors"] == "a model of which there is no copy")
    #expect(!folder.names.contains { $0.hasSuffix(".partial") }, "\(folder.names)")
  }

  @Test("where checkpoints have no room, training goes on, and says so once")
  func checkpoints() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      Self.training + ["--model", "m.safetensors", "--checkpoint", "c"], in: folder, largestFile: Self.noCheckpoint)
    #expect(outcome.code == 0, "\(outcome)")
    // Once in each of the two trainings.
    #expect(outcome.complaint.split(separator: "\n").count == 2, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("warning: no checkpoint after step"))
    let whole = try Self.whole.get()
    #expect(folder.data("m.safetensors") == whole)
    let left = try FileManager.default.subpathsOfDirectory(atPath: folder.file("c").path())
    #expect(!left.contains { $0.hasSuffix(".partial") || $0.hasSuffix(".safetensors") }, "\(left)")
  }

  @Test("the last checkpoint that had room stays, and training goes on from it to the same bytes once there is more")
  func resumes() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      Self.training + ["--model", "/dev/full", "--checkpoint", "c"], in: folder, largestFile: Self.fewCheckpoints)
    #expect(outcome.code == 74 && outcome.complaint.contains("--resume c goes on where it ended"), "\(outcome)")
    let checkpoints = try FileManager.default.contentsOfDirectory(atPath: folder.file("c").path()).filter {
      $0.hasPrefix("checkpoint-")
    }
    let last = try #require(checkpoints.max().flatMap { Int($0.dropFirst(11).prefix(10)) })
    // An epoch is 5 steps.
    #expect(last >= 5 && last < 150 && outcome.complaint.contains("no checkpoint after step \(last + 5)"), "\(last)")
    let resumed = try Command.run(Self.training + ["--model", "m.safetensors", "--resume", "c"], in: folder)
    let whole = try Self.whole.get()
    #expect(resumed.code == 0 && folder.data("m.safetensors") == whole, "\(resumed)")
  }

  @Test("a second training whose first checkpoint had no room begins anew")
  func emptyFolder() throws {
    let folder = try Folder.withPenguins()
    try Command.run(Self.training + ["--model", "m.safetensors", "--checkpoint", "c"], in: folder)
    let refit = folder.file("c").appending(path: "refit")
    for name in try FileManager.default.contentsOfDirectory(atPath: refit.path()) {
      try FileManager.default.removeItem(at: refit.appending(path: name))
    }
    let resumed = try Command.run(Self.training + ["--model", "again.safetensors", "--resume", "c"], in: folder)
    #expect(resumed.code == 0 && folder.data("again.safetensors") == folder.data("m.safetensors"), "\(resumed)")
  }

  @Test("checkpoints of another training are not mixed with")
  func mixed() throws {
    let folder = try Folder.withPenguins()
    try Command.run(Self.training + ["--model", "m.safetensors", "--checkpoint", "c"], in: folder)
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.file("c").path()).sorted()
    let (code, complaint) = try Command.fail(
      Self.training + ["--epochs", "5", "--model", "n.safetensors", "--checkpoint", "c"], in: folder)
    #expect(code == 73 && complaint.contains("--resume c, or name another folder"), "\(complaint)")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.file("c").path()).sorted() == before)
  }

  @Test("a log and a history that have no room stop nothing, and are told of once each")
  func logs() throws {
    let folder = try Folder.withPenguins()
    try FileManager.default.createSymbolicLink(atPath: folder.file("full").path(), withDestinationPath: "/dev/full")
    for option in ["--log", "--history"] {
      let outcome = try Command.run(Self.training + ["--model", "m.safetensors", option, "full"], in: folder)
      let whole = try Self.whole.get()
      #expect(outcome.code == 0 && folder.data("m.safetensors") == whole)
      #expect(outcome.complaint == "downhill: full can't be written: No space left on device; training goes on\n")
    }
  }

  @Test("a folder that nobody can write to is refused before training")
  func readOnly() throws {
    let folder = try Folder.withPenguins()
    // Root too makes no files in /proc.
    let (code, complaint) = try Command.fail(Self.training + ["--model", "/proc/m.safetensors"], in: folder)
    #expect(code == 73 && complaint.contains("/proc/m.safetensors"), "\(complaint)")
  }
}
