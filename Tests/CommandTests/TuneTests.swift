import Downhill
import Foundation
import Testing

@Suite("downhill tune") struct TuneTests {
  private static let space = """
    learning-rate: {from: 0.0005, to: 0.2, scale: log}
    depth: {from: 0, to: 2}
    activation: [relu, tanh]

    """

  private static func folder() throws -> Folder {
    let folder = try Folder.withPenguins()
    folder["s.yaml"] = space
    return folder
  }

  /// A study of moments.
  private static func tune(_ more: String..., trials: Int = 12) -> [String] {
    [
      "tune", "p.csv", "--target", "species", "--recipe", "plain", "--batch-size", "64", "--epochs", "4", "--space",
      "s.yaml", "--trials", "\(trials)", "--model", "m.safetensors", "--json",
    ] + more
  }

  /// The lines of a study's journal but for the times, in the order of the trials.
  private static func trials(_ folder: Folder, _ study: String) throws -> [String] {
    try (folder["\(study)/trials.jsonl"] ?? "").split(separator: "\n").map { line in
      let entry = try JSONValue(parsing: String(line))
      guard let trial = entry["trial"]?.object else { return entry.text() }
      return JSONObject(trial.members.filter { !["seconds", "elapsed"].contains($0.name) }.map { ($0.name, $0.value) })
        .members.map { "\($0.name) \($0.value)" }.joined(separator: " ")
    }.sorted()
  }

  @Test("It ends with a model that train repeats, and says what it found")
  func result() throws {
    let folder = try Self.folder()
    let outcome = try Command.run(Self.tune("--holdout", "0.2", trials: 20), in: folder)
    #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome)")
    let json = try JSONValue(parsing: outcome.out)
    #expect(json["trials"] == 20 && json["score"] == "log-loss" && json["folds"] == 15)
    let (recipe, best) = (json["recipe"], json["best"])
    #expect(best!["confirmed"]!.number! <= recipe!["confirmed"]!.number!)
    #expect(json["accuracy"]?.number ?? 0 > 0.5 && json["metricsOn"] == "holdout")
    let shares = json["importance"]?.object?.members.compactMap { $0.value.number } ?? []
    #expect(shares.count == 3 && shares.reduce(0, +) <= 1.0001)

    let again = try Command.run(
      ["train", "--config", "m.safetensors", "--model", "n.safetensors", "--quiet"], in: folder)
    #expect(again.code == 0 && folder.data("n.safetensors") == folder.data("m.safetensors"), "\(again)")

    // It is recorded as what it is.
    let runs = try JSONValue(parsing: Command.run(["runs", "list", "--json"], in: folder).out)["runs"]?.array ?? []
    #expect(runs.map { $0["kind"] } == ["train", "tune"] && runs.map { $0["trials"] } == [.null, 20])
    let run = try JSONValue(parsing: Command.run(["runs", "show", "1", "--json"], in: folder).out)
    #expect(run["study"]?["best"] == best && run["status"] == "completed")
    #expect(run["configuration"] == (try Model(reading: folder.file("m.safetensors").path())).configuration)
    #expect(run["events"]?.array?.count { $0["event"] == "trial" } == 20)
    let text = try Command.run(["runs", "show", "1"], in: folder).out
    #expect(text.contains("trials         20: ") && text.contains("importance"), "\(text)")
  }

