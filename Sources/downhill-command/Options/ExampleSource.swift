import ArgumentParser
import Downhill

/// Reads what the command is pointed at: a table, or images with a file of labels.
enum ExampleSource {
  /// Images and labels of IDX files.
  static func images(_ path: String, labels: String) throws -> Examples {
    let images = try Images(IDXArray(contentsOf: path), source: path)
    let array = try IDXArray(contentsOf: labels)
    guard array.dimensions.count == 1 else {
      throw LearningError("\(labels) holds images; a file of labels, one byte each, was expected")
    }
    return try Examples(images, labels: array.values)
  }

  /// Rows with answers that suit a model: a table by the model's schema, or images.
  static func examples(
    _ paths: [String], labels: String?, for model: Model, reading: ReadingOptions, threads: Int?
  ) throws -> Examples {
    guard let schema = model.schema else {
      guard let labels else { throw ValidationError("the model takes images: give their labels with --labels") }
      return try images(onlyFile(paths), labels: labels)
    }
    if labels != nil { throw ValidationError("--labels is for images, and the model takes a table with its answers") }
    let table = try Table(contentsOf: paths.sources, format: reading.format, schema: schema, threads: threads)
    ReadingNotes.print(table)
    return try Examples(table, target: model.target)
  }

  /// The one file of images among what was named.
  static func onlyFile(_ paths: [String]) throws -> String {
    guard paths.count == 1 else { throw ValidationError("several files make one table; of images give one file") }
    return paths[0]
  }
}

extension [String] {
  /// Where their tables come from.
  var sources: [TableSource] { map { TableSource(path: $0) } }
}
