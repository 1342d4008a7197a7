import Downhill
import Foundation
import Testing

@Suite("Folders of images") struct ImageFolderTests {
  private static func train(_ folder: Folder, _ more: String..., data: String = "halves") throws -> Command.Outcome {
    try Command.run(
      ["train", data, "--epochs", "15", "--layers", "8", "--batch-size", "8", "--model", "m.safetensors", "--json"]
        + more,
      in: folder)
  }

  private static func folder(names: [String] = ["left", "right"]) throws -> Folder {
    let folder = try Folder()
    Halves(count: 40).write(to: "halves", in: folder, names: names)
    return folder
  }

  @Test("a folder of images is learned from, tested on, evaluated and predicted") func whole() throws {
    let folder = try Self.folder()
    Halves(count: 12).write(to: "others", in: folder, names: ["left", "right"])
    let outcome = try Self.train(folder, "--test-images", "others/")
    #expect(outcome.code == 0 && outcome.complaint.isEmpty, "\(outcome.complaint)")
    #expect(try outcome.json()["accuracy"] as? Double == 1 && outcome.json()["metricsOn"] as? String == "test")
    #expect(try Model(reading: folder.file("m.safetensors").path()).labels == ["left", "right"])

    let evaluated = try Command.run(["evaluate", "m.safetensors", "others", "--json"], in: folder)
    #expect(try evaluated.json()["accuracy"] as? Double == 1, "\(evaluated.complaint)")
    let predicted = try Command.run(
      ["predict", "m.safetensors", "others/right", "halves/left/03.png", "-o", "p.csv"], in: folder)
    #expect(predicted.code == 0, "\(predicted.complaint)")
    let lines = try #require(folder["p.csv"]).split(separator: "\n").map(String.init)
    #expect(lines[0] == "file,prediction,probability_left,probability_right" && lines.count == 8)
    #expect(lines[1].hasPrefix("others/right/06.png,right,0.") && lines[6].hasPrefix("others/right/11.png,right,0."))
    #expect(lines[7].hasPrefix("halves/left/03.png,left,0."))
  }

  @Test("a folder teaches what an IDX file of the same images does, to the same bits") func sameAsIDX() throws {
    let folder = try Self.folder(names: ["0", "1"])
    folder.write(Halves(count: 40).idx, to: "x.idx")
    folder.write(Halves(count: 40).labels, to: "y.idx")
    #expect(try Self.train(folder).code == 0)
    let fromFolder = try Model(reading: folder.file("m.safetensors").path())
    #expect(try Self.train(folder, "--labels", "y.idx", data: "x.idx").code == 0)
    let fromArray = try Model(reading: folder.file("m.safetensors").path())
    #expect(fromFolder.parameters == fromArray.parameters && fromFolder.encoder == fromArray.encoder)
    #expect(fromFolder.labels == fromArray.labels && fromFolder.record.history == fromArray.record.history)
  }

  @Test("what is no image is passed over, with a warning and a count") func others() throws {
    let folder = try Self.folder()
    for name in ["halves/.DS_Store", "halves/left/.hidden.png", "halves/left/notes.txt", "halves/right/b.gif"] {
      folder.write([1, 2, 3], to: name)
    }
    folder.write(Pictures.png(width: 8, height: 8, Halves(count: 2).pixels(0)), to: "halves/stray.png")
    folder.write([1], to: "halves/none/readme.md")
    folder.write([1], to: "halves/.git/x.png")
    let outcome = try Self.train(folder)
    #expect(outcome.code == 0)
    for warning in [
      "passed over 3 files not named .png, .jpg or .jpeg, the first of them halves/left/notes.txt",
      "passed over 3 hidden files",
      "passed over 1 image in no folder of a class, the first of them halves/stray.png",
      "no images in “none”, so they are no classes",
    ] {
      #expect(outcome.complaint.contains("downhill: warning: halves: \(warning)\n"), "\(outcome.complaint)")
    }
  }

