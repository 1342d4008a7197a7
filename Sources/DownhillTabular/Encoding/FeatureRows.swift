internal import DownhillCompute
internal import DownhillTables

/// Features and the encoder that suits them, ready to make rows of a matrix: all of them, or some at a time.
struct FeatureRows {
  private let source: Source
  /// For each column, in how many rows so far the encoder met what it didn't know.
  private var unseen: [Int] = []

  private enum Source {
    case table([(name: String, writer: ColumnWriter)], width: Int)
    case images(ImageEncoder, Images)
  }

  /// - Throws: `LearningError` where the table lacks a column, or has it in another kind.
  init(_ encoder: TableEncoder, _ table: Table) throws(LearningError) {
    var writers: [(name: String, writer: ColumnWriter)] = []
    let places = table.placesByName
    for encoding in encoder.columns {
      guard let column = places[encoding.column].map({ table.columns[$0] }) else {
        throw LearningError(
          "\(table.source) lacks the column “\(encoding.column)”, which was learned from. Read it with the model's schema"
        )
      }
      writers.append((encoding.column, try ColumnWriter(encoding, column)))
    }
    source = .table(writers, width: encoder.width)
    unseen = [Int](repeating: 0, count: writers.count)
  }

  /// - Throws: `LearningError` where the images have another size.
  init(_ encoder: ImageEncoder, _ images: Images) throws(LearningError) {
    guard images.dimensions == encoder.dimensions else {
      throw LearningError(
        "\(images.source) holds images of \(sizes(images.dimensions)); the model takes \(sizes(encoder.dimensions))")
    }
    source = .images(encoder, images)
  }

  /// - Throws: `LearningError` where the features are not what the encoder was fitted to.
  init(_ encoder: FeatureEncoder, _ features: Examples.Features) throws(LearningError) {
    switch (encoder, features) {
    case (.table(let encoder), .table(let table)): try self.init(encoder, table)
    case (.images(let encoder), .images(let images)): try self.init(encoder, images)
    case (.table, .images(let images)):
      throw LearningError("\(images.source) holds images, and the model takes the rows of a table")
    case (.images, .table(let table)):
      throw LearningError("\(table.source) is a table, and the model takes images")
    }
  }

  /// A row of the matrix for each of some rows, in the order given.
  mutating func matrix(_ rows: [Int32]) -> Matrix {
    switch source {
    case .images(let encoder, let images): return encoder.encode(images, rows: rows)
    case .table(let writers, let width):
      var matrix = Matrix(rows: rows.count, columns: width)
      let base = matrix.mutableView().base
      rows.withUnsafeBufferPointer { rows in
        // All columns of some rows before the next rows: these stay in the cache meanwhile.
        for first in stride(from: 0, to: rows.count, by: Self.blockRows) {
          let block = UnsafeBufferPointer(rebasing: rows[first..<min(rows.count, first + Self.blockRows)])
          var target = base + first * width
          for (index, (_, writer)) in writers.enumerated() {
            unseen[index] += writer.write(block, to: target, stride: width)
            target += writer.width
          }
        }
      }
      return matrix
    }
  }

  /// What the encoder met so far that it didn't know.
  var report: TableEncoder.Report {
    guard case .table(let writers, _) = source else { return TableEncoder.Report() }
    return TableEncoder.Report(unseen: zip(writers, unseen).compactMap { $1 > 0 ? ($0.name, $1) : nil })
  }

  private static let blockRows = 256
}

private func sizes(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: " × ") }
