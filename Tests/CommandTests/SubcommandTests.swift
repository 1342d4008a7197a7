import Foundation
import Testing

@Suite("Subcommands") struct SubcommandTests {
  @Test("train prints one JSON object with everything a script asks for")
  func trainJSON() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      Folder.quick("--holdout", "0.2", "--seed", "18446744073709551615"), in: folder)
    #expect(outcome.code == 0 && outcome.complaint.isEmpty)
    #expect(outcome.out.contains(#""seed":18446744073709551615"#))
    let json = try outcome.json()
    #expect(json["task"] as? String == "classification" && json["metricsOn"] as? String == "holdout")
    #expect(json["rows"] as? Int == 69 && json["epochs"] as? Int == 3 && json["model"] as? String == "p.safetensors")
    for key in ["accuracy", "logLoss", "seconds", "parameters"] { #expect(json[key] is NSNumber, "\(key)") }
    #expect(folder.names.contains("p.safetensors"))
  }

  @Test("the environment chooses the instruction set, and a set that there is not is said and left")
  func instructionSet() throws {
    func train(_ set: String) throws -> Command.Outcome {
      let folder = try Folder.withPenguins()
      return try Command.run(Folder.quick(), in: folder, environment: ["DOWNHILL_INSTRUCTION_SET": set])
    }
    let portable = try train("portable"), unknown = try train("sse9")
    #expect(portable.code == 0 && portable.complaint.isEmpty)
    #expect(unknown.code == 0 && unknown.complaint.contains("“sse9” is not one of portable, avx2, avx512"))
  }

  @Test("a regression has its own metrics, a binary classification its AUC, and metricsOn says which rows")
  func keys() throws {
    let folder = try Folder.withPenguins()
    let regression = try Command.run(Folder.quick("--validation", "0", target: "body_mass_g"), in: folder).json()
    #expect(regression["task"] as? String == "regression" && regression["metricsOn"] as? String == "train")
    for key in ["rmse", "mae", "r2"] { #expect(regression[key] is NSNumber, "\(key)") }
    let binary = try Command.run(Folder.quick(target: "sex"), in: folder).json()
    #expect(binary["auc"] is NSNumber && binary["metricsOn"] as? String == "validation")
    let test = try Command.run(Folder.quick("--test", "p.csv"), in: folder).json()
    #expect(test["metricsOn"] as? String == "test" && test["rows"] as? Int == 344)
  }

  @Test("for people there is a table, a network and a line that says how to go on")
  func trainText() throws {
    let folder = try Folder.withPenguins()
    let outcome = try Command.run(
      ["train", "p.csv", "--target", "species", "--layers", "8", "--epochs", "2"], in: folder)
    for text in ["344 rows", "Linear(8", "epoch 1/2", "accuracy", "downhill predict p.safetensors"] {
      #expect(outcome.out.contains(text), "\(text)")
    }
    #expect(!outcome.out.contains("\u{1B}"), "no colours where there is no terminal")
  }

  @Test("evaluate says how good a model is on a table")
  func evaluate() throws {
    let folder = try Folder.withPenguins(model: true)
    let json = try Command.run(["evaluate", "m.safetensors", "p.csv", "--json"], in: folder).json()
    #expect(json["rows"] as? Int == 344 && json["accuracy"] is NSNumber && json["task"] as? String == "classification")
    let fromInput = try Command.run(["evaluate", "m.safetensors", "-", "--json"], in: folder, input: Folder.penguins)
    #expect(try fromInput.json()["accuracy"] as? Double == json["accuracy"] as? Double)
    #expect(try Command.run(["evaluate", "m.safetensors", "p.csv"], in: folder).out.contains("Gentoo"))
  }

  @Test("labels that the model doesn't know are counted")
  func unknownLabels() throws {
    let folder = try Folder.withPenguins(model: true)
    folder["p.csv"] = Folder.penguins.replacingOccurrences(of: "Gentoo", with: "Emperor")
    let json = try Command.run(["evaluate", "m.safetensors", "p.csv", "--json"], in: folder).json()
    #expect(json["unknownLabels"] as? Int == 124)
  }

  @Test("inspect shows what a model file holds, for people and as JSON")
  func inspect() throws {
    let folder = try Folder.withPenguins(model: true)
    let text = try Command.run(["inspect", "m.safetensors"], in: folder).out
    for part in ["Adelie, Chinstrap, Gentoo", "bill_length_mm", "0.weights", "3.bias", "recipe default"] {
      #expect(text.contains(part), "\(part)")
    }
    let json = try Command.run(["inspect", "m.safetensors", "--json"], in: folder).json()
    #expect(json["format"] as? String == "downhill.model" && json["model"] is [String: Any])
    #expect((json["tensors"] as? [String: [Int]])?["3.bias"] == [3])
  }

  @Test("the same seed makes the same file on any number of threads")
  func determinism() throws {
    let folder = try Folder.withPenguins()
    for (index, threads) in ["1", "2", "5", "1"].enumerated() {
      try Command.run(Folder.quick("--threads", threads, "--seed", "3", "--model", "\(index)"), in: folder)
    }
    let first = try #require(folder.data("0"))
    #expect((1..<4).allSatisfy { folder.data("\($0)") == first })
  }

  @Test("help and version go to standard output", arguments: [["--help"], ["train", "--help"], ["--version"], []])
  func help(arguments: [String]) throws {
    let outcome = try Command.run(arguments, in: Folder())
    #expect(outcome.code == 0 && outcome.complaint.isEmpty && !outcome.out.isEmpty)
  }

  @Test("a column whose name holds a comma is named in quotes")
  func quotedNames() throws {
    let folder = try Folder()
    folder["d.csv"] = "\"a, b\",c,y\n" + (0..<30).map { "\($0 % 7),\($0 % 5),\($0 % 2 == 0 ? "u" : "v")\n" }.joined()
    let outcome = try Command.run(Folder.quick("--ignore", "\"a, b\"", data: "d.csv", target: "y"), in: folder)
    #expect(outcome.code == 0)
    #expect(try Command.run(["inspect", "d.safetensors"], in: folder).out.contains("a, b: ignored; as asked"))
    #expect(try Command.run(Folder.quick(data: "d.csv", target: "a, b"), in: folder).code == 0)
  }

  @Test("images are trained on, judged and predicted")
  func images() throws {
    let folder = try Folder()
    func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> [UInt8] {
      let header = dimensions.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
      return [0, 0, 8, UInt8(dimensions.count)] + header + bytes
    }
    // Three shades of grey, a little uneven.
    let labels = (0..<90).map { UInt8($0 % 3) }
    folder.write(idx([90, 4, 4], labels.flatMap { label in (0..<16).map { label * 100 + $0 } }), to: "images")
    folder.write(idx([90], labels), to: "labels")
    folder.write(idx([90, 4, 5], [UInt8](repeating: 0, count: 1800)), to: "wide")

    let common = ["--layers", "8", "--epochs", "60", "--json"]
    let trained = try Command.run(
      ["train", "images", "--labels", "labels", "--test-images", "images", "--test-labels", "labels"] + common,
      in: folder
    ).json()
    #expect(trained["metricsOn"] as? String == "test" && (trained["accuracy"] as? Double ?? 0) > 0.9)
    let model = "images.safetensors"
    let judged = try Command.run(["evaluate", model, "images", "--labels", "labels", "--json"], in: folder).json()
    #expect(judged["accuracy"] as? Double == trained["accuracy"] as? Double)
    let predicted = try Command.run(["predict", model, "images"], in: folder).out.split(separator: "\n")
    #expect(predicted.count == 91 && predicted[0] == "prediction,probability_0,probability_1,probability_2")

    #expect(try Command.fail(["evaluate", model, "images"], in: folder).0 == 64)
    #expect(try Command.fail(["predict", model, "wide"], in: folder).0 == 65)
    #expect(try Command.fail(["train", "images", "--target", "x"], in: folder).1.contains("is an IDX file"))
    let late = ["train", "images", "--labels", "labels", "--test-images", "wide", "--test-labels", "labels"] + common
    #expect(try Command.fail(late + ["--log", "log"], in: folder).1.contains("4 × 5"))
    #expect(!folder.names.contains("log"), "refused before training")
  }
}
