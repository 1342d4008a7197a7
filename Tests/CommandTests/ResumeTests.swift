import Foundation
import Testing

@Suite("Resuming", .serialized) struct ResumeTests {
  static let training = [
    "train", "p.csv", "--target", "species", "--recipe", "default@1", "--seed", "4", "--epochs", "2500", "--quiet",
  ]

  @Test("A training that is killed again and again goes on to the same bytes of a model")
  func killed() throws {
    let folder = try Folder.withPenguins()
    let start = Date()
    #expect(try Command.run(Self.training + ["--model", "whole.safetensors"], in: folder).code == 0)
    let seconds = Date().timeIntervalSince(start)
    // The moments are other ones in each run of this test, and no outcome may depend on them.
    var kills = 0
    for attempt in 0..<60 {
      let hasCheckpoint = FileManager.default.fileExists(atPath: folder.file("c").path())
      let process = try Command.process(
        Self.training + ["--model", "m.safetensors", "--checkpoint-every", ["40ms", "7steps", "5epochs"][attempt % 3]]
          + (hasCheckpoint ? ["--resume", "c"] : ["--checkpoint", "c"]), in: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      if attempt < 8 {
        Thread.sleep(forTimeInterval: .random(in: 0.02...max(0.05, seconds / 3)))
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
          kills += 1
        }
      }
      process.waitUntilExit()
      if process.terminationReason == .exit && process.terminationStatus == 0 { break }
      // A kill before the first checkpoint leaves an empty folder: begin again.
      let left = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("c").path())) ?? []
      if !left.contains(where: { $0.hasPrefix("checkpoint-") }) {
        try? FileManager.default.removeItem(at: folder.file("c"))
      }
    }
    #expect(kills > 0)
    #expect(folder.data("m.safetensors") == folder.data("whole.safetensors"))
  }

  @Test("What makes no sense is refused, and says what does")
  func refused() throws {
    let folder = try Folder.withPenguins()
    func complaint(_ arguments: String...) throws -> (Int32, String) {
      let outcome = try Command.run(Self.training + arguments, in: folder)
      return (outcome.code, outcome.complaint)
    }
    var (code, text) = try complaint("--resume", "nowhere")
    #expect(code == 66 && text.contains("nowhere"), "\(text)")
    (code, text) = try complaint("--checkpoint-every", "5s")
    #expect(code == 64 && text.contains("--checkpoint FOLDER"), "\(text)")
    (code, text) = try complaint("--checkpoint", "c", "--checkpoint-every", "soon")
    #expect(code == 64 && text.contains("soon"), "\(text)")
    (code, text) = try complaint("--time-limit", "0s")
    #expect(code == 64, "\(text)")
    _ = try Command.run(
      [
        "train", "p.csv", "--target", "species", "--recipe", "default@1", "--epochs", "3", "--quiet", "--checkpoint",
        "c", "--model", "a.safetensors",
      ],
      in: folder)
    (code, text) = try complaint("--resume", "c")
    #expect(code != 0 && text.contains("another training"), "\(text)")
  }

  @Test("A folder that can't be made for checkpoints is told of before training")
  func unwritable() throws {
    let folder = try Folder.withPenguins()
    folder["c"] = "a file where the folder should be"
    let outcome = try Command.run(
      ["train", "p.csv", "--target", "species", "--epochs", "2", "--quiet", "--checkpoint", "c"], in: folder)
    #expect(outcome.code == 73 && outcome.complaint.contains("can't write c: not a directory"), "\(outcome)")
    #expect(folder.data("p.safetensors") == nil && folder["c"] == "a file where the folder should be")
  }

  @Test("A history goes on where a resumed training does: every epoch once", arguments: ["epoch", "step"])
  func history(grain: String) throws {
    let folder = try Folder.withPenguins()
    let command = [
      "train", "p.csv", "--target", "species", "--recipe", "default@1", "--layers", "8", "--epochs", "9", "--quiet",
      "--no-refit", "--history", "h.csv", "--history-every", grain,
    ]
    #expect(try Command.run(command + ["--model", "whole.safetensors"], in: folder).code == 0)
    let whole = folder["h.csv"]
    #expect(try Command.run(command + ["--checkpoint", "c", "--checkpoint-every", "4epochs"], in: folder).code == 0)
    // As if it had been killed after epoch 8: epoch 9 is done again.
    let checkpoints = try FileManager.default.contentsOfDirectory(atPath: folder.file("c").path()).sorted()
    let last = try #require(checkpoints.last { $0.hasPrefix("checkpoint") })
    try FileManager.default.removeItem(at: folder.file("c/\(last)"))
    #expect(try Command.run(command + ["--resume", "c"], in: folder).code == 0)
    #expect(folder["h.csv"] == whole)
  }

  @Test("A history of an ensemble says whose each row is, and goes on with the member that is resumed")
  func historyOfMembers() throws {
    let folder = try Folder.withPenguins()
    let command = [
      "train", "p.csv", "--target", "species", "--layers", "8", "--epochs", "5", "--quiet", "--members", "3",
      "--history",
      "h.csv",
    ]
    #expect(try Command.run(command + ["--model", "whole.safetensors", "--checkpoint", "c"], in: folder).code == 0)
    let whole = try #require(folder["h.csv"])
    let rows = whole.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").prefix(2).joined(separator: " ")
    }
    #expect(whole.hasPrefix("member,epoch,loss"))
    #expect(rows == (1...3).flatMap { member in (1...5).map { "\(member) \($0)" } })
    // As if it had been killed in the second member's fifth epoch.
    try FileManager.default.removeItem(at: folder.file("c/member-3"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("c/member-2").path()).sorted()
    let last = try #require(names.last { $0.hasPrefix("checkpoint") })
    try FileManager.default.removeItem(at: folder.file("c/member-2/\(last)"))
    #expect(try Command.run(command + ["--model", "m.safetensors", "--resume", "c"], in: folder).code == 0)
    #expect(folder["h.csv"] == whole)
    #expect(folder.data("m.safetensors") == folder.data("whole.safetensors"))
    // Checkpoints of another training are not written among these.
    let again = try Command.fail(command + ["--checkpoint", "c"], in: folder)
    #expect(again.1.contains("--resume"), "\(again)")
    let nowhere = try Command.fail(command + ["--resume", "nowhere"], in: folder)
    #expect(nowhere.1.contains("no checkpoint in it") && folder.data("nowhere") == nil, "\(nowhere)")
  }

  @Test("A time limit ends training in time, with a model")
  func timeLimit() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      ["train", "p.csv", "--target", "species", "--epochs", "1000000", "--time-limit", "300ms"], in: folder)
    #expect(outcome.code == 0, "\(outcome)")
    let said = outcome.out + outcome.complaint
    #expect(said.contains("there is time for ") && said.contains(" of 1000000 epochs"), "\(outcome)")
    let model = try #require(folder.data("p.safetensors"))
    // What there was time for is in the configuration, and can be had again.
    if outcome.out.contains("The time is over") { return }
    let again = try Command.run(["train", "--config", "p.safetensors", "--model", "q.safetensors"], in: folder)
    #expect(again.code == 0 && folder.data("q.safetensors") == model)
  }

  @Test("A time limit ends one network's training too, and one that keeps checkpoints, in the middle of its schedule")
  func timeIsOver() throws {
    let folder = try Folder.withPenguins()
    for more in [["--members", "1"], ["--checkpoint", "c"]] {
      let outcome = try Command.run(
        ["train", "p.csv", "--target", "species", "--epochs", "1000000", "--time-limit", "300ms"] + more, in: folder)
      #expect(outcome.code == 0 && outcome.out.contains("The time is over"), "\(outcome)")
    }
  }
}
