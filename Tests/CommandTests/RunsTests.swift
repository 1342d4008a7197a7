import Downhill
import Foundation
import Testing

@Suite("Recorded runs") struct RunsTests {
  private static let database = ".downhill/runs.sqlite"

  private func runs(_ arguments: String..., in folder: Folder) throws -> JSONValue {
    let outcome = try Command.run(["runs"] + arguments + ["--json"], in: folder)
    #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome)")
    return try JSONValue(parsing: outcome.out)
  }

  @Test("A training is recorded with what it was asked, its epochs, its metrics, and the model that came of it")
  func recorded() throws {
    let folder = try Folder.withPenguins()
    let result = try Command.run(
      Folder.quick("--holdout", "0.2", "--model", "m.safetensors", "--log", "log"), in: folder)
    #expect(result.code == 0 && result.complaint.isEmpty, "\(result)")
    let run = try runs("show", "1", in: folder)
    let model = try Model(reading: folder.file("m.safetensors").path())
    #expect(run["status"] == "completed" && run["task"] == "classification" && run["target"] == "species")
    #expect(run["configuration"] == model.configuration)
    let fingerprint = try FileFingerprint(of: folder.file("m.safetensors").path())
    #expect(run["modelFingerprint"]?.string == fingerprint?.description)
    let printed = try JSONValue(parsing: result.out)
    for (name, value) in model.record.metrics {
      #expect(run["metrics"]?[name]?.number == value && printed[name]?.number == value)
    }
    #expect(run["metricsOn"] == "holdout" && run["epochs"] == 3 && run["bestEpoch"] == printed["bestEpoch"])
    #expect(run["parameters"]?.integer == model.parameters.count)
    #expect(run["command"]?.array?.prefix(3) == ["downhill", "train", "p.csv"])
    // The events are those of the log, and what trees come to, which is none of training's.
    let logged = try (folder["log"] ?? "").split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    let events = (run["events"]?.array ?? []).filter { $0["event"] != "trees" }.map { event in
      JSONValue.object(
        JSONObject((event.object?.members ?? []).filter { $0.name != "time" }.map { ($0.name, $0.value) }))
    }
    #expect(events == logged && events.count > 4 && run["events"]?.array?.count == events.count + 1)
    #expect(folder[".downhill/.gitignore"] == "*\n")

    // What it prints for people and as a configuration.
    let text = try Command.run(["runs", "show", "1"], in: folder).out
    #expect(text.contains("Run 1: completed") && text.contains("accuracy") && text.contains("m.safetensors"), "\(text)")
    folder["again.yaml"] = try Command.run(["runs", "show", "1", "--config"], in: folder).out
    let again = try Command.run(["train", "--config", "again.yaml", "--model", "n.safetensors", "--quiet"], in: folder)
    #expect(again.code == 0 && folder.data("n.safetensors") == folder.data("m.safetensors"), "\(again)")
  }

  @Test("Recording changes no byte of a model and none of the output but its last line")
  func harmless() throws {
    let training = Array(Folder.quick("--model", "m.safetensors").dropLast(3)) + ["--model", "m.safetensors"]
    func outcome(_ options: [String]) throws -> (lines: [String], model: Data?, names: [String]) {
      let folder = try Folder.withPenguins()
      let outcome = try Command.run(training + options, in: folder)
      #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome)")
      // Times are never the same.
      let lines = outcome.out.split(separator: "\n").map { line in
        line.hasPrefix("epoch") ? String(line.prefix { $0 != "r" }) : line.contains("epochs in") ? "" : String(line)
      }
      return (lines, folder.data("m.safetensors"), folder.names)
    }
    let with = try outcome([]), without = try outcome(["--no-record"])
    #expect(with.model == without.model && with.model != nil)
    #expect(with.lines.dropLast() == without.lines[...])
    #expect(with.lines.last == "Recorded as run 1. See the others:  downhill runs list")
    #expect(with.names.contains(".downhill") && !without.names.contains(".downhill"))
  }