  @Test("a broken image is named, or passed over and counted") func broken() throws {
    let folder = try Self.folder()
    Halves(count: 4).write(to: "others", in: folder, names: ["left", "right"])
    let whole = Pictures.png(width: 8, height: 8, Halves(count: 4).pixels(0))
    folder.write(Array(whole.prefix(whole.count - 40)), to: "halves/left/05.png")
    folder.write(Array("<html>".utf8), to: "halves/right/30.png")
    folder.write(Array(whole.prefix(60)), to: "others/left/00.png")
    let failed = try Self.train(folder)
    #expect(failed.code == 65, "\(failed.complaint)")
    #expect(failed.complaint.contains("halves/right/30.png: the file is neither PNG nor JPEG by its first bytes"))
    let outcome = try Self.train(folder, "--skip-bad-rows")
    #expect(outcome.code == 0 && outcome.complaint.contains("halves: 2 bad images skipped:"), "\(outcome.complaint)")
    #expect(outcome.complaint.contains("  halves/left/05.png: the image is damaged (libpng"))
    let (code, complaint) = try Command.fail(["predict", "m.safetensors", "others"], in: folder)
    #expect(code == 65 && complaint.contains("others/left/00.png: "))
    let predicted = try Command.run(["predict", "m.safetensors", "others", "--skip-bad-rows"], in: folder)
    let lines = predicted.out.split(separator: "\n")
    #expect(predicted.code == 0 && lines.count == 5 && lines[1] == "others/left/00.png,,,", "\(predicted.out)")
    #expect(predicted.complaint.contains("1 bad image skipped"))
    let evaluated = try Command.run(["evaluate", "m.safetensors", "others", "--skip-bad-rows", "--json"], in: folder)
    #expect(try evaluated.json()["rows"] as? Int == 3, "\(evaluated.out)")
  }

  @Test("images of several sizes need --image-size, which the model remembers") func sizes() throws {
    let folder = try Self.folder()
    // Twice as large: each pixel four times.
    func large(_ image: Int) -> [UInt8] {
      let pixels = Halves(count: 40).pixels(image)
      return Pictures.png(width: 16, height: 16, (0..<256).map { pixels[$0 / 32 * 8 + $0 % 16 / 2] })
    }
    folder.write(large(2), to: "halves/left/02.png")
    let failed = try Self.train(folder)
    #expect(failed.code == 65, "\(failed.complaint)")
    #expect(
      failed.complaint.contains(
        "halves/left/00.png has 8 × 8 pixels, and halves/left/02.png has 16 × 16 pixels. Have all of them scaled: --image-size 8x8"
      ), "\(failed.complaint)")
    let outcome = try Self.train(folder, "--image-size", "8")
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let scaled = try Model(reading: folder.file("m.safetensors").path())
    guard case .images(let encoder) = scaled.encoder else {
      Issue.record("no images")
      return
    }
    #expect(encoder.dimensions == [8, 8] && encoder.resizes == true)
    // The mean over four equal pixels is that pixel: nothing else has changed.
    Halves(count: 40).write(to: "halves", in: folder, names: ["left", "right"])
    #expect(try Self.train(folder).code == 0)
    let plain = try Model(reading: folder.file("m.safetensors").path())
    #expect(plain.parameters == scaled.parameters)

