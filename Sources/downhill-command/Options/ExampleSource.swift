import ArgumentParser
import Downhill

/// Reads what the command is pointed at: a table, or arrays with a file of labels.
enum ExampleSource {
  /// Images, or the rows of numbers of another array, with their labels.
  /// - Parameter model: reads them as it was trained; nil: to train on them.
  static func labelled(_ path: String, labels: String, for model: Model? = nil) throws -> Examples {
    let answers = try self.labels(labels)
    switch try ArrayFeatures(path) {
    case .images(let images): return try Examples(images, answers: answers)
    case .numbers(let array):
      guard let model else { return try Examples(Table(array, labels: answers, source: path), target: "label") }
      return try Examples(table(array, labels: answers, path, for: model), target: model.target)
    }
  }

  /// Images in folders of classes, to train on.
  static func folder(_ path: String, fit: ImageFit, reading: ReadingOptions, threads: Int?) throws -> Examples {
    try read(try ImageFolder(path), fit: fit, reading: reading, threads: threads)
  }

  /// Images in folders whose names are classes that are known already.
  static func folder(
    _ path: String, fit: ImageFit, known classes: [String], reading: ReadingOptions, threads: Int?
  ) throws -> Examples {
    let folder = try ImageFolder(path)
    try folder.check(against: classes)
    return try read(folder, fit: fit, reading: reading, threads: threads)
  }

  private static func read(
    _ folder: ImageFolder, fit: ImageFit, reading: ReadingOptions, threads: Int?
  ) throws -> Examples {
    let files = try ImageFiles(
      folder.files, fit: fit, skipsBroken: reading.skipBadRows, source: folder.path, threads: threads)
    ReadingNotes.print(folder.notes, files.skipped, source: folder.path)
    return Examples(folder, files)
  }

  /// Rows with answers that suit a model: a table by the model's schema, images in folders of classes, or arrays.
  static func examples(
    _ paths: [String], labels: String?, for model: Model, reading: ReadingOptions, threads: Int?
  ) throws -> Examples {
    if case .images(let encoder) = model.encoder, Folder(paths[0]).exists {
      if labels != nil {
        throw ValidationError("the labels of \(paths[0]) are the names of its folders; leave --labels out")
      }
      let fit = ImageFit(encoder)
      return try folder(onlyFile(paths), fit: fit, known: model.labels, reading: reading, threads: threads)
    }
    let isArray = ArrayFile.isOne(paths[0])
    guard let schema = model.schema, !isArray else {
      guard let labels else {
        let what = model.schema == nil ? "the model takes images" : "\(paths[0]) is an array"
        throw ValidationError("\(what): give the labels with --labels")
      }
      return try labelled(onlyFile(paths), labels: labels, for: model)
    }
    if labels != nil { throw ValidationError("--labels is for arrays, and the model takes a table with its answers") }
    let table = try Table(contentsOf: paths.sources, format: reading.format, schema: schema, threads: threads)
    ReadingNotes.print(table)
    return try Examples(table, target: model.target)
  }

  /// The rows of an array without answers, as a model takes them.
  static func features(_ path: String, for model: Model) throws -> Examples.Features {
    switch try ArrayFeatures(path) {
    case .images(let images): .images(images)
    case .numbers(let array): .table(try table(array, labels: nil, path, for: model))
    }
  }

  private static func table(_ array: NumberArray, labels: [Double]?, _ path: String, for model: Model) throws -> Table {
    guard let schema = model.schema else {
      throw LearningError("\(path) holds rows of numbers, and the model takes images")
    }
    return try Table(array, labels: labels, schema: schema, target: model.target, source: path)
  }

  private static func labels(_ path: String) throws -> [Double] {
    switch try ArrayFile(contentsOf: path) {
    case .idx(let array):
      guard array.dimensions.count == 1 else {
        throw LearningError("\(path) holds images; a file of labels, one byte each, was expected")
      }
      return array.values.map { Double($0) }
    case .numbers(let arrays):
      let array = try ArrayFile.only(arrays, dimensions: 1...1, file: path, what: "labels")
      return array.numbers(count: array.count)
    }
  }

  /// What a file of arrays holds to learn from.
  private enum ArrayFeatures {
    case images(Images)
    case numbers(NumberArray)

    init(_ path: String) throws {
      switch try ArrayFile(contentsOf: path) {
      case .idx(let array): self = .images(try Images(array, source: path))
      case .numbers(let arrays):
        let array = try ArrayFile.only(arrays, dimensions: 2...32, file: path, what: "features")
        let areImages = array.dimensions.count >= 3 && array.type == .uint8
        self = areImages ? .images(try Images(array, source: path)) : .numbers(array)
      }
    }
  }

  /// The one file of arrays among what was named.
  static func onlyFile(_ paths: [String]) throws -> String {
    guard paths.count == 1 else {
      throw ValidationError("several files make one table; of arrays give one file, of images one folder")
    }
    return paths[0]
  }
}

extension [String] {
  /// Where their tables come from.
  var sources: [TableSource] { map { TableSource(path: $0) } }
}