  @Test("Runs are listed, sorted, filtered, compared, exported and deleted")
  func commands() throws {
    let folder = try Folder.withPenguins()
    for rate in ["0.02", "1e-9", "0.005"] {
      try Command.run(Folder.quick("--learning-rate", rate, "--model", "m\(rate).safetensors"), in: folder)
    }
    func ids(_ arguments: String...) throws -> [Int?] {
      let outcome = try Command.run(["runs", "list", "--json"] + arguments, in: folder)
      return try JSONValue(parsing: outcome.out)["runs"]?.array?.map { $0["run"]?.integer } ?? []
    }
    #expect(try ids() == [3, 2, 1])
    #expect(try ids("--sort", "accuracy").last == 2)
    #expect(try ids("--sort", "logLoss").last == 2)
    #expect(try ids("--sort", "learning-rate") == [2, 3, 1])
    #expect(try ids("--sort", "learning-rate", "--reverse", "--limit", "1") == [1])
    #expect(try ids("--filter", "learning-rate>0.001", "--filter", "id<3") == [1])
    let list = try Command.run(["runs", "--sort", "learning-rate"], in: folder).out
    #expect(list.split(separator: "\n").count == 4 && list.contains("1e-09") || list.contains("1e-9"), "\(list)")

    let comparison = try runs("compare", "1", "2", in: folder)
    #expect(comparison["configuration"]?.object?.members.map(\.name) == ["learning-rate"], "\(comparison)")
    #expect(comparison["configuration"]?["learning-rate"]?.array?.first?.number == 0.02)
    #expect(comparison["metrics"]?["accuracy"]?.array?.count == 2)
    let text = try Command.run(["runs", "compare", "1", "2"], in: folder).out
    #expect(text.contains("learning-rate") && text.contains("run 2") && !text.contains("optimizer"), "\(text)")

    // The export is a table that Downhill itself reads.
    folder["runs.csv"] = try Command.run(["runs", "export"], in: folder).out
    let table = try Table(contentsOf: .init(path: folder.file("runs.csv").path()))
    #expect(table.rowCount == 3 && table.schema.columns.contains { $0.name == "config.learning-rate" })
    let lines = try Command.run(["runs", "export", "--json", "--limit", "2"], in: folder).out.split(separator: "\n")
    #expect(try lines.map { try JSONValue(parsing: String($0))["run"] } == [3, 2])

    let deletion = try Command.run(["runs", "delete", "2", "1"], in: folder)
    #expect(
      deletion.code == 0 && deletion.out.contains("Deleted run 2") && deletion.out.contains("m1e-9.safetensors stays"))
    #expect(folder.data("m1e-9.safetensors") != nil)
    #expect(try ids() == [3])
    for arguments in [["show", "2"], ["delete", "2"], ["compare", "3", "2"], ["list", "--sort", "nothing"]] {
      let (code, _) = try Command.fail(["runs"] + arguments, in: folder)
      #expect(code == 64)
    }
  }

  @Test("Eight trainings that begin at once are all recorded, each with all of its epochs")
  func together() throws {
    let folder = try Folder.withPenguins()
    let processes = try (1...8).map { number in
      let process = try Command.process(
        Folder.quick("--seed", "\(number)", "--epochs", "20", "--model", "m\(number).safetensors"), in: folder)
      folder["complaint\(number)"] = ""
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: folder.file("complaint\(number)"))
      return process
    }
    for process in processes { try process.run() }
    for process in processes { process.waitUntilExit() }
    #expect((1...8).allSatisfy { folder["complaint\($0)"] == "" }, "\((1...8).map { folder["complaint\($0)"] ?? "" })")
    let list = try runs("list", "--filter", "status=completed", in: folder)["runs"]?.array ?? []
    #expect(list.map { $0["run"]?.integer } == [8, 7, 6, 5, 4, 3, 2, 1])
    #expect(Set(list.compactMap { $0["model"]?.string }).count == 8)
    for id in 1...8 {
      let events = try runs("show", "\(id)", in: folder)["events"]?.array ?? []
      let epochs = events.prefix { $0["event"] != "ended" }.compactMap { $0["epoch"]?.integer }
      #expect(epochs == Array(1...20))
    }
  }

  @Test("A training that was killed is lost, with the epochs that it had; one that is under way is running")
  func killed() throws {
    let folder = try Folder.withPenguins()
    let process = try Command.process(
      ["train", "p.csv", "--target", "species", "--epochs", "10000000", "--quiet", "--early-stopping", "10000000"],
      in: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // Until its first epochs are there.
    var before: JSONValue = .null
    for _ in 0..<200 {
      usleep(50_000)
      let outcome = try Command.run(["runs", "show", "1", "--json"], in: folder)
      guard outcome.code == 0 else { continue }
      before = try JSONValue(parsing: outcome.out)
      if before["events"]?.array?.contains(where: { $0["event"] == "epoch" }) == true { break }
    }
    #expect(before["status"] == "running" && process.isRunning)
    let (code, complaint) = try Command.fail(["runs", "delete", "1"], in: folder)
    #expect(code == 64 && complaint.contains("still running"), "\(complaint)")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let after = try runs("show", "1", in: folder)
    #expect(after["status"] == "lost")
    #expect((after["events"]?.array?.count ?? 0) >= (before["events"]?.array?.count ?? 0))
    // The next one gets its place, and the lost one can go.
    try Command.run(Folder.quick(), in: folder)
    #expect(try runs("list", in: folder)["runs"]?.array?.map { $0["status"] } == ["completed", "lost"])
    #expect(try Command.run(["runs", "delete", "1"], in: folder).code == 0)
  }

  @Test("A training that is interrupted, and one that fails, are recorded as that")
  func endings() throws {
    let folder = try Folder.withPenguins()
    let interrupted = try Command.run(
      ["train", "p.csv", "--target", "species", "--epochs", "10000000", "--early-stopping", "10000000"], in: folder
    ) { process in
      for _ in 0..<200 where folder.data(Self.database) == nil { usleep(20_000) }
      usleep(100_000)
      kill(process.processIdentifier, SIGINT)
    }
    #expect(interrupted.code == 130, "\(interrupted)")
    let failed = try Command.run(Folder.quick("--optimizer", "sgd", "--learning-rate", "1e30"), in: folder)
    #expect(failed.code == 65, "\(failed)")
    let runs = try runs("list", in: folder)["runs"]?.array ?? []
    #expect(runs.map { $0["status"] } == ["failed", "interrupted"])
    #expect(runs.first?["message"]?.string.map { failed.complaint.contains($0) } == true, "\(runs)")
  }

  @Test("A database that can't be used costs one warning and nothing else")
  func unusable() throws {
    let folder = try Folder.withPenguins()
    try Command.run(Folder.quick("--no-record", "--model", "good.safetensors"), in: folder)
    try Command.run(Folder.quick("--runs", "newer.sqlite"), in: folder)
    var bytes = Array(try #require(folder.data("newer.sqlite")))
    // The database's version: sqlite.org/fileformat2.html.
    bytes[63] = 9
    folder.write(bytes, to: "newer.sqlite")
    let size = bytes.count
    for place in 100..<size { bytes[place] = 0x5A }
    folder.write(bytes, to: "damaged.sqlite")
    folder.write([], to: "folder.sqlite/x")
    let own = [UInt8]("a text that\nnobody wants to lose\n".utf8)
    folder.write(own, to: "text")
    for (path, text) in [
      ("newer.sqlite", "newer Downhill"), ("damaged.sqlite", "damaged"), ("folder.sqlite", "is a folder"),
      ("text", "no database"), ("/proc/runs.sqlite", "can't be used"), ("no/runs.sqlite", "can't be used"),
    ] {
      let outcome = try Command.run(Folder.quick("--runs", path, "--model", "m.safetensors"), in: folder)
      let accuracy = try outcome.json()["accuracy"]
      #expect(outcome.code == 0 && accuracy != nil, "\(outcome)")
      #expect(
        outcome.complaint.split(separator: "\n").count == 1
          && outcome.complaint.hasPrefix("downhill: warning: this training is not recorded: \(path)")
          && outcome.complaint.contains(text), "\(outcome.complaint)")
      #expect(folder.data("m.safetensors") == folder.data("good.safetensors"))
      try FileManager.default.removeItem(at: folder.file("m.safetensors"))
    }
    #expect(folder.data("text") == Data(own))
    let (code, complaint) = try Command.fail(["runs", "list", "--runs", "damaged.sqlite"], in: folder)
    #expect(code == 65 && complaint.contains("damaged"), "\(complaint)")
  }

  @Test("Where nothing is recorded the commands say so and make nothing")
  func nothing() throws {
    let folder = try Folder()
    // Above it there may be runs of somebody's.
    for arguments in [["list"], ["show", "1"], ["compare", "1", "2"], ["delete", "1"], ["export"]] {
      let (code, complaint) = try Command.fail(["runs"] + arguments + ["--runs", "r.sqlite"], in: folder)
      #expect(code == 66 && complaint.contains("no runs are recorded in r.sqlite"), "\(complaint)")
    }
    #expect(!folder.names.contains("r.sqlite"))
  }

  @Test("The database of a folder above is used, and --runs never overwrites what is read")
  func location() throws {
    let folder = try Folder.withPenguins()
    folder.write([], to: ".downhill/x")
    folder.write([], to: "below/x")
    let process = try Command.process(Folder.quick(data: "../p.csv"), in: folder)
    process.currentDirectoryURL = folder.file("below")
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && folder.data(Self.database) != nil)
    #expect(try runs("list", in: folder)["runs"]?.array?.count == 1)
    let (code, complaint) = try Command.fail(Folder.quick("--runs", "p.csv"), in: folder)
    #expect(code == 73 && complaint.contains("would overwrite"), "\(complaint)")
  }
}
