import Downhill
import Foundation
import Testing

@Suite("A training written down") struct ConfigurationTests {
  static let written = """
    # The penguins.
    data: p.csv
    target: species
    layers: [16, 8]
    learning-rate: 0.01
    epochs: 5
    holdout: 0.2
    seed: 3
    ignore: [year, "a, b"]
    no-bias-decay: true
    refit: false
    missing: ["-999", "?"]
    schedule: 'warm-up(over: 0.1, then: cosine)'
    """
  static let flags = [
    "p.csv", "--target", "species", "--layers", "16,8", "--learning-rate", "0.01", "--epochs", "5", "--holdout", "0.2",
    "--seed", "3", "--ignore", "year,\"a, b\"", "--no-bias-decay", "--no-refit", "--missing", "-999", "--missing", "?",
    "--schedule", "warm-up(over: 0.1, then: cosine)",
  ]
  static let network = """
    - Linear: 16
    - SiLU
    - Residual:
        - Linear: {outputs: 16, bias: false}
        - Dropout: 0.2
    - Linear: auto
    """

  /// The bytes of the model that a training makes.
  @discardableResult
  static func train(_ arguments: [String], in folder: Folder) throws -> Data {
    let outcome = try Command.run(["train", "--model", "new.safetensors", "--quiet"] + arguments, in: folder)
    try #require(outcome.code == 0, "\(outcome.complaint)")
    defer { try? FileManager.default.removeItem(at: folder.file("new.safetensors")) }
    return try #require(folder.data("new.safetensors"))
  }

  private static func penguins() throws -> Folder {
    let folder = try Folder()
    // A column whose name takes quotes.
    let lines = Folder.penguins.split(separator: "\n").enumerated().map { $0 == 0 ? "\($1),\"a, b\"" : "\($1),\($0)" }
    folder["p.csv"] = lines.joined(separator: "\n") + "\n"
    return folder
  }

  @Test("A file of options says what they say on the command line")
  func file() throws {
    let folder = try Self.penguins()
    folder["c.yaml"] = Self.written
    #expect(try Self.train(["--config", "c.yaml"], in: folder) == Self.train(Self.flags, in: folder))
    folder["c.json"] = """
      {"data": ["p.csv"], "target": "species", "layers": "16,8", "learning-rate": 0.01, "epochs": 5, "holdout": 0.2, "seed": 3,
       "ignore": ["year", "a, b"], "no-bias-decay": true, "no-refit": true, "missing": ["-999", "?"],
       "schedule": "warm-up(over: 0.1, then: cosine)", "no-shuffle": false}
      """
    #expect(try Self.train(["--config=c.json"], in: folder) == Self.train(Self.flags, in: folder))
  }

