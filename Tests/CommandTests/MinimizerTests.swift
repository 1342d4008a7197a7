import Foundation
import Testing

@Suite("Training by L-BFGS on the command line") struct MinimizerTests {
  @Test("A linear classifier is trained to the bottom, a killed training goes on to the same bytes")
  func trained() throws {
    let folder = try Folder.withPenguins()
    let arguments = [
      "train", "p.csv", "--target", "species", "--optimizer", "lbfgs", "--layers", "none", "--validation", "0",
      "--weight-decay", "0.01", "--epochs", "500", "--json",
    ]
    let outcome = try Command.run(arguments + ["--model", "m.safetensors", "--history", "h.csv"], in: folder)
    #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
    let result = try outcome.json()
    let epochs = try #require(result["epochs"] as? Int)
    #expect(result["ending"] as? String == "converged" && epochs < 100 && epochs > 5)
    // The loss never goes up, and there is a row an iteration.
    let losses = (folder["h.csv"] ?? "").split(separator: "\n").dropFirst().compactMap { line in
      Double(line.split(separator: ",")[1])
    }
    #expect(losses.count == epochs && losses.last! < 0.1 * losses[0])

    _ = try Command.run(
      arguments + ["--model", "n.safetensors", "--checkpoint", "c", "--time-limit", "1ms"], in: folder)
    let resumed = try Command.run(arguments + ["--model", "n.safetensors", "--resume", "c"], in: folder)
    #expect(resumed.code == 0 && folder.data("n.safetensors") == folder.data("m.safetensors"), "\(resumed.complaint)")
  }

  @Test("The best epoch by validation is chosen, and the network trained again on all rows up to it")
  func refitted() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      [
        "train", "p.csv", "--target", "body_mass_g", "--optimizer", "lbfgs", "--layers", "16", "--epochs", "60",
        "--holdout", "0.2", "--json",
      ], in: folder)
    let result = try outcome.json()
    #expect(result["refitted"] as? Bool == true, "\(outcome.complaint)")
    let best = try #require(result["bestEpoch"] as? Int), epochs = try #require(result["epochs"] as? Int)
    #expect(best < epochs && (result["r2"] as? Double ?? 1) > 0.7, "\(result)")
  }

  @Test("What has no place beside it is refused, what has no effect is told of")
  func refusals() throws {
    let folder = try Folder.withPenguins()
    let arguments = ["train", "p.csv", "--target", "species", "--optimizer", "lbfgs", "--quiet"]
    for more in [
      ["--dropout", "0.2"], ["--schedule", "cosine"], ["--dropout-schedule", "cosine"], ["--average", "0.9"],
      ["--clip-norm", "1"], ["--weight-decay", "1", "--no-bias-decay"],
    ] {
      let (code, complaint) = try Command.fail(arguments + more, in: folder)
      #expect(code == 64 && complaint.contains("lbfgs has no "), "\(more): \(complaint)")
    }
    folder["n.yaml"] = "- Linear: 8\n- BatchNorm\n- Tanh\n"
    let (code, complaint) = try Command.fail(arguments + ["--network", "n.yaml"], in: folder)
    #expect(code == 64 && complaint.contains("batch normalisation"), "\(complaint)")
    #expect(try Command.fail(["find-rate"] + arguments.dropFirst(), in: folder).0 == 64)
    let noted = try Command.run(
      arguments + ["--batch-size", "8", "--learning-rate", "0.1", "--epochs", "2"], in: folder)
    #expect(noted.code == 0 && noted.complaint.contains("--batch-size") && noted.complaint.contains("--learning-rate"))
  }
}
