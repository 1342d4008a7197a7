internal import DownhillCompute
internal import DownhillFiles

/// Reads files into a cache, in memory that doesn't grow with their rows, but with the distinct texts of their columns.
///
/// Rows are read in chunks, whose columns go to a file without a name, piece after piece. Then each column is put together
/// in the cache, looked at as a whole where it stands there, and what is to be made of it is made in its place. A column
/// whose first text comes late, after chunks that passed for numbers, is read once more from the start as texts.
final class CacheBuilder {
  private let sources: [TableSource]
  private let format: CSVFormat
  private let overrides: SchemaOverrides
  private let target: String?
  private let threads: Int?
  private let chunkRows: Int?
  private let spool: ScratchFile
  /// The folder that the cache and the spool are in, for messages.
  private let folder: String
  private var path = ""

  private var spooled = 0
  private var columns: [Gathered] = []
  private var lines: [Piece] = []
  private var rowsOfFiles: [Int] = []
  private var skipped = SkippedRows()
  private var notes: [String] = []
  private var first: RowReader?
  private var rows: Int { rowsOfFiles.reduce(0, +) }

  /// Values of a chunk.
  private struct Piece {
    let offset: Int
    let count: Int
  }

  /// What was read of a column so far.
  private struct Gathered {
    var mode: ColumnBuilder.Mode
    var pieces: [Piece] = []
    var texts = TextTable()
    var firstText: (file: Int, line: Int, text: String)?
    /// A text came after numbers: it must be read anew.
    var isLate = false
    /// Whether it is read in this pass.
    var isRead = true

    mutating func startAnew() {
      (mode, pieces, texts, isLate, isRead) = (.texts, [], TextTable(), false, true)
    }
  }

  init(
    _ sources: [TableSource], _ format: CSVFormat, _ overrides: SchemaOverrides, target: String?, threads: Int?,
    chunkRows: Int?, folder: String
  ) throws {
    (self.sources, self.format, self.overrides, self.target) = (sources, format, overrides, target)
    (self.threads, self.chunkRows, self.folder) = (threads, chunkRows, folder)
    spool = try ScratchFile(in: folder)
  }

  /// Writes the cache into an open file.
  func build(into file: Int32, path: String, key: CacheContent.Key) throws {
    self.path = path
    try readAll()
    let content = try assemble(file, path, key)
    try CacheFile.finish(file, path: path, end: content.end, content.content)
  }

  // MARK: Reading

  private func readAll() throws {
    // Most columns of texts show in the first chunk: then all begins anew, which costs nothing yet.
    if try !readRows(isFirstPass: true, stopsEarly: true) { _ = try readRows(isFirstPass: true, stopsEarly: false) }
    guard columns.contains(where: \.isLate) else { return }
    for index in columns.indices {
      if columns[index].isLate { columns[index].startAnew() } else { columns[index].isRead = false }
    }
    _ = try readRows(isFirstPass: false, stopsEarly: false)
  }

  /// Reads all rows of all files.
  /// - Returns: false: the first chunk showed columns that are texts, which are read as such from now on.
  private func readRows(isFirstPass: Bool, stopsEarly: Bool) throws -> Bool {
    if isFirstPass { (lines, rowsOfFiles, skipped, notes, spooled) = ([], [], SkippedRows(), [], 0) }
    for (number, source) in sources.enumerated() {
      let file = try open(source)
      var isFirstChunk = number == 0
      var count = 0, hasSkipped = false
      var present = try file.next()
      while let chunk = present {
        hasSkipped = hasSkipped || chunk.rows == 0
        count += chunk.rows
        guard rows + (isFirstPass ? count : 0) <= Int32.max else { throw tooManyRows(file.rows.reader) }
        // Fewer rows are the last.
        guard !chunk.isLast else {
          try take(chunk, of: number, isFirstPass)
          present = nil
          break
        }
        if isFirstChunk { try checkSpace(for: chunk) }
        let modes = modesAfter(chunk)
        let (done, following) = together(
          threads: threads, { Result { try take(chunk, of: number, isFirstPass) } },
          { Result { try file.next(modes) } })
        try done.get()
        if isFirstChunk, stopsEarly, startLateAnew() { return false }
        isFirstChunk = false
        present = try following.get()
      }
      if isFirstChunk, stopsEarly, startLateAnew() { return false }
      guard count > 0 else { throw file.rows.noRows() }
      if isFirstPass {
        rowsOfFiles.append(count)
        skipped.add(file.rows.skipped)
        notes += file.rows.notes
      }
    }
    return true
  }

  private func startLateAnew() -> Bool {
    guard columns.contains(where: \.isLate) else { return false }
    for index in columns.indices {
      if columns[index].isLate { columns[index].startAnew() } else { columns[index].pieces = [] }
      columns[index].texts = TextTable()
    }
    return true
  }

