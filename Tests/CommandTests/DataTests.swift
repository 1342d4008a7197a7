import Foundation
import Testing

/// Tables as people have them: compressed, in other encodings, damaged, in pieces.
@Suite("Data on the command line") struct DataTests {
  /// gzip with nothing compressed: a stored block (RFC 1951, 3.2.4) between header and CRC-32.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    func little(_ value: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    let count = UInt32(bytes.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(count, 2) + little(~count, 2) + bytes + little(~crc, 4)
      + little(count, 4)
  }

  @Test("a compressed table gives the model and the predictions of the plain one")
  func compressed() throws {
    let folder = try Folder.withPenguins()
    folder.write(Self.gzip(Array(Folder.penguins.utf8)), to: "p.csv.gz")
    for name in ["p.csv", "p.csv.gz"] {
      let outcome = try Command.run(Folder.quick("--model", "m-\(name)", data: name), in: folder)
      #expect(outcome.code == 0, "\(outcome.complaint)")
      #expect(try Command.run(["predict", "m-p.csv", name, "-o", "out-\(name)"], in: folder).code == 0)
    }
    #expect(try folder.model("m-p.csv") == folder.model("m-p.csv.gz"))
    #expect(folder.data("out-p.csv") != nil && folder.data("out-p.csv") == folder.data("out-p.csv.gz"))

    folder.write(Array(Self.gzip(Array(Folder.penguins.utf8)).dropLast(9)), to: "cut.gz")
    let (code, complaint) = try Command.fail(["predict", "m-p.csv", "cut.gz", "-o", "none.csv"], in: folder)
    #expect(code == 65 && complaint.contains("breaks off") && folder["none.csv"] == nil, "\(complaint)")
  }

  @Test("Latin-1 is read with a warning, or refused when UTF-8 is insisted on")
  func latin1() throws {
    let folder = try Folder()
    let rows = (0..<40).map { "\($0),\($0 % 2 == 0 ? "café" : "thé")\n" }.joined()
    folder.write(Array(try #require(("n,y\n" + rows).data(using: .isoLatin1))), to: "d.csv")
    let outcome = try Command.run(Folder.quick("--model", "m", data: "d.csv", target: "y"), in: folder)
    #expect(outcome.code == 0 && outcome.complaint.contains("warning: d.csv:2: column 2: the byte 0xE9 is not UTF-8"))
    let predicted = try Command.run(["predict", "m", "d.csv"], in: folder)
    #expect(predicted.out.hasPrefix("prediction,probability_café,probability_thé\n"), "\(predicted.out.prefix(100))")
    let (code, complaint) = try Command.fail(
      Folder.quick("--encoding", "utf-8", data: "d.csv", target: "y"), in: folder)
    #expect(code == 65 && complaint.contains("d.csv:2: column 2: the byte 0xE9"))
  }

  @Test("a mark of missing values is kept with the model")
  func missing() throws {
    let folder = try Folder()
    folder["d.csv"] =
      "n,y\n" + (0..<60).map { "\($0 % 6 == 0 ? "-999" : "\($0)"),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    let outcome = try Command.run(
      Folder.quick("--missing", "-999", "--missing", "none", "--model", "m", data: "d.csv", target: "y"), in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    folder["new.csv"] = "n\n-999\n\nnone\nNA\n"
    let lines = try Command.run(["predict", "m", "new.csv"], in: folder).out.split(separator: "\n").dropFirst()
    #expect(lines.count == 3 && Set(lines).count == 1, "\(lines)")
  }

  @Test("bad rows are passed over when asked, and a prediction's line is the row's")
  func badRows() throws {
    let folder = try Folder.withPenguins(model: true)
    let good = Folder.penguins.split(separator: "\n").map(String.init)
    folder["bad.csv"] = ([good[0], good[1], "1,2", good[2], "\"x\"y"] + good[3...] + ["last"]).joined(separator: "\n")
    let (code, complaint) = try Command.fail(["predict", "m.safetensors", "bad.csv"], in: folder)
    #expect(code == 65 && complaint.contains("bad.csv:3:"))

    let outcome = try Command.run(["predict", "m.safetensors", "bad.csv", "--skip-bad-rows"], in: folder)
    let lines = outcome.out.split(separator: "\n").map(String.init)
    let expected = try Command.run(["predict", "m.safetensors", "p.csv"], in: folder).out.split(separator: "\n")
    #expect(lines.count == good.count + 3 && lines[2] == ",,," && lines[4] == ",,," && lines.last == ",,,")
    #expect(lines.filter { $0 != ",,," } == expected.map(String.init))
    #expect(outcome.complaint.contains("warning: bad.csv: 3 bad rows skipped:\n  bad.csv:3: "), "\(outcome.complaint)")

    for command in [["evaluate", "m.safetensors", "bad.csv", "--json"], Folder.quick("--model", "n", data: "bad.csv")] {
      let outcome = try Command.run(command + ["--skip-bad-rows"], in: folder)
      #expect(outcome.code == 0 && outcome.complaint.contains("3 bad rows skipped"), "\(outcome.complaint)")
    }
  }

  @Test("several files are one table, in training, evaluation and prediction")
  func severalFiles() throws {
    let folder = try Folder.withPenguins()
    let lines = Folder.penguins.split(separator: "\n").map(String.init)
    folder["a.csv"] = lines[..<200].joined(separator: "\n")
    folder["b.csv"] = ([lines[0]] + lines[200...]).joined(separator: "\n")
    let whole = try Command.run(Folder.quick("--model", "whole"), in: folder)
    var parts = Folder.quick("--model", "parts", data: "a.csv")
    parts.insert("b.csv", at: 2)
    #expect(try Command.run(parts, in: folder).code == 0 && whole.code == 0)
    #expect(try folder.model("whole") == folder.model("parts"))
    let evaluations = try [["p.csv"], ["a.csv", "b.csv"]].map {
      try Command.run(["evaluate", "whole"] + $0 + ["--json"], in: folder).out
    }
    #expect(evaluations[0] == evaluations[1])
    let predictions = try [["p.csv"], ["a.csv", "b.csv"]].map {
      try Command.run(["predict", "whole"] + $0, in: folder).out
    }
    #expect(predictions[0] == predictions[1] && predictions[0].split(separator: "\n").count == lines.count)

    folder["c.csv"] = "species,x\nAdelie,1\n"
    let (code, complaint) = try Command.fail(["train", "a.csv", "c.csv", "--target", "species"], in: folder)
    #expect(code == 65 && complaint.contains("c.csv:1: the file lacks"), "\(complaint)")
  }

  @Test("columns weigh rows and part them")
  func rows() throws {
    let folder = try Folder.withPenguins()
    for (flags, code, words) in [
      (["--split-by", "island", "--holdout", "0.3"], 0, ""), (["--split-time", "year", "--holdout", "0.3"], 0, ""),
      (["--weights", "year"], 0, ""),
      (["--split", "island"], 65, "p.csv:2: column \"island\": “Torgersen” where train"),
      (["--weights", "sex"], 65, "where a number was expected"), (["--split-by", "isle"], 64, "\"island\""),
      (["--split-time", "island"], 64, "holds texts"),
      (["--split", "sex", "--split-by", "island"], 64, "give one of them"),
      (["--split", "sex", "--holdout", "0.1"], 64, "leave --holdout"),
    ] as [([String], Int32, String)] {
      let outcome = try Command.run(Folder.quick() + flags, in: folder)
      #expect(
        outcome.code == code && (words.isEmpty || outcome.complaint.contains(words)), "\(flags): \(outcome.complaint)")
    }
    // Nothing of 2009 in training: the last of three years is held back whole or in part.
    let outcome = try Command.run(
      [
        "train", "p.csv", "--target", "species", "--split-time", "year", "--holdout", "0.35", "--layers", "8",
        "--epochs",
        "1", "--validation", "0",
      ], in: folder)
    #expect(outcome.out.contains("rows: 224 to train, 120 to test"), "\(outcome.out.prefix(600))")
  }

  /// An array as NumPy saves it.
  static func npy(_ type: String, _ shape: String, _ bytes: [UInt8]) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    let padded = header + String(repeating: " ", count: (64 - (header.utf8.count + 11) % 64) % 64) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(padded.utf8.count & 255), UInt8(padded.utf8.count >> 8)]
      + Array(padded.utf8) + bytes
  }

  @Test("arrays of NumPy's are learned from, judged and predicted like the table with the same numbers")
  func arrays() throws {
    let folder = try Folder()
    let values = (0..<360).map { Float($0 * 37 % 101) / 8 }
    let floats: [UInt8] = values.flatMap { value in
      (0..<4).map { (index: UInt32) -> UInt8 in UInt8(value.bitPattern >> (8 * index) & 255) }
    }
    let labels = (0..<120).map { UInt8(values[3 * $0] > 6 ? 1 : 0) }
    folder.write(Self.npy("<f4", "(120, 3)", floats), to: "x.npy")
    folder.write(Self.npy("|u1", "(120,)", labels), to: "y.npy")
    let rows: [String] = (0..<120).map { row in
      let cells: [String] = values[3 * row..<3 * row + 3].map { "\($0)" }
      return (cells + ["\(labels[row])"]).joined(separator: ",")
    }
    folder["t.csv"] = (["column1,column2,column3,label"] + rows).joined(separator: "\n")
    let flags = ["--layers", "8", "--epochs", "5", "--quiet", "--model"]
    let array = try Command.run(["train", "x.npy", "--labels", "y.npy"] + flags + ["a"], in: folder)
    let table = try Command.run(["train", "t.csv", "--target", "label"] + flags + ["t"], in: folder)
    #expect(array.code == 0 && table.code == 0, "\(array.complaint)\(table.complaint)")
    let predictions = try [["a", "x.npy"], ["t", "t.csv"], ["t", "x.npy"]].map {
      try Command.run(["predict"] + $0, in: folder)
    }
    #expect(predictions.allSatisfy { $0.code == 0 && $0.out == predictions[0].out }, "\(predictions[0].complaint)")
    #expect(predictions[0].out.split(separator: "\n").count == 121)
    let evaluation = try Command.run(["evaluate", "a", "x.npy", "--labels", "y.npy", "--json"], in: folder)
    let same = try Command.run(["evaluate", "t", "t.csv", "--json"], in: folder)
    #expect(evaluation.code == 0 && evaluation.out == same.out)

    folder.write(Array(Self.npy("<f4", "(120, 3)", floats).dropLast()), to: "cut.npy")
    for (arguments, code, words) in [
      (["predict", "a", "cut.npy"], 65, "cut short"), (["predict", "a", "y.npy"], 65, "no array"),
      (["evaluate", "a", "x.npy"], 64, "--labels"), (["predict", "a", "x.npy", "--id", "k"], 64, "--id"),
      (["train", "x.npy", "--target", "label"], 65, "is an array of NumPy's"),
      (["train", "x.npy", "--labels", "y.npy", "--weights", "w"], 64, "not of images"),
    ] as [([String], Int32, String)] {
      let (found, complaint) = try Command.fail(arguments, in: folder)
      #expect(found == code && complaint.contains(words), "\(arguments): \(complaint)")
    }
  }

  @Test("bytes of three dimensions are images")
  func images() throws {
    let folder = try Folder()
    let pixels: [UInt8] = (0..<960).map { place in
      let isBright = place / 16 % 2 == 1
      return UInt8(isBright ? 200 + place % 11 : 20 + place % 7)
    }
    folder.write(Self.npy("|u1", "(60, 4, 4)", pixels), to: "x.npy")
    folder.write(Self.npy("|u1", "(60,)", (0..<60).map { UInt8($0 % 2) }), to: "y.npy")
    let outcome = try Command.run(
      ["train", "x.npy", "--labels", "y.npy", "--epochs", "3", "--model", "m"], in: folder)
    #expect(outcome.code == 0 && outcome.out.contains("60 images of 4 × 4"), "\(outcome.complaint)")
    #expect(try Command.run(["predict", "m", "x.npy"], in: folder).out.split(separator: "\n").count == 61)
  }
}
