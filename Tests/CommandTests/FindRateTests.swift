import Foundation
import Testing

@Suite("downhill find-rate") struct FindRateTests {
  private static func arguments(_ more: String...) -> [String] {
    ["find-rate", "p.csv", "--target", "species", "--layers", "8"] + more
  }

  @Test("it suggests a rate that train takes, and saves nothing") func suggestion() throws {
    let folder = try Folder.withPenguins()
    let before = folder.names
    let json = try Command.run(Self.arguments("--json"), in: folder).json()
    let rate = try #require(json["suggestion"] as? Double)
    #expect(rate > 1e-5 && rate < 10)
    let rates = try #require(json["rates"] as? [Double]), losses = try #require(json["losses"] as? [Double])
    #expect(rates.count == losses.count && (json["smoothed"] as? [Double])?.count == rates.count)
    #expect(rates == rates.sorted() && abs(rates[0] - 1e-6) < 1e-12)
    #expect(folder.names.filter { !$0.contains("out-") && !$0.contains("complaint-") } == before)

    let outcome = try Command.run(Folder.quick("--learning-rate", "\(rate)"), in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
  }

  @Test("in a pipe the curve is lines of numbers, and the last one says what to write") func lines() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(Self.arguments("--optimizer", "sgd", "--steps", "100"), in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let lines = outcome.out.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("rate ") && $0.contains("loss ") } == 20)
    #expect(lines.last?.hasPrefix("Suggested: --learning-rate ") == true)
    let quiet = try Command.run(Self.arguments("--optimizer", "sgd", "--steps", "100", "--quiet"), in: folder)
    #expect(quiet.out == "\(lines.last!)\n")
  }

  @Test("the same seed gives the same curve on any number of threads") func determinism() throws {
    let folder = try Folder.withPenguins()
    let curves = try ["1", "2"].map { try Command.run(Self.arguments("--json", "--threads", $0), in: folder).out }
    #expect(curves[0] == curves[1] && !curves[0].isEmpty)
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      (["--from", "0"], Int32(64), "above 0, not 0.0"), (["--from", "1", "--to", "0.1"], 64, "above the lowest, 1.0"),
      (["--steps", "2"], 64, "from 10 to 1,000,000 steps"),
      (["--from", "1e-12", "--to", "1e-10"], 65, "Try other bounds with --from and --to"),
    ])
  func refusals(more: [String], code: Int32, fragment: String) throws {
    let folder = try Folder.withPenguins()
    let (found, complaint) = try Command.fail(Self.arguments() + more, in: folder)
    #expect(found == code && complaint.contains(fragment), "\(complaint)")
  }
}

@Suite("Schedules and losses on the command line") struct SettingOptionTests {
  @Test(
    "they are recorded as they were asked for",
    arguments: [
      (["--schedule", "cosine-restarts(cycles: 2, growth: 2)"], "schedule", "cosine-restarts(cycles: 2, growth: 2)"),
      (
        ["--schedule", "one-cycle", "--momentum-schedule", "one-cycle-momentum"], "momentumSchedule",
        "one-cycle-momentum"
      ),
      (["--decay-schedule", "cosine"], "decaySchedule", "cosine"),
      (
        ["--dropout-schedule", "piecewise(points: [[0, 0], [1, 1]])"], "dropoutSchedule",
        "piecewise(points: [[0, 0], [1, 1]])"
      ),
      (
        ["--loss", "cross-entropy(label-smoothing: 0.125, class-weights: [1, 2, 1])"], "loss",
        "cross-entropy(classWeights: [1, 2, 1], labelSmoothing: 0.125)"
      ),
      (["--loss", "focal(gamma: 1)"], "loss", "focal(gamma: 1)"),
    ])
  func recorded(more: [String], member: String, text: String) throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(Folder.quick("--model", "m.safetensors") + more, in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let model = try Command.run(["inspect", "m.safetensors", "--json"], in: folder).json()
    let record = try #require(model["model"] as? [String: Any])["record"] as? [String: Any]
    #expect((record?["recipe"] as? [String: Any])?[member] as? String == text)
    let printed = try Command.run(["inspect", "m.safetensors"], in: folder).out
    #expect(printed.contains(text))
  }

  @Test(
    "regressions take theirs", arguments: ["mae", "huber(delta: 0.5)", "quantile(levels: [0.9])"])
  func regressions(loss: String) throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      Folder.quick("--loss", loss, target: "body_mass_g"), in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    #expect((try outcome.json()["rmse"] as? Double ?? .nan) > 0)
  }

  @Test(
    "what can't be read says what is wrong and what there is",
    arguments: [
      (["--schedule", "cosinus"], "did you mean “cosine”?"), (["--schedule", "cosine(end: -1)"], "at least 0"),
      (["--dropout-schedule", "piecewise(points: [[0, 2]])"], "for the dropout factors are from 0 to 1"),
      (["--loss", "hubert"], "did you mean “huber”?"), (["--loss", "mse"], "classify with cross-entropy"),
      (["--loss", "cross-entropy(class-weights: [1, 2])"], "2 weights for 3 classes"),
    ])
  func faults(more: [String], fragment: String) throws {
    let folder = try Folder.withPenguins()
    let (code, complaint) = try Command.fail(Folder.quick() + more, in: folder)
    #expect(code == 64 && complaint.contains(fragment), "\(complaint)")
  }
}
