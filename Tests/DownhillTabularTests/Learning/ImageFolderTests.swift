import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Learning from a folder of images") struct LearningFromFoldersTests {
  private static let fixtures = URL(filePath: #filePath).appending(path: "../../../Fixtures/pictures").standardized

  /// Some of the fixtures, put into folders.
  private static func folder(_ classes: [(name: String, files: [String])]) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "downhill-images-\(UUID().uuidString)")
    for (name, files) in classes {
      let inside = folder.appending(path: name)
      try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
      for file in files {
        try FileManager.default.copyItem(at: fixtures.appending(path: file), to: inside.appending(path: file))
      }
    }
    return folder
  }

  @Test("the lines of the guide train a model, which predicts files as it learned them", arguments: [1, 2])
  func guide(threads: Int) throws {
    let url = try Self.folder([
      ("b", ["colour.jpg", "grey.jpg", "turned-6.jpg", "turned-3.jpg"]),
      ("a", ["grey.png", "bits.png", "palette.png"]),
    ])
    defer { try? FileManager.default.removeItem(at: url) }
    let folder = try ImageFolder(url.path())
    #expect(folder.classes == ["a", "b"] && folder.codes == [0, 0, 0, 1, 1, 1, 1] && folder.notes.isEmpty)
    #expect(folder.files.map { URL(filePath: $0).lastPathComponent }[0...2] == ["bits.png", "grey.png", "palette.png"])
    let fit = ImageFit(size: ImageFit.Size(width: 6, height: 4), scales: true)
    let files = try ImageFiles(folder.files, fit: fit, source: "photos", threads: threads)
    #expect(files.images.dimensions == [4, 6, 3] && files.images.count == 7 && files.skipped.count == 0)
    for (place, path) in folder.files.enumerated() {
      let grid = try ImageFile.decode(path).converted(channels: 3).scaled(width: 6, height: 4)
      #expect(Array(files.images.pixels(place)) == grid.pixels)
    }
    var learner = Learner(quick())
    learner.recipe.validation = 0
    let learned = try learner.prepare(Examples(folder, files)).train()
    guard case .images(let encoder) = learned.model.encoder else {
      Issue.record("no images")
      return
    }
    #expect(encoder.resizes == true && encoder.shape == [4, 6, 3] && ImageFit(encoder) == ImageFit(files.images))
    // The file remembers it.
    let read = try Model(decoding: learned.model.encoded())
    #expect(read.encoder == learned.model.encoder && read.labels == ["a", "b"])
    // One alone is what it was among others.
    let alone = try ImageFiles([folder.files[4]], fit: ImageFit(encoder), source: "one")
    let predictor = try ModelPredictor(read)
    let all = try predictor.predict(.images(files.images)).probabilities
    let one = try predictor.predict(.images(alone.images)).probabilities
    #expect(one[0, 0] == all[4, 0] && one[0, 1] == all[4, 1])
  }

  @Test("a folder that contains itself ends in an error") func cycles() throws {
    let url = try Self.folder([("a", ["grey.png"])])
    defer { try? FileManager.default.removeItem(at: url) }
    try FileManager.default.createSymbolicLink(
      at: url.appending(path: "a/again"), withDestinationURL: url.appending(path: "a"))
    let error = #expect(throws: TableError.self) { try ImageFolder(url.path()) }
    #expect(error?.message.contains("nested more than") == true)
  }
}