  private func open(_ source: TableSource) throws(TableError) -> OpenTable {
    var format = format
    // What has no names in the first file has none in the others.
    if let first, !first.format.hasHeader { format.hasHeader = false }
    let rows = try RowReader(
      source, format: format, expectedNames: Set(first?.names ?? []), readSize: RowReader.readSize)
    if first == nil {
      try overrides.check(against: rows.names, target: target, file: source.name)
      columns = overrides.modes(of: rows.names).map { Gathered(mode: $0) }
      first = rows
    }
    let columnCount = max(1, rows.names.count)
    return OpenTable(
      rows, places: try TableFile.places(of: first!, in: rows), modes: columns.map { $0.isRead ? $0.mode : .skipped },
      chunkRows: chunkRows ?? max(1, min(1 << 16, (1 << 23) / (8 * columnCount))))
  }

  /// How columns are read behind a chunk.
  private func modesAfter(_ chunk: Chunk) -> [ColumnBuilder.Mode] {
    zip(columns, chunk.columns).map { column, read in
      if !column.isRead || column.isLate { return .skipped }
      if case .texts = read.values, column.mode != .texts { return .skipped }
      return column.mode
    }
  }

  /// Adds a chunk to what was read.
  private func take(_ chunk: Chunk, of file: Int, _ isFirstPass: Bool) throws(FileError) {
    if isFirstPass { lines.append(try put(chunk.lines)) }
    for (index, read) in chunk.columns.enumerated() where columns[index].isRead && !columns[index].isLate {
      switch read.values {
      case .none: break
      case .numbers(let numbers): columns[index].pieces.append(try put(numbers))
      case .texts(let texts, let codes):
        if columns[index].firstText == nil, let text = read.firstText {
          columns[index].firstText = (file, text.line, text.text)
        }
        if columns[index].mode != .texts {
          columns[index].isLate = true
          columns[index].pieces = []
          continue
        }
        let all = columns[index].texts
        let numbered = (0..<texts.count).map { all.code(of: texts.bytes($0)) }
        columns[index].pieces.append(try put(codes.mapped { $0 < 0 ? -1 : numbered[Int($0)] }))
      }
    }
  }

  private func put<Value>(_ values: ColumnStorage<Value>) throws(FileError) -> Piece {
    let piece = Piece(offset: spooled, count: values.count)
    let size = values.count * MemoryLayout<Value>.stride
    let outcome = values.withUnsafeBufferPointer { values in
      Result { () throws(FileError) in try spool.write(UnsafeRawBufferPointer(values), at: spooled) }
    }
    try outcome.get()
    spooled += size
    return piece
  }

  /// Whether there is room on the disk, as far as it can be told from the beginning of the files.
  private func checkSpace(for chunk: Chunk) throws(FileError) {
    guard let free = freeSpace(in: folder) else { return }
    var rows = 0.0
    for source in sources {
      guard case .file(let path) = source, let stamp = FileStamp(path) else { return }
      guard let start = try? TableCache.beginning(of: path, 1 << 20),
        !start.withUnsafeBytes(UnpackedInput.isPacked)
      else { return }
      let lines = start.count { $0 == 0x0A }
      rows += Double(stamp.size) * Double(lines) / Double(max(1, start.count))
    }
    let ofRow = chunk.columns.reduce(4) { sum, column in
      switch column.values {
      case .none: sum
      case .numbers: sum + 8
      case .texts: sum + 4
      }
    }
    // The values are on the disk twice: in pieces, and in the cache.
    let needed = Int(2 * rows * Double(ofRow))
    guard needed <= free else {
      throw FileError(
        .inputOutput, path: path,
        problem: "the cache takes about \(shortSize(needed)) while it is built, and \(shortSize(free)) are free",
        advice: "Free some space, name another folder for the cache, or read the table without one.")
    }
  }

  // MARK: Putting columns together