    // A model of images of one size refuses others, and says how they would be taken.
    folder.write(large(3), to: "large.png")
    let (code, complaint) = try Command.fail(["predict", "m.safetensors", "large.png"], in: folder)
    #expect(code == 65 && complaint.contains("large.png has 16 × 16 pixels, and 8 × 8 are expected"), "\(complaint)")
    try scaled.save(to: folder.file("m.safetensors").path())
    let large = try Command.run(["predict", "m.safetensors", "large.png"], in: folder).out.split(separator: "\n")
    let small = try Command.run(["predict", "m.safetensors", "halves/left/03.png"], in: folder).out.split(
      separator: "\n")
    #expect(
      large.count == 2 && large[1].split(separator: ",").dropFirst() == small[1].split(separator: ",").dropFirst())
    #expect(
      try Command.run(["inspect", "m.safetensors"], in: folder).out.contains(
        "to which image files of other sizes are scaled"))

    // Width first, as everywhere.
    #expect(try Self.train(folder, "--image-size", "6x4").code == 0)
    #expect(try Model(reading: folder.file("m.safetensors").path()).network.inputs == 24)
    guard case .images(let wide) = try Model(reading: folder.file("m.safetensors").path()).encoder else { return }
    #expect(wide.dimensions == [4, 6])
  }

  @Test("grey images among colours are learned from as colours, and a model takes either") func colours() throws {
    let folder = try Self.folder()
    let pixels = Halves(count: 40).pixels(4)
    let colour = Pictures.png(width: 8, height: 8, channels: 3, pixels.flatMap { [$0, $0 / 2, 255 - $0] })
    folder.write(colour, to: "halves/left/04.png")
    folder["n.yaml"] = "- Convolution2D: {channels: 2, kernel: 3}\n- Flatten"
    let outcome = try Command.run(
      ["train", "halves", "--network", "n.yaml", "--epochs", "3", "--model", "m.safetensors", "--json"], in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    #expect(try Model(reading: folder.file("m.safetensors").path()).network.inputs == [8, 8, 3])
    let both = ["halves/left/04.png", "halves/left/05.png"]
    #expect(try Command.run(["predict", "m.safetensors"] + both, in: folder).out.split(separator: "\n").count == 3)
    // A model of grey images takes the luma of colours: of equal ones, what grey would give.
    Halves(count: 40).write(to: "halves", in: folder, names: ["left", "right"])
    #expect(try Self.train(folder).code == 0)
    folder.write(Pictures.png(width: 8, height: 8, channels: 3, pixels.flatMap { [$0, $0, $0] }), to: "c.png")
    let lines = try Command.run(["predict", "m.safetensors", "c.png", "halves/left/04.png"], in: folder).out
      .split(separator: "\n").map { $0.split(separator: ",").dropFirst() }
    #expect(lines.count == 3 && lines[1] == lines[2])
  }

  static let faults: [(arguments: [String], code: Int32, fragment: String)] = [
    (["train", "halves", "--target", "x"], 64, "whose labels are the names of the folders in it"),
    (["train", "halves", "--labels", "y.idx"], 64, "whose labels are the names of the folders in it"),
    (["train", "halves", "halves"], 64, "give one folder of images, not 2"),
    (["train", "halves", "--test", "x.csv"], 64, "--test-images FOLDER"),
    (["train", "halves", "--test-images", "nowhere"], 66, "can't open nowhere: "),
    (
      ["train", "halves", "--test-images", "strange"], 65,
      "strange: the folder has the class “lefft”, which was not trained on; did you mean “left”?"
    ),
    (["train", "halves", "--image-size", "0"], 64, "--image-size"),
    (["train", "halves", "--image-size", "8x8x3"], 64, "--image-size"),
    (["train", "x.csv", "--target", "y", "--image-size", "8"], 64, "--image-size is for folders of images"),
    (["train", "halves/left"], 65, "no folders with PNG or JPEG images in them: one folder a class was expected"),
    (["train", "alone"], 65, "only the value “left”: there is nothing to tell apart"),
    (["evaluate", "m.safetensors", "strange"], 65, "strange: the folder has the class “lefft”"),
    (["evaluate", "m.safetensors", "halves", "--labels", "y.idx"], 64, "leave --labels out"),
    (["predict", "m.safetensors", "empty"], 65, "the folder holds no PNG or JPEG images"),
    (["predict", "m.safetensors", "halves", "--id", "x"], 64, "a row of an image has the file's name"),
    (["predict", "m.safetensors", "halves", "gone.png"], 66, "gone.png: can't be opened"),
  ]

  @Test("what makes no sense is refused before anything is trained", arguments: faults.indices) func fault(index: Int)
    throws
  {
    let (arguments, code, fragment) = Self.faults[index]
    let folder = try Self.folder()
    Halves(count: 4).write(to: "strange", in: folder, names: ["lefft", "right"])
    Halves(count: 4).write(to: "alone", in: folder, names: ["left", "left"])
    folder.write([1], to: "empty/a.txt")
    folder.write(Array(try Self.model.get()), to: "m.safetensors")
    let (found, complaint) = try Command.fail(arguments, in: folder)
    #expect(found == code && complaint.contains(fragment), "\(arguments): \(complaint)")
  }

  private static let model = Result {
    let folder = try Self.folder()
    let outcome = try Self.train(folder)
    return try #require(folder.data("m.safetensors"), "\(outcome.complaint)")
  }
}
