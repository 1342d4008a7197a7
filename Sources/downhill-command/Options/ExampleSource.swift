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
  static func examples(_ path: String, labels: String?, for model: Model) throws -> Examples {
    if let labels { return try images(path, labels: labels) }
    guard let schema = model.schema else {
      throw ValidationError("the model takes images: give their labels with --labels")
    }
    return try Examples(Table(contentsOf: TableSource(path: path), schema: schema), target: model.target)
  }
}