  private func assemble(
    _ file: Int32, _ path: String, _ key: CacheContent.Key
  ) throws -> (content: CacheContent, end: Int) {
    let names = first!.names, kinds = overrides.kinds
    var end = CacheFile.alignment
    var (schemas, kept, aside): ([ColumnSchema], [CacheContent.StoredColumn], [CacheContent.StoredColumn]) = (
      [], [], []
    )

    /// Closes a region that ends behind `bytes`.
    func close(_ bytes: Int) throws -> CacheContent.Region {
      let range = end..<end + bytes
      guard let mapping = FileMapping(descriptor: file, count: range.upperBound) else { throw unmappable(path) }
      let sum = CacheFile.checksum(ofRegion: range, in: mapping)
      end = (range.upperBound + CacheFile.alignment - 1) & ~(CacheFile.alignment - 1)
      return CacheContent.Region(offset: range.lowerBound, bytes: bytes, checksum: sum)
    }

    for (index, name) in names.enumerated() {
      let inference = ColumnInference(
        name: name, index: index, columnCount: names.count, rows: rows, override: kinds[name],
        isTarget: name == target, hasTarget: target != nil, files: sources.count > 1 ? sources.map(\.name) : [])
      let column = columns[index]
      var read = ReadColumn(values: .none, firstText: column.firstText)
      if column.mode == .texts {
        read = ReadColumn(
          values: .texts(column.texts, codes: try join(column.pieces, file, path, at: end)),
          firstText: column.firstText)
      } else if column.mode != .skipped {
        read = ReadColumn(values: .numbers(try join(column.pieces, file, path, at: end)))
      }
      let (schema, values) = inference.infer(read)
      if schema.kind == .date, values?.holdDates != true {
        throw noDates(name, file: sources.count > 1 ? nil : sources[0].name)
      }
      schemas.append(schema)
      columns[index].texts = TextTable()
      let isAside = overrides.aside.contains(name)
      guard let values, isAside || schema.kind != .ignored else { continue }
      let (bytes, categories) = try make(values, file, path, at: end)
      let stored = CacheContent.StoredColumn(
        name: name, kind: schema.kind, names: categories, region: try close(bytes))
      if isAside { aside.append(stored) } else { kept.append(stored) }
    }
    _ = try join(lines, file, path, at: end) as ColumnStorage<Int32>
    let lines = try close(rows * MemoryLayout<Int32>.stride)
    var fileNumbers: CacheContent.Region?
    if sources.count > 1 {
      var offset = end
      for (number, count) in rowsOfFiles.enumerated() {
        for first in stride(from: 0, to: count, by: 1 << 20) {
          let some = [Int32](repeating: Int32(number), count: min(1 << 20, count - first))
          try some.withUnsafeBytes { try writeAll($0, at: offset, file, path: path) }
          offset += some.count * MemoryLayout<Int32>.stride
        }
      }
      fileNumbers = try close(rows * MemoryLayout<Int32>.stride)
    }
    let order = Dictionary(zip(overrides.aside, 0...), uniquingKeysWith: { first, _ in first })
    let content = CacheContent(
      key: key, rows: rows, schema: Schema(overrides.settingAside(schemas), missing: format.missing), columns: kept,
      aside: aside.sorted { order[$0.name]! < order[$1.name]! }, lines: lines, fileNumbers: fileNumbers,
      format: first!.format, skippedCount: skipped.count, skippedFirst: skipped.first.map(CacheContent.BadRow.init),
      notes: notes)
    return (content, end)
  }

  /// The pieces of a column, one behind the other in the cache.
  private func join<Value>(
    _ pieces: [Piece], _ file: Int32, _ path: String, at start: Int
  ) throws -> ColumnStorage<Value> {
    var offset = start
    let size = MemoryLayout<Value>.stride
    let most = pieces.lazy.map(\.count).max() ?? 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, most * size), alignment: 16)
    defer { buffer.deallocate() }
    for piece in pieces where piece.count > 0 {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(piece.count * size)])
      try spool.read(into: part, at: piece.offset)
      try writeAll(UnsafeRawBufferPointer(part), at: offset, file, path: path)
      offset += part.count
    }
    guard let mapping = FileMapping(descriptor: file, count: offset) else { throw unmappable(path) }
    return ColumnStorage(mapping, at: start, count: rows)
  }

  /// Makes of the values that stand in the cache what is to be made of them, in their place.
  /// - Returns: the bytes that they take, and the names of categories.
  private func make(
    _ values: FoundValues, _ file: Int32, _ path: String, at start: Int
  ) throws -> (bytes: Int, names: [String]?) {
    let rows = rows
    func writable(_ bytes: Int) throws -> FileMapping {
      try reserveRoom(start + bytes, file, path: path)
      guard let mapping = FileMapping(descriptor: file, count: start + bytes, isWritable: true) else {
        throw unmappable(path)
      }
      return mapping
    }
    let piece = 1 << 20
    switch values {
    case .numbers: return (rows * 8, nil)
    case .categories(_, let places, let names):
      let mapping = try writable(rows * 4)
      let codes = (mapping.base + start).assumingMemoryBound(to: Int32.self)
      for first in stride(from: 0, to: rows, by: piece) {
        for row in first..<min(rows, first + piece) where codes[row] >= 0 { codes[row] = places[Int(codes[row])] }
        mapping.giveBack()
      }
      return (rows * 4, names)
    case .moments(_, let moments):
      let mapping = try writable(rows * 8)
      // From the last row to the first: a moment takes the place of codes that are done with.
      let place = mapping.base + start
      for first in stride(from: 0, to: rows, by: piece).reversed() {
        for row in (first..<min(rows, first + piece)).reversed() {
          let code = place.load(fromByteOffset: 4 * row, as: Int32.self)
          place.storeBytes(of: code < 0 ? .nan : moments[Int(code)], toByteOffset: 8 * row, as: Double.self)
        }
        mapping.giveBack()
      }
      return (rows * 8, nil)
    }
  }

  private func unmappable(_ path: String) -> FileError {
    FileError(
      .inputOutput, path: path, problem: "the file can't be mapped into memory",
      advice: "Name another folder for the cache, or read the table without one.")
  }
}
