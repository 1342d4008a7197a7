import Foundation
import Testing

@Suite("What train writes as it goes") struct TrainingFilesTests {
  @Test("the history has a row an epoch, or a row a step")
  func history() throws {
    let folder = try Folder.withPenguins()
    try Command.run(Folder.quick("--history", "h.csv"), in: folder)
    let epochs = try #require(folder["h.csv"]).split(separator: "\n")
    #expect(epochs[0] == "epoch,loss,validationLoss,accuracy,rate" && epochs.count == 4)
    #expect(epochs.dropFirst().map { $0.split(separator: ",")[0] } == ["1", "2", "3"])
    #expect(epochs.dropFirst().allSatisfy { $0.split(separator: ",").allSatisfy { Double($0) != nil } })

    try Command.run(
      Folder.quick("--history", "h.csv", "--history-every", "step", "--batch-size", "100"), in: folder)
    let steps = try #require(folder["h.csv"]).split(separator: "\n")
    #expect(steps[0] == "step,loss" && steps.count == 1 + 3 * 3)
    #expect(steps.dropFirst().map { $0.split(separator: ",")[0] } == (1...9).map { "\($0)" })
  }

  @Test("each line of the log is a JSON object")
  func log() throws {
    let folder = try Folder.withPenguins()
    try Command.run(Folder.quick("--log", "log"), in: folder)
    let events = try #require(folder["log"]).split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(events.map { $0["event"] as? String } == ["began", "epoch", "epoch", "epoch", "ended"])
    #expect(events[2]["epoch"] as? Int == 2 && events[2]["accuracy"] is NSNumber)
  }

  @Test("Ctrl-C and a polite kill end training, save what there is and say so", arguments: [SIGINT, SIGTERM])
  func interruption(signal: Int32) throws {
    let folder = try Folder.withPenguins()
    // Epochs that take a while, so that the log stays short.
    let arguments = [
      "train", "p.csv", "--target", "species", "--epochs", "1000000", "--layers", "512,512", "--json", "--log", "log",
    ]
    let outcome = try Command.run(arguments, in: folder) { process in
      for _ in 0..<500 where folder.data("log")?.count(where: { $0 == UInt8(ascii: "\n") }) ?? 0 < 3 { usleep(20_000) }
      // Twice at once, as `timeout` does: it is one wish.
      kill(process.processIdentifier, signal)
      usleep(1_000)
      kill(process.processIdentifier, signal)
    }
    #expect(outcome.code == 130)
    #expect(outcome.complaint.contains("interrupted") && outcome.complaint.contains("p.safetensors"))
    #expect(try outcome.json()["ending"] as? String == "interrupted")
    #expect(try Command.run(["predict", "p.safetensors", "p.csv"], in: folder).code == 0)
  }

  @Test("training that runs away ends with advice, and leaves what was there")
  func divergence() throws {
    let folder = try Folder.withPenguins()
    folder["m"] = "mine"
    let plain = ["--recipe", "plain", "--learning-rate", "1e9", "--model", "m"]
    let (code, complaint) = try Command.fail(
      ["train", "p.csv", "--target", "body_mass_g", "--json"] + plain, in: folder)
    #expect(code == 65 && complaint.contains("diverged") && complaint.contains("Try a learning rate of 1e+08"))
    #expect(folder["m"] == "mine")
  }

  @Test("a reader of the lines that goes away doesn't end training")
  func closedOutput() throws {
    let folder = try Folder.withPenguins()
    let process = try Command.process(
      ["train", "p.csv", "--target", "species", "--layers", "8", "--epochs", "20", "--model", "m"], in: folder)
    let out = Pipe()
    process.standardOutput = out
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    try out.fileHandleForReading.close()
    ended.wait()
    #expect(folder.names.contains("m"))
  }
}
