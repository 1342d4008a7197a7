import Downhill
import Foundation
import Testing

/// Model files that releases wrote, and what they predicted: `Scripts/fixtures/golden_models.py` made them, once for all.
@Suite("Model files of every release") struct GoldenModelTests {
  struct Golden: CustomTestStringConvertible {
    let release: URL
    let name: String
    var testDescription: String { "\(release.lastPathComponent) \(name)" }
    var model: String { release.appending(path: "\(name).safetensors").path() }
    /// What it predicted.
    var predictions: String { (try? String(contentsOf: release.appending(path: "\(name).csv"), encoding: .utf8)) ?? "" }
  }

  static let all: [Golden] = {
    let folder = package.appending(path: "Tests/Fixtures/golden")
    let releases = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return releases.sorted { $0.path() < $1.path() }.flatMap { release in
      ((try? FileManager.default.contentsOfDirectory(atPath: release.path())) ?? []).sorted()
        .filter { $0.hasSuffix(".safetensors") }
        .map { Golden(release: release, name: String($0.dropLast(".safetensors".count))) }
    }
  }()

  private static func predict(_ golden: Golden, instructions: String? = nil) throws -> Command.Outcome {
    let data = golden.release.appending(
      path: try Model(reading: golden.model).schema == nil ? "pixels.idx" : "shops.csv")
    return try Command.run(
      ["predict", golden.model, data.path()], in: try Folder(),
      environment: instructions.map { ["DOWNHILL_INSTRUCTION_SET": $0] } ?? [:])
  }

  @Test("There are some, and none is large")
  func there() throws {
    #expect(
      Set(Self.all.map(\.name)).isSuperset(of: ["classes", "embedded", "structures", "values", "binary", "images"]))
    for golden in Self.all {
      let size = try FileManager.default.attributesOfItem(atPath: golden.model)[.size] as? Int ?? 0
      #expect(size > 1000 && size < 20_000, "\(golden.testDescription): \(size) bytes")
    }
  }

  @Test("Each is read and predicts what it did", arguments: all)
  func predicts(golden: Golden) throws {
    let outcome = try Self.predict(golden)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let (found, expected) = (outcome.out.split(separator: "\n"), golden.predictions.split(separator: "\n"))
    try #require(found.count == expected.count && found.count > 20)
    #expect(found[0] == expected[0])
    // Instruction sets round sums differently.
    for (found, expected) in zip(found, expected).dropFirst() {
      let cells = zip(found.split(separator: ","), expected.split(separator: ","))
      for (found, expected) in cells where found != expected {
        let numbers = (Double(found), Double(expected))
        let (a, b) = (try #require(numbers.0, "\(found)"), try #require(numbers.1, "\(expected)"))
        #expect(abs(a - b) <= 2e-5 * max(1, abs(b)), "\(found), \(expected)")
      }
    }
  }

  #if arch(x86_64)
    @Test("With the instructions that made them, they are the same to the last digit", arguments: all)
    func sameDigits(golden: Golden) throws {
      #expect(try Self.predict(golden, instructions: "portable").out == golden.predictions)
    }
  #endif

  @Test("Everything in them can be looked at", arguments: all)
  func inspected(golden: Golden) throws {
    let model = try Model(reading: golden.model)
    for option in [[], ["--json"], ["--network"], ["--config"]] {
      let outcome = try Command.run(["inspect", golden.model] + option, in: try Folder())
      // What a program trained has no configuration.
      let isThere = option != ["--config"] || model.configuration != nil
      #expect(
        isThere ? outcome.code == 0 && !outcome.out.isEmpty : outcome.code == 65, "\(option): \(outcome.complaint)")
    }
    #expect(try Model(decoding: model.encoded()).record == model.record)
  }

  @Test("A training of an earlier release is repeated by its configuration")
  func repeated() throws {
    let configured = try Self.all.filter { try Model(reading: $0.model).configuration != nil }
    #expect(configured.count >= 4)
    for golden in configured {
      let folder = try Folder()
      try FileManager.default.copyItem(at: golden.release.appending(path: "shops.csv"), to: folder.file("shops.csv"))
      let outcome = try Command.run(
        ["train", "--config", golden.model, "--model", "m.safetensors", "--quiet"], in: folder,
        environment: ["DOWNHILL_INSTRUCTION_SET": "portable"])
      #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
      let (old, new) = (try Model(reading: golden.model), try Model(reading: folder.file("m.safetensors").path()))
      // Bits of trainings may change from release to release, what was asked for not.
      var configuration = try #require(old.configuration?.object)
      // Versions of recipes came later.
      if configuration["recipe"] == "default" { configuration["recipe"] = "default@1" }
      #expect(new.configuration == .object(configuration) && new.network == old.network)
      #expect(new.record.recipe == old.record.recipe)
    }
  }

  @Test("A newer format is refused by what a user sees, with the advice to update", arguments: all.prefix(1))
  func newerFormat(golden: Golden) throws {
    let file = try SafetensorsFile(reading: golden.model)
    var metadata = file.metadata
    metadata["format_version"] = "\(Model.formatVersion + 1)"
    metadata["downhill.checksum"] = nil
    let tensors = try file.entries.map { try file.tensor($0.name) }
    let folder = try Folder()
    try SafetensorsFile.write(tensors, metadata: metadata, to: folder.file("newer.safetensors").path())
    let (code, complaint) = try Command.fail(["inspect", "newer.safetensors"], in: folder)
    #expect(code == 65 && complaint.contains("version \(Model.formatVersion + 1) of the format"), "\(complaint)")
    #expect(complaint.contains("Update Downhill"))
  }
}