  @Test("What the command line says wins, whole, and is not added")
  func precedence() throws {
    let folder = try Self.penguins()
    folder["c.yaml"] = Self.written
    folder["n.yaml"] = Self.network
    folder["q.csv"] = folder["p.csv"]!.split(separator: "\n").dropLast(9).joined(separator: "\n")
    let cases: [(own: [String], flags: [String])] = [
      (["--seed", "7", "--layers=4"], Self.flags + ["--seed", "7", "--layers", "4"]),
      (["--refit"], Self.flags.filter { $0 != "--no-refit" } + ["--refit"]),
      // A list that is given replaces that of the file.
      (["--ignore", "island,year", "--missing", "NaN"], []),
      // And so does what has no place beside it.
      (["--network", "n.yaml"], Self.without("--layers") + ["--network", "n.yaml"]),
      (["--test", "q.csv"], []),
      (["q.csv"], ["q.csv"] + Self.flags.dropFirst()),
    ]
    for (own, flags) in cases {
      let found = try Self.train(["--config", "c.yaml"] + own, in: folder)
      if !flags.isEmpty { #expect(try found == Self.train(Array(flags), in: folder), "\(own)") }
      folder.write(Array(found), to: "found.safetensors")
      let configuration = try #require(try Model(reading: folder.file("found.safetensors").path()).configuration)
      if own[0] == "--ignore" {
        #expect(configuration["ignore"] == ["island", "year"] && configuration["missing"] == ["NaN"])
      }
      if own[0] == "--test" { #expect(configuration["holdout"] == nil && configuration["test"] == "q.csv") }
    }
  }

  private static func without(_ option: String) -> [String] {
    let place = flags.firstIndex(of: option)!
    return Array(flags[..<place] + flags[(place + 2)...])
  }

  static let trainings: [[String]] = [
    flags, ["p.csv", "--target", "species", "--epochs", "3"],
    ["p.csv", "--target", "body_mass_g", "--recipe", "plain", "--epochs", "3", "--early-stopping", "2"],
    [
      "p.csv", "--target", "species", "--epochs", "3", "--optimizer", "gd", "--batch-size", "8", "--momentum", "0.3",
      "--no-standardize", "--learning-rate", "1e-7", "--validation", "0", "--no-shuffle", "--seed", "\(UInt64.max)",
    ],
    [
      "p.csv", "--target", "sex", "--task", "classification", "--loss", "focal(gamma: 1.5)", "--optimizer", "lion",
      "--average", "0.9", "--clip-norm", "0.37", "--clip-value", "1e-3", "--momentum-schedule", "one-cycle-momentum",
      "--decay-schedule", "cosine", "--dropout-schedule", "step", "--monitor", "metric", "--scaling", "standard",
      "--epochs", "2", "--weights", "year", "--split-by", "island", "--numeric", "body_mass_g", "--categorical",
      "flipper_length_mm", "--on-divergence", "back-off", "--encoding", "utf-8", "--skip-bad-rows", "--threads", "1",
    ],
    ["p.csv", "--target", "species", "--epochs", "3", "--members", "3"],
    ["p.csv", "--target", "species", "--epochs", "3", "--network", "n.yaml"],
    ["p.csv", "--target", "species", "--epochs", "3", "--network", "named.yaml"],
    ["p.csv", "--target", "body_mass_g", "--epochs", "20", "--optimizer", "lbfgs", "--layers", "none"],
  ]

  @Test("A model repeats its training to the same bytes, and so does its configuration as a file", arguments: trainings)
  func repeated(training: [String]) throws {
    let folder = try Self.penguins()
    try Self.writeNetworks(in: folder)
    let first = try Self.train(training, in: folder)
    folder.write(Array(first), to: "m.safetensors")
    // The layers are in the model.
    for name in ["n.yaml", "named.yaml"] { try FileManager.default.removeItem(at: folder.file(name)) }
    #expect(try Self.train(["--config", "m.safetensors"], in: folder) == first)
    let text = try Command.run(["inspect", "m.safetensors", "--config"], in: folder)
    folder["c.yaml"] = text.out
    #expect(try Self.train(["--threads", "2", "--config", "c.yaml"], in: folder) == first, "\(text.out)")
    let again = try Command.run(
      ["train", "--config", "m.safetensors", "--model", "n.safetensors", "--seed", "7", "--quiet"], in: folder)
    #expect(again.complaint.isEmpty || training.contains("gd"), "\(again.complaint)")
    try Self.writeNetworks(in: folder)
    #expect(try Self.train(training + ["--seed", "7"], in: folder) == folder.data("n.safetensors"))
  }

  private static func writeNetworks(in folder: Folder) throws {
    folder["n.yaml"] = network
    folder["named.yaml"] = """
      - Concatenate:
          - Branch: {columns: [island, year], layers: [Linear: 4]}
          - Branch: {columns: body_mass_g, layers: [PeriodicEmbedding]}
          - Branch: {columns: 0..<3, layers: [Tanh]}
      - SiLU
      """
  }

  @Test("A configuration may come through a pipe, which is read once")
  func pipe() throws {
    let folder = try Self.penguins()
    let network = Self.network.split(separator: "\n").map { "  \($0)\n" }.joined()
    folder["c.yaml"] = "data: p.csv\ntarget: species\nepochs: 2\nnetwork:\n\(network)"
    #expect(mkfifo(folder.file("pipe").path(), 0o600) == 0)
    let text = try #require(folder["c.yaml"])
    let pipe = folder.file("pipe")
    Thread { try? Data(text.utf8).write(to: pipe) }.start()
    let found = try Self.train(["--config", "pipe"], in: folder)
    #expect(try found == Self.train(["--config", "c.yaml"], in: folder))
  }

  @Test("A killed training goes on with its configuration")
  func resumed() throws {
    let folder = try Self.penguins()
    folder["c.yaml"] = Self.written + "\ncheckpoint: c\n"
    let whole = try Self.train(["--config", "c.yaml", "--time-limit", "1h"], in: folder)
    try FileManager.default.removeItem(at: folder.file("c"))
    _ = try Command.run(
      ["train", "--config", "c.yaml", "--quiet", "--checkpoint-every", "1steps", "--time-limit", "1ms"], in: folder)
    #expect(try Self.train(["--config", "c.yaml", "--resume", "c"], in: folder) == whole)
  }

  @Test("What is wrong with a configuration is said with its place, in the words of the option")
  func faults() throws {
    let folder = try Self.penguins()
    let cases: [(line: String, code: Int32, says: [String])] = [
      ("learning_rate: 0.1", 65, ["c.yaml:3: ", "no option “learning_rate”", "“learning-rate”"]),
      ("learning-rate: abc", 64, ["c.yaml:3: The value 'abc' is invalid for '--learning-rate <rate>'"]),
      ("layers: [0]", 64, ["c.yaml:3: a hidden layer is at least 1 wide, not 0"]),
      ("holdout: 3", 64, ["c.yaml:3: --holdout is a share"]),
      ("optimizer: adan", 64, ["c.yaml:3: The value 'adan' is invalid for '--optimizer <optimizer>'"]),
      ("seed:", 65, ["c.yaml:3: “seed” has no value"]),
      ("no-shuffle: perhaps", 65, ["c.yaml:3: “no-shuffle” is true or false, not “perhaps”"]),
      ("task: [a, b]", 65, ["c.yaml:3: “task” takes one value, not a list"]),
      ("layers: {a: 1}", 65, ["c.yaml:3: “layers” takes values, not groups"]),
      ("config: other.yaml", 65, ["c.yaml:3: “config” has no place in a configuration"]),
      ("network:\n  - Linear: 3\n  - Linaer: 3", 65, ["c.yaml:5: there is no layer “Linaer”; did you mean “Linear”?"]),
      ("target: island", 65, ["c.yaml: “target” stands there twice"]),
      ("fingerprints: {p.csv: short}", 65, ["c.yaml:3: a fingerprint such as"]),
      ("schedule: warm-up(over: 0.1)", 65, ["c.yaml:3: no YAML", "stands in quotes"]),
      ("labels: l.gz", 64, ["c.yaml:2: --target is for tables"]),
    ]
    for (line, code, says) in cases {
      folder["c.yaml"] = "data: p.csv\ntarget: species\n\(line)\n"
      let (found, complaint) = try Command.fail(["train", "--config", "c.yaml"], in: folder)
      #expect(found == code && says.allSatisfy(complaint.contains), "\(line): \(found) \(complaint)")
    }
    folder["c.yaml"] = "- a list\n"
    #expect(try Command.fail(["train", "--config", "c.yaml"], in: folder).1.contains("c.yaml:1: names of options"))
    folder["c.yaml"] = ""
    #expect(try Command.fail(["train", "--config", "c.yaml"], in: folder).0 == 65)
    #expect(try Command.fail(["train", "--config", "nowhere.yaml"], in: folder).0 == 66)
    #expect(try Command.fail(["train", "p.csv", "--config"], in: folder).0 == 64)
    folder["c.yaml"] = "target: species\n"
    #expect(try Command.fail(["train", "--config", "c.yaml"], in: folder).1.contains("Missing expected argument"))
    #expect(try Command.run(["train", "--config", "c.yaml", "--help"], in: folder).code == 0)
  }

  @Test("Data that have changed are told of, and missing ones are refused")
  func changedData() throws {
    let folder = try Self.penguins()
    folder.write(Array(try Self.train(Self.flags, in: folder)), to: "m.safetensors")
    folder["p.csv"] = folder["p.csv"]!.replacingOccurrences(of: "Adelie", with: "Gentoo")
    let arguments = ["train", "--config", "m.safetensors", "--model", "n.safetensors", "--quiet"]
    let changed = try Command.run(arguments, in: folder)
    #expect(changed.code == 0 && changed.complaint.contains("warning: p.csv has changed since m.safetensors"))
    try FileManager.default.moveItem(at: folder.file("p.csv"), to: folder.file("q.csv"))
    let (code, complaint) = try Command.fail(arguments, in: folder)
    #expect(code == 66 && complaint.contains("p.csv, which m.safetensors was trained on"), "\(complaint)")
    #expect(try Command.run(arguments + ["q.csv"], in: folder).code == 0)
  }

  @Test("The model that is repeated is not overwritten, and one without a configuration says so")
  func models() throws {
    let folder = try Self.penguins()
    folder.write(Array(try Self.train(Self.flags, in: folder)), to: "p.safetensors")
    let (code, complaint) = try Command.fail(
      ["train", "--config", "p.safetensors", "--model", "p.safetensors"], in: folder)
    #expect(code == 73 && complaint.contains("would overwrite p.safetensors"), "\(complaint)")
    var model = try Model(reading: folder.file("p.safetensors").path())
    model.configuration = nil
    try model.save(to: folder.file("bare.safetensors").path())
    for arguments in [["train", "--config", "bare.safetensors"], ["inspect", "bare.safetensors", "--config"]] {
      let (code, complaint) = try Command.fail(arguments, in: folder)
      #expect(code == 65 && complaint.contains("bare.safetensors holds no configuration"), "\(complaint)")
    }
  }

  /// What a configuration in a model leaves out: it changes nothing about the result, or differs from place to place.
  static let unresolved: Set<String> = [
    "config", "help", "version",
    // Where results go, and what is said.
    "model", "history", "history-every", "log", "json", "quiet", "runs", "no-record", "explain-recipe",
    "report", "baseline", "no-baseline", "tensorboard",
    // How fast, how long, and what is kept from being lost.
    "threads", "time-limit", "checkpoint", "checkpoint-every", "keep-checkpoints", "resume",
    // By which road a table is read.
    "cache", "no-cache", "cache-folder",
    // Said in the words of another option: refit: false.
    "no-refit", "no-input-scale", "no-parametric-activation", "no-skewed-ranks", "no-rough-values", "no-residual",
  ]

  @Test("Every option of train may stand in a configuration, and those that decide the result stand in each model's")
  func complete() throws {
    let folder = try Self.penguins()
    try Self.writeNetworks(in: folder)
    let dump = try JSONValue(parsing: Command.run(["--experimental-dump-help"], in: folder).out)
    let train = try #require(dump["command"]?["subcommands"]?.array?.first { $0["commandName"] == "train" })
    let names = (train["arguments"]?.array ?? []).flatMap { $0["names"]?.array ?? [] }
      .filter { $0["kind"] == "long" }.compactMap { $0["name"]?.string }
    try #require(names.count > 50)
    for name in names where !["config", "help", "version"].contains(name) {
      folder["c.yaml"] = "\(name): {}\n"
      let complaint = try Command.run(["train", "--config", "c.yaml"], in: folder).complaint
      #expect(!complaint.contains("no option") && !complaint.contains("no place"), "\(complaint)")
    }

    // No training has all options; these together do.
    try Self.writeOthers(in: folder)
    var resolved: Set<String> = []
    for training in Self.trainings + Self.others {
      folder.write(Array(try Self.train(training, in: folder)), to: "m.safetensors")
      let configuration = try Model(reading: folder.file("m.safetensors").path()).configuration
      resolved.formUnion((configuration?.object?.members ?? []).map(\.name))
    }
    #expect(Set(names).subtracting(resolved) == Self.unresolved)
    #expect(resolved.subtracting(names) == ["data", "fingerprints"])
  }

  /// With the options that the other trainings don't have.
  private static let others: [[String]] = [
    [
      "s.csv", "--target", "species", "--epochs", "1", "--layers", "3,3", "--residual", "--split-time", "day",
      "--dates", "day", "--texts", "island",
    ],
    [
      "s.csv", "--target", "species", "--epochs", "1", "--layers", "3,3", "--residual", "--split-time", "day",
      "--dates", "day",
      "--initial-weights", "m.safetensors",
    ],
    ["s.csv", "--target", "species", "--epochs", "1", "--split", "part", "--test", "s.csv", "--layers", "none"],
    [
      "x.idx", "--labels", "y.idx", "--test-images", "x.idx", "--test-labels", "y.idx", "--epochs", "1", "--layers",
      "2",
    ],
    photos,
  ]

  private static let photos = [
    "photos", "--test-images", "photos", "--image-size", "4x3", "--epochs", "2", "--layers", "2",
  ]

  @Test(
    "Columns with odd names are found again in a model's configuration",
    arguments: ["#h", "c: d", "a, b", "e\\\"f", "-g", "true", "12"])
  func oddNames(name: String) throws {
    let folder = try Folder()
    let rows = (0..<40).map { row in (0..<7).map { "\((row * ($0 + 3)) % 11)" }.joined(separator: ",") + ",\(row)" }
    folder["o.csv"] = (["\"a, b\",c: d,\"e\"\"f\",-g,#h,true,12,y"] + rows).joined(separator: "\n") + "\n"
    folder["n.yaml"] = "- Concatenate:\n    - Branch: {columns: [\"\(name)\"], layers: [Linear: 3]}\n- Linear: auto\n"
    let training = ["o.csv", "--target", "y", "--task", "regression", "--network", "n.yaml", "--epochs", "2"]
    let first = try Self.train(training, in: folder)
    folder.write(Array(first), to: "m.safetensors")
    #expect(try Self.train(["--config", "m.safetensors"], in: folder) == first)
    // What is printed of a regression's network leaves the width of its output layer open.
    #expect(try Command.run(["inspect", "m.safetensors", "--network"], in: folder).out.hasSuffix("- Linear: auto\n"))
  }

  @Test("A split that a column gives is repeated; where nobody names a model, that of the configuration stays")
  func givenSplit() throws {
    let folder = try Self.penguins()
    try Self.writeOthers(in: folder)
    let first = try Self.train(["s.csv", "--target", "species", "--split", "part", "--epochs", "2"], in: folder)
    folder.write(Array(first), to: "s.safetensors")
    #expect(try Command.run(["train", "--config", "s.safetensors", "--quiet"], in: folder).code == 0)
    #expect(folder.data("s.safetensors") == first && folder.data("s-2.safetensors") == first)
  }

  @Test("A training on a folder of images is repeated to the same bits")
  func imageFolder() throws {
    let folder = try Folder()
    Halves(count: 20).write(to: "photos", in: folder)
    let first = try Self.train(Self.photos, in: folder)
    folder.write(Array(first), to: "m.safetensors")
    #expect(try Self.train(["--config", "m.safetensors"], in: folder) == first)
  }

  /// A table that says what its rows are for, images of 2 × 2 pixels, and a folder of images.
  private static func writeOthers(in folder: Folder) throws {
    let lines = folder["p.csv"]!.split(separator: "\n")
    folder["s.csv"] = lines.enumerated().map { index, line in
      "\(line),\(index == 0 ? "day,part" : "2026-11-\(10 + index % 20)," + (index % 3 == 0 ? "validation" : "train"))\n"
    }.joined()
    folder.write([0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2] + (0..<160).map { UInt8($0) }, to: "x.idx")
    Halves(count: 20).write(to: "photos", in: folder)
    folder.write([0, 0, 8, 1, 0, 0, 0, 40] + (0..<40).map { UInt8($0 % 2) }, to: "y.idx")
  }
}
