import Downhill
import Foundation
import Testing

@Suite("Training on images from the command") struct ImageTests {
  static let convolution = """
    - Convolution2D: {channels: 4, kernel: 3, padding: same}
    - MaxPooling2D: 2
    - ReLU
    - Flatten
    """

  private static func folder() throws -> Folder {
    let folder = try Folder()
    folder.write(Halves(count: 40).idx, to: "x.idx")
    folder.write(Halves(count: 40).labels, to: "y.idx")
    return folder
  }

  private static func train(_ folder: Folder, _ yaml: String?, _ more: String...) throws -> Command.Outcome {
    if let yaml { folder["n.yaml"] = yaml }
    return try Command.run(
      [
        "train", "x.idx", "--labels", "y.idx", "--epochs", "15", "--batch-size", "8", "--model", "m.safetensors",
        "--json",
      ] + (yaml == nil ? [] : ["--network", "n.yaml"]) + more, in: folder)
  }

  private static func model(_ folder: Folder) throws -> Model {
    try Model(reading: folder.file("m.safetensors").path())
  }

  @Test("a convolutional network in YAML sees the images' height, width and channels, in every subcommand")
  func convolution() throws {
    let folder = try Self.folder()
    let outcome = try Self.train(folder, Self.convolution, "--threads", "1")
    #expect(outcome.code == 0, "\(outcome.complaint)")
    let expected = Network(inputs: [8, 8, 1]) {
      Convolution2D(4, kernel: 3, padding: .same)
      MaxPooling2D(2)
      ReLU()
      Flatten()
      Linear(2)
      Softmax()
    }
    #expect(try Self.model(folder).network == expected)
    #expect(try outcome.json()["accuracy"] as? Double == 1)

    let evaluated = try Command.run(["evaluate", "m.safetensors", "x.idx", "--labels", "y.idx", "--json"], in: folder)
    #expect(try evaluated.json()["accuracy"] as? Double == 1, "\(evaluated.complaint)")
    let predicted = try Command.run(["predict", "m.safetensors", "x.idx"], in: folder)
    let labels = predicted.out.split(separator: "\n").dropFirst().map { String($0.prefix(1)) }
    #expect(labels == Halves(count: 40).classes.map { "\($0)" }, "\(predicted.complaint)")
    let inspected = try Command.run(["inspect", "m.safetensors"], in: folder)
    #expect(inspected.out.contains("Network(inputs: [8, 8, 1]) {") && inspected.out.contains("images of 8 × 8, pixels"))
    let printed = try Command.run(["inspect", "m.safetensors", "--network"], in: folder).out
    #expect(printed == Self.convolution + "\n- Linear: auto\n- Softmax\n")

    // What is printed trains to the same bytes but for its configuration, on any number of threads.
    let bytes = try folder.model("m.safetensors")
    _ = try Self.train(folder, printed, "--threads", "2")
    #expect(try folder.model("m.safetensors") == bytes)
  }

  static let flat: [(yaml: String?, inputs: Shape)] = [
    (nil, 64), ("- Linear: 6\n- ReLU", 64), ("- Tanh", 64), ("- BatchNorm\n- Linear: 3", 64),
    ("- Flatten\n- Linear: 6", [8, 8, 1]), ("- BatchNorm\n- Flatten", [8, 8, 1]),
  ]

  @Test("dense networks get images as rows, as ever; networks for images get images", arguments: flat.indices)
  func dense(index: Int) throws {
    let folder = try Self.folder()
    let outcome = try Self.train(folder, Self.flat[index].yaml)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    #expect(try Self.model(folder).network.inputs == Self.flat[index].inputs)
    // Files of images of one size say nothing that older versions didn't.
    let json = try Command.run(["inspect", "m.safetensors", "--json"], in: folder).out
    #expect(!json.contains("resizes"))
  }

  @Test("pixels with several channels stand one beside the other") func channels() throws {
    let folder = try Self.folder()
    folder.write(Pictures.idx([40, 4, 8, 2], (0..<40).flatMap(Halves(count: 40).pixels)), to: "x.idx")
    let outcome = try Self.train(folder, Self.convolution)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    #expect(try Self.model(folder).network.inputs == [4, 8, 2])
    // Images of another shape are refused.
    folder.write(Halves(count: 40).idx, to: "z.idx")
    let (code, complaint) = try Command.fail(["predict", "m.safetensors", "z.idx"], in: folder)
    #expect(code == 65 && complaint.contains("images of 8 × 8; the model takes 4 × 8 × 2"))
  }

  static let faults: [(yaml: String, fragment: String)] = [
    (
      "- Convolution2D: {channels: 4, kernel: 3}",
      "layer 1: Linear takes rows that are vectors; these have the shape [6, 6, 4]"
    ),
    (
      "- ReLU\n- Convolution2D: {channels: 4, kernel: 9}\n- Flatten",
      "layer 1: Convolution2D's windows of 9 × 9 pixels don't"
    ),
    ("- Flatten\n- MaxPooling2D: 2", "layer 1: MaxPooling2D takes images"),
    (
      "- Convolution2D: {channels: 4, kernel: 3, groups: 3}\n- Flatten",
      "layer 0: Convolution2D can't put 1 channels in"
    ),
    ("- Branch: {columns: age, layers: []}", "takes the column “age”, and x.idx holds images"),
  ]

  @Test("a layer that doesn't fit the images is named", arguments: faults.indices) func fault(index: Int) throws {
    let folder = try Self.folder()
    let outcome = try Self.train(folder, Self.faults[index].yaml)
    #expect(outcome.code == 64 && outcome.complaint.contains(Self.faults[index].fragment), "\(outcome.complaint)")
  }

  @Test("the example network is small and fits the images that it is for") func example() throws {
    let path = package.appending(path: "Examples/networks/fashion-convolution.yaml").path()
    let folder = try Folder()
    folder.write(Pictures.idx([4, 28, 28], (0..<4 * 784).map { UInt8($0 % 251) }), to: "x.idx")
    folder.write(Pictures.idx([4], [0, 1, 0, 1]), to: "y.idx")
    let outcome = try Command.run(
      [
        "train", "x.idx", "--labels", "y.idx", "--epochs", "1", "--validation", "0", "--network", path, "--json",
        "--model",
        "m.safetensors",
      ], in: folder)
    #expect(outcome.code == 0, "\(outcome.complaint)")
    // With ten classes instead of two: 8 · 31 more.
    #expect(try Self.model(folder).network.parameterCount() + 248 == 113_236)
  }
}
