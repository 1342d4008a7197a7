import Downhill
import Foundation
import Testing

@Suite("Trees beside a network, from the command line")
struct TreesTests {
  /// Two classes by a product, which a linear model can't tell apart.
  private static func folder() throws -> Folder {
    var random = RandomStream(seed: 5, purpose: .split)
    let rows = (0..<400).map { _ -> String in
      let (a, b) = (random.normal(), random.normal())
      return "\(a),\(b),\(a * b > 0 ? "yes" : "no")"
    }
    let folder = try Folder()
    folder["d.csv"] = (["a,b,y"] + rows).joined(separator: "\n") + "\n"
    return folder
  }

  private static func training(_ more: String...) -> [String] {
    [
      "train", "d.csv", "--target", "y", "--layers", "none", "--epochs", "5", "--holdout", "0.25", "--members", "1",
      "--model", "m.safetensors",
    ] + more
  }

  @Test("The result says that trees would do better, and the record of runs and the report have it too")
  func favoured() throws {
    let folder = try Self.folder()
    let out = try Command.run(Self.training("--report", "r.html", "--runs", "r.sqlite"), in: folder).out
    #expect(out.contains("\nBoosted trees on the same rows:\n  accuracy "))
    #expect(out.contains("\n  Trees would probably do better here: trees have "))
    let shown = try Command.run(["runs", "show", "1", "--runs", "r.sqlite"], in: folder).out
    #expect(shown.contains("trees          Trees would probably do better here: "))
    let page = try #require(folder["r.html"])
    #expect(page.contains("Would trees do better?") && page.contains("Trees would probably do better here: "))
  }

  @Test("--json has the figures, --no-baseline has none, and the model is the same to the byte")
  func switchedOff() throws {
    let folder = try Self.folder()
    let with = try Command.run(Self.training("--json", "--no-record"), in: folder).json()
    let model = folder.data("m.safetensors")
    let trees = try #require(with["trees"] as? [String: Any])
    #expect(trees["favoured"] as? Bool == true && trees["rows"] as? Int == 100)
    let lead = try #require(trees["lead"] as? Double), theirs = try #require(trees["accuracy"] as? Double)
    #expect(abs(lead - (theirs - (with["accuracy"] as? Double ?? 0))) < 1e-9)

    let without = try Command.run(Self.training("--json", "--no-record", "--no-baseline"), in: folder).json()
    #expect(without["trees"] == nil && folder.data("m.safetensors") == model)
    let plain = try Command.run(Self.training("--no-record", "--no-baseline"), in: folder).out
    #expect(!plain.lowercased().contains("trees"))
  }

  @Test("An ensemble's trees have its folds, and nothing is said where time is over")
  func folds() throws {
    let folder = try Self.folder()
    let training = [
      "train", "d.csv", "--target", "y", "--layers", "8", "--epochs", "40", "--members", "4", "--json", "--no-record",
    ]
    let outcome = try Command.run(training, in: folder).json()
    #expect((outcome["trees"] as? [String: Any])?["rows"] as? Int == 160)
    let limited = try Command.run(training + ["--time-limit", "100ms"], in: folder).json()
    #expect(limited["trees"] == nil && limited["accuracy"] != nil)
  }
}
