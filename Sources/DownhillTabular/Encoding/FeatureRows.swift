internal import DownhillCompute
internal import DownhillFiles
internal import DownhillTables

/// Features and the encoder that suits them, ready to make rows of a matrix: all of them, or some at a time.
struct FeatureRows {
  private let source: Source
  /// For each column, in how many rows so far the encoder met what it didn't know.
  private var unseen: [Int] = []

  /// Bytes of a table in a file that are read before they are given back.
  private static let mostMapped = 1 << 24
  private var mapped = 0

  private enum Source {
    case table(RowWriter, names: [String], Table)
    case images(ImageEncoder, Images)
  }

  /// - Throws: `LearningError` where the table lacks a column, or has it in another kind.
  init(_ encoder: TableEncoder, _ table: Table, _ memory: WordMemory = WordMemory()) throws(LearningError) {
    var writers: [ColumnWriter] = []
    let places = table.placesByName
    for encoding in encoder.columns {
      guard let column = places[encoding.column].map({ table.columns[$0] }) else {
        throw LearningError(
          "\(table.source) lacks the column “\(encoding.column)”, which was learned from. Read it with the model's schema"
        )
      }
      writers.append(try ColumnWriter(encoding, column, memory))
    }
    source = .table(RowWriter(writers: writers, width: encoder.width), names: encoder.columns.map(\.column), table)
    table.giveBack()
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

  /// - Parameter memory: of the texts that were encoded before.
  /// - Throws: `LearningError` where the features are not what the encoder was fitted to.
  init(
    _ encoder: FeatureEncoder, _ features: Examples.Features, _ memory: WordMemory = WordMemory()
  ) throws(LearningError) {
    switch (encoder, features) {
    case (.table(let encoder), .table(let table)): try self.init(encoder, table, memory)
    case (.images(let encoder), .images(let images)): try self.init(encoder, images)
    case (.table, .images(let images)):
      throw LearningError("\(images.source) holds images, and the model takes the rows of a table")
    case (.images, .table(let table)):
      throw LearningError("\(table.source) is a table, and the model takes images")
    }
  }

  /// A row of the matrix for each of some rows, in the order given: the same on any number of threads.
  mutating func matrix(_ rows: [Int32], workers: WorkerPool) -> Matrix {
    switch source {
    case .images(let encoder, let images): return encoder.encode(images, rows: rows, workers: workers)
    case .table(let writer, _, let table):
      var matrix = Matrix(rows: rows.count, columns: writer.width)
      let base = matrix.mutableView().base
      let total = Monitor(unseen)
      rows.withUnsafeBufferPointer { rows in
        workers.forEachRange(of: rows.count, shortest: Self.rowsAtOnce(width: writer.width)) { range in
          var found = [Int](repeating: 0, count: unseen.count)
          writer.write(
            UnsafeBufferPointer(rebasing: rows[range]), to: base + range.lowerBound * writer.width, unseen: &found)
          total.with { total in for index in found.indices { total[index] += found[index] } }
        }
      }
      unseen = total.look { $0 }
      mapped += Self.span(rows[...]) * MemoryLayout<Double>.stride * writer.writers.count
      if table.scratchFolder != nil, mapped >= Self.mostMapped {
        table.giveBack()
        mapped = 0
      }
      return matrix
    }
  }

  /// The same; of a table that may not fit into memory, the matrix stands in a file without a name.
  /// - Throws: `FileError` where the disk has no room for it.
  mutating func largeMatrix(_ rows: [Int32], workers: WorkerPool) throws(FileError) -> Matrix {
    guard case .table(let writer, _, let table) = source, let folder = table.scratchFolder, writer.width > 0,
      !rows.isEmpty
    else { return matrix(rows, workers: workers) }
    let rowSize = writer.width * MemoryLayout<Float>.stride
    let file = try ScratchFile(in: folder)
    try file.reserve(rows.count * rowSize)
    let mostRows = max(1, Self.mostMapped / max(rowSize, writer.writers.count * MemoryLayout<Double>.stride))
    var first = 0
    while first < rows.count {
      // Few rows of many touch as much of the table as all of them.
      var end = min(rows.count, first + mostRows)
      while end - first > 1, Self.span(rows[first..<end]) > 2 * mostRows { end = first + (end - first + 1) / 2 }
      let some = matrix(Array(rows[first..<end]), workers: workers)
      try some.withBytes { bytes throws(FileError) in try file.write(bytes, at: first * rowSize) }
      first = end
    }
    table.giveBack()
    guard let mapping = FileMapping(descriptor: file.descriptor, count: rows.count * rowSize) else {
      throw FileError(
        .inputOutput, path: folder, problem: "the encoded rows can't be mapped into memory",
        advice: "Read the table without a cache.")
    }
    return Matrix(rows: rows.count, columns: writer.width, mapping)
  }

  /// The rows of a table from the first to the last of some ascending ones.
  private static func span(_ rows: ArraySlice<Int32>) -> Int {
    guard let first = rows.first, let last = rows.last else { return 0 }
    return max(rows.count, Int(last) - Int(first) + 1)
  }

  /// Rows that a thread takes at a time: whole blocks, and enough for handing them out to cost little.
  private static func rowsAtOnce(width: Int) -> Int {
    max(8, (1 << 15) / max(1, width * EncodedRows.inBlock)) * EncodedRows.inBlock
  }

  /// What the encoder met so far that it didn't know.
  var report: TableEncoder.Report {
    guard case .table(_, let names, _) = source else { return TableEncoder.Report() }
    return TableEncoder.Report(unseen: zip(names, unseen).compactMap { $1 > 0 ? ($0, $1) : nil })
  }
}

private func sizes(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: " × ") }
