import Downhill
import Foundation
import Testing

@Suite("Explaining models from the command") struct ExplainTests {
  /// Penguins that no model has seen: every third, with other weights.
  private static func others() -> String {
    let lines = Folder.penguins.split(separator: "\n").map(String.init)
    return ([lines[0]] + lines.dropFirst().enumerated().filter { $0.offset % 3 == 0 }.map(\.element))
      .joined(separator: "\n") + "\n"
  }

  private static func folder() throws -> Folder {
    let folder = try Folder.withPenguins(model: true)
    folder["o.csv"] = others()
    return folder
  }

  @Test("JSON has everything, for classes and for values")
  func json() throws {
    let folder = try Self.folder()
    let json = try Command.run(["explain", "m.safetensors", "o.csv", "--json", "--repeats", "3"], in: folder).json()
    #expect(json["task"] as? String == "classification" && json["rows"] as? Int == 115)
    let importance = try #require(json["importance"] as? [String: Any])
    #expect(importance["repeats"] as? Int == 3 && (importance["columns"] as? [Any])?.count == 7)
    for key in ["metrics", "confusion", "calibration"] { #expect(json[key] is [String: Any], "\(key)") }
    for key in ["partialDependence", "worstRows", "columns"] {
      #expect((json[key] as? [Any])?.isEmpty == false, "\(key)")
    }
    #expect(json["residuals"] == nil && json["warning"] == nil && json["relation"] as? String == "other")

    _ = try Command.run(Folder.quick("--model", "w.safetensors", target: "body_mass_g"), in: folder)
    let values = try Command.run(
      ["explain", "w.safetensors", "o.csv", "--json", "--columns", "sex,island", "--rows", "50"], in: folder
    ).json()
    let dependence = try #require(values["partialDependence"] as? [[String: Any]])
    #expect(dependence.compactMap { $0["column"] as? String } == ["sex", "island"])
    #expect((values["importance"] as? [String: Any])?["rows"] as? Int == 50)
    #expect(values["residuals"] is [String: Any] && values["confusion"] == nil)
  }

  @Test("For people it fits a window of 80 columns, and for machines the same bytes come from any number of threads")
  func text() throws {
    let folder = try Self.folder()
    let outcome = try Command.run(["explain", "m.safetensors", "o.csv", "--threads", "1"], in: folder)
    #expect(outcome.code == 0 && outcome.complaint.isEmpty)
    for part in ["What it relies on", "bill_length_mm", "How the answer follows", "How sure to be", "most wrong"] {
      #expect(outcome.out.contains(part), "\(part)")
    }
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(try Command.run(["explain", "m.safetensors", "o.csv", "--threads", "4"], in: folder).out == outcome.out)
  }

  @Test("Data that the model was trained on is warned of, test data is known, other data is neither")
  func acquaintance() throws {
    let folder = try Self.folder()
    _ = try Command.run(Folder.quick("--test", "o.csv", "--model", "t.safetensors"), in: folder)
    func relation(_ data: String) throws -> String? {
      try Command.run(["explain", "t.safetensors", data, "--json", "--repeats", "1"], in: folder).json()["relation"]
        as? String
    }
    // The name doesn't matter, what is in the file does.
    folder["copy.csv"] = Folder.penguins
    folder["new.csv"] = Folder.penguins + Folder.penguins.split(separator: "\n")[5] + "\n"
    #expect(try relation("p.csv") == "trainingFile" && relation("copy.csv") == "trainingFile")
    #expect(try relation("o.csv") == "testFile" && relation("new.csv") == "other")
    let text = try Command.run(["explain", "t.safetensors", "copy.csv", "--report", "r.html"], in: folder).out
    #expect(text.contains("  note: The model was trained on this very file"))
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(folder["r.html"]?.contains("The model was trained on this very file") == true)
  }

  @Test("A report is one page, written whole, and says what standard output says")
  func report() throws {
    let folder = try Self.folder()
    let outcome = try Command.run(["explain", "m.safetensors", "o.csv", "--report", "r.html"], in: folder)
    #expect(outcome.out.hasSuffix("The report is r.html.\n"))
    let page = try #require(folder["r.html"])
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n") && page.contains("Right on"))
    #expect(!page.contains("How it learned"), "a model file has no more than the first member's curves")
  }

  @Test("A training's report has its learning curves, for held-back rows, ensembles and values")
  func trainReport() throws {
    let folder = try Folder.withPenguins()
    for more in [["--holdout", "0.2"], ["--members", "3"], ["--target", "body_mass_g"]] {
      let target = more[0] == "--target" ? [] : ["--target", "species"]
      let outcome = try Command.run(
        ["train", "p.csv", "--layers", "8", "--epochs", "3", "--quiet", "--report", "r.html"] + target + more,
        in: folder)
      #expect(outcome.code == 0, "\(outcome.complaint)")
      let page = try #require(folder["r.html"])
      for title in ["How it learned", "What the model relies on", "Learning rate", "Recipe default"] {
        #expect(page.contains(title), "\(title)")
      }
      if more[0] == "--members" {
        #expect(page.contains("103 rows, each predicted by the network that has not seen it"))
      }
    }
  }

  @Test("Images are explained by classes and by the worst of them, shown in the page")
  func images() throws {
    let folder = try Folder()
    folder.write(Halves(count: 40).idx, to: "x.idx")
    folder.write(Halves(count: 40).labels, to: "y.idx")
    let training = try Command.run(
      [
        "train", "x.idx", "--labels", "y.idx", "--epochs", "2", "--layers", "4", "--model", "m.safetensors", "--json",
        "--report", "t.html",
      ], in: folder)
    #expect(training.code == 0 && folder["t.html"]?.contains("How it learned") == true, "\(training.complaint)")
    let outcome = try Command.run(
      ["explain", "m.safetensors", "x.idx", "--labels", "y.idx", "--json", "--report", "r.html"], in: folder)
    let json = try outcome.json()
    #expect(json["importance"] == nil && json["relation"] as? String == "trainingFile")
    #expect((json["worstRows"] as? [[String: Any]])?.count == 10)
    #expect(folder["r.html"]?.contains("<img src=\"data:image/png;base64,") == true)
    let (code, complaint) = try Command.fail(
      ["explain", "m.safetensors", "x.idx", "--labels", "y.idx", "--columns", "a"], in: folder)
    #expect(code == 64 && complaint.contains("images, which have no columns"))
  }

  @Test("Labels of one class only, and labels that the model doesn't know, have figures too")
  func labels() throws {
    let folder = try Self.folder()
    let lines = Folder.penguins.split(separator: "\n").map(String.init)
    folder["one.csv"] = ([lines[0]] + lines.filter { $0.contains("Gentoo") }).joined(separator: "\n") + "\n"
    let one = try Command.run(["explain", "m.safetensors", "one.csv", "--json", "--report", "r.html"], in: folder)
    #expect(try one.code == 0 && one.json()["rows"] as? Int == 124)
    folder["u.csv"] = Folder.penguins.replacingOccurrences(of: "Gentoo", with: "Emperor")
    let unknown = try Command.run(["explain", "m.safetensors", "u.csv", "--json", "--report", "r.html"], in: folder)
    #expect(try unknown.json()["unknownLabels"] as? Int == 124)
    #expect(folder["r.html"]?.contains("(not known to the model)") == true)
  }

  @Test("What is wrong with model, data, columns or numbers is said, and nothing is written")
  func faults() throws {
    let folder = try Self.folder()
    folder["noise"] = "no model at all"
    folder["empty.csv"] = ""
    folder["header.csv"] = String(Folder.penguins.prefix { $0 != "\n" }) + "\n"
    folder["torn.csv"] = Folder.penguins + "Adelie,\"Dream\n"
    folder["features.csv"] = "island,sex\nDream,male\n"
    let start = ["explain", "m.safetensors"]
    let faults: [([String], Int32, String)] = [
      (["explain", "noise", "o.csv"], 65, "noise"), (["explain", "nothing", "o.csv"], 66, "nothing"),
      (start + ["nothing.csv"], 66, "nothing.csv"), (start + ["empty.csv"], 65, "empty.csv"),
      (start + ["header.csv"], 65, "header.csv"), (start + ["torn.csv"], 65, "torn.csv"),
      (start + ["features.csv"], 65, "features.csv"), (start + ["o.csv", "--columns", "sex,colour"], 64, "“colour”"),
      (start + ["o.csv", "--columns", "species"], 64, "which is its target"),
      (start + ["o.csv", "--rows", "0"], 64, "--rows is at least 1"),
      (start + ["o.csv", "--repeats", "0"], 64, "--repeats is from 1"),
      (start + ["o.csv", "--labels", "y.idx"], 64, "--labels is for arrays"),
    ]
    let before = folder.names
    for (arguments, code, text) in faults {
      let (found, complaint) = try Command.fail(arguments + ["--report", "r.html"], in: folder)
      #expect(found == code && complaint.contains(text), "\(arguments): \(found) \(complaint)")
    }
    let new = Set(folder.names).subtracting(before).filter { !["out-", "complaint-"].contains(where: $0.hasPrefix) }
    #expect(new.isEmpty, "\(new)")
  }

  @Test("A report that can't be written, or would overwrite what is read, is refused before training")
  func unwritable() throws {
    let folder = try Folder.withPenguins()
    for (report, code) in [("nowhere/r.html", Int32(73)), ("p.csv", 73), ("p.safetensors", 64)] {
      let (found, complaint) = try Command.fail(Folder.quick("--report", report), in: folder)
      #expect(found == code && complaint.contains(report.split(separator: "/")[0]), "\(found) \(complaint)")
      #expect(!folder.names.contains("p.safetensors"))
    }
    #expect(folder["p.csv"] == Folder.penguins)
  }
}