  @Test("Killed again and again it comes to the same bytes, on any number of threads")
  func kills() throws {
    let folder = try Self.folder()
    let whole = try Command.run(Self.tune("--study", "whole", "--threads", "1"), in: folder)
    #expect(whole.code == 0, "\(whole)")
    let model = folder.data("m.safetensors")
    try FileManager.default.removeItem(at: folder.file("m.safetensors"))
    var kills = 0
    for round in 0..<40 {
      let options = folder.names.contains("other") ? ["--resume", "other"] : ["--study", "other"]
      let process = try Command.process(Self.tune("--threads", "2") + options, in: folder)
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      let lines = (folder["other/trials.jsonl"] ?? "").count { $0 == "\n" }
      try process.run()
      // Until it has done something more, so that it gets on however slow the machine is.
      while process.isRunning, (folder["other/trials.jsonl"] ?? "").count(where: { $0 == "\n" }) < lines + 2 + round % 3
      {
        usleep(2_000)
      }
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        kills += 1
      }
      process.waitUntilExit()
      if folder.names.contains("m.safetensors") { break }
    }
    #expect(kills >= 3)
    if !folder.names.contains("m.safetensors") {
      let last = try Command.run(Self.tune("--resume", "other"), in: folder)
      #expect(last.code == 0, "\(last)")
    }
    #expect(folder.data("m.safetensors") == model && model != nil)
    #expect(try Self.trials(folder, "other") == Self.trials(folder, "whole"))
  }

  @Test("Ctrl-C keeps the study, which then ends with what there is")
  func interruption() throws {
    let folder = try Self.folder()
    let outcome = try Command.run(Self.tune("--study", "s", trials: 100_000), in: folder) { process in
      while process.isRunning, (folder["s/trials.jsonl"] ?? "").count(where: { $0 == "\n" }) < 5 { usleep(2_000) }
      process.interrupt()
    }
    #expect(outcome.code == 130 && outcome.complaint.contains("--resume s; with --trials"), "\(outcome)")
    let finished = (folder["s/trials.jsonl"] ?? "").count { $0 == "\n" }
    let rest = try Command.run(Self.tune("--resume", "s", trials: 1), in: folder)
    #expect(rest.code == 0, "\(rest)")
    #expect(try JSONValue(parsing: rest.out)["trials"]?.integer == finished)
  }

  @Test("What is printed as the space is read as the space")
  func space() throws {
    let folder = try Self.folder()
    let arguments = ["tune", "p.csv", "--target", "species"]
    let printed = try Command.run(arguments + ["--print-space", "--dropout", "0.1"], in: folder)
    #expect(printed.code == 0 && printed.out.contains("learning-rate: {from: "), "\(printed)")
    // What is given is not searched.
    #expect(!printed.out.contains("dropout"))
    folder["t.yaml"] = printed.out
    let again = try Command.run(arguments + ["--print-space", "--space", "t.yaml"], in: folder)
    #expect(again.out == printed.out && again.code == 0, "\(again)")
    #expect(folder.names.filter { $0.hasSuffix(".study") }.isEmpty)
  }

  @Test(
    "Faults in a space are found with their lines",
    arguments: [
      (
        "dropout: 0.1\nlerning-rate: 0.1", "x.yaml:2: there is no setting “lerning-rate”; did you mean “learning-rate”?"
      ),
      ("depth: {from: 1, too: 4}", "x.yaml:1: “depth” has no “too”; did you mean “to”?"),
      ("depth: {from: 1}", "x.yaml:1: “depth” takes from and to"),
      ("dropout: 0.1\n\ndepth: {from: 4, to: 1}", "x.yaml:3: “depth”: from 4 to 1 there is nothing"),
      ("depth: {from: 1.5, to: 3}", "x.yaml:1: “depth”: its ends are whole numbers"),
      ("activation: {from: 1, to: 2}", "x.yaml:1: “activation” is no number"),
      ("activation: [relu, slu]", "x.yaml:1: “activation”: there is no “slu”; did you mean “elu”?"),
      ("dropout: {from: 0, to: 1}", "x.yaml:1: “dropout”: dropout is at least 0 and below 1"),
      ("momentum: {from: 0.8, to: 0.9, when: {optimizer: muon}}", "x.yaml:1: “momentum”: it depends on “optimizer”"),
      ("learning-rate: {from: 0, to: 1, scale: log}", "x.yaml:1: “learning-rate”: a logarithmic range begins above 0"),
      ("learning-rate: {from: 1, to: 2, scale: lag}", "x.yaml:1: the scale of “learning-rate” is linear or log"),
      ("dropout: 0.1\ndropout: 0.2", "x.yaml: “dropout” stands there twice"),
      ("dropout: [[0.1]]", "x.yaml:1: “dropout” takes"),
      ("dropout:", "x.yaml:1: “dropout” has no value"), ("- dropout", "x.yaml:1: names of settings"),
      ("", "x.yaml: names of settings"), ("dropout: {from: 0, to: 1", "x.yaml:"),
      ("dropout: {values: [0.1], to: 1}", "x.yaml:1: “dropout” has values or “to”"),
    ])
  func faults(text: String, complaint: String) throws {
    let folder = try Self.folder()
    folder["x.yaml"] = text
    let (code, found) = try Command.fail(
      ["tune", "p.csv", "--target", "species", "--space", "x.yaml", "--trials", "3"], in: folder)
    #expect(code == 65 && found.contains(complaint), "\(found)")
  }

  @Test("Studies are not lost by accident, and not mixed up")
  func safety() throws {
    let folder = try Self.folder()
    #expect(try Command.run(Self.tune(trials: 3), in: folder).code == 0)
    #expect(folder.names.contains("m.study"))
    let (code, complaint) = try Command.fail(Self.tune(trials: 3), in: folder)
    #expect(code == 73 && complaint.contains("--resume m.study") && complaint.contains("--force"))
    let other = try Command.fail(Self.tune("--resume", "m.study", "--seed", "9", trials: 3), in: folder)
    #expect(other.0 == 65 && other.1.contains("“seed” was 0, and is 9"))
    #expect(try Command.run(Self.tune("--force", "--seed", "9", trials: 3), in: folder).code == 0)
    let nothing = try Command.fail(Self.tune("--resume", "nothing", trials: 3), in: folder)
    #expect(nothing.0 == 66)
    folder["m.study/trials.jsonl"] = "{\"trial\": 5}\n"
    let damaged = try Command.fail(Self.tune("--resume", "m.study", "--seed", "9", trials: 3), in: folder)
    #expect(damaged.0 == 65 && damaged.1.contains("line 1"))
    for arguments in [
      ["--trials", "0"], ["--folds", "0"], ["--checkpoint", "c"], ["--history", "h.csv"], ["--explain-recipe"],
      ["--dropout", "0.1", "--space", "d.yaml"],
      ["--force", "--resume", "m.study"], ["--score", "rmse"],
    ] {
      folder["d.yaml"] = "dropout: [0.1, 0.2]"
      let usual = ["tune", "p.csv", "--target", "species"]
      #expect(try Command.fail(usual + arguments, in: folder).0 == 64, "\(arguments)")
    }
  }

  @Test("Each setting that can be searched is an option of train")
  func names() throws {
    let help = try Command.run(["train", "--help-hidden"], in: Self.folder()).out
    // Widths of all layers are one option.
    for name in RecipeSetting.all.map(\.name) where !["depth", "width", "label-smoothing"].contains(name) {
      #expect(help.contains("--\(name)"), "\(name)")
    }
  }
}
