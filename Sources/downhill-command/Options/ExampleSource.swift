import ArgumentParser
import Downhill

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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
  static func examples(_ path: String, labels: String?, for model: Model, threads: Int?) throws -> Examples {
    guard let schema = model.schema else {
      guard let labels else { throw ValidationError("the model takes images: give their labels with --labels") }
      return try images(path, labels: labels)
    }
    if labels != nil { throw ValidationError("--labels is for images, and the model takes a table with its answers") }
    let table = try table(path) { source throws(TableError) in
      try Table(contentsOf: source, schema: schema, threads: threads)
    }
    return try Examples(table, target: model.target)
  }

  /// Opens or reads a table; says so when the file is something else that the command knows.
  static func table<Result>(_ path: String, _ read: (TableSource) throws(TableError) -> Result) throws -> Result {
    do throws(TableError) {
      return try read(TableSource(path: path))
    } catch {
      guard error.kind == .malformed, let first = firstBytes(of: path) else { throw error }
      if first.starts(with: [0, 0, 8]) {
        throw Failure(
          code: Failure.data, "\(path) is an IDX file, where a table was expected; images are learned with --labels")
      }
      if first.starts(with: [0x1F, 0x8B]) {
        throw Failure(
          code: Failure.data,
          "\(path) is compressed, where a table was expected; unpack it with gunzip, or give --labels if it holds images"
        )
      }
      throw error
    }
  }

  /// The first bytes of a regular file; nil: it is none, and what is read of it is gone.
  private static func firstBytes(of path: String) -> [UInt8]? {
    guard isSameFile(path, path), let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }
}
