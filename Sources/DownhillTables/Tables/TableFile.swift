/// A file that is in memory whole, and what is read of it.
struct TableFile {
  let rows: RowReader
  /// For each column of the table its place in the file.
  let places: [Int]
  /// Makes a builder for each column of the file.
  let makeBuilders: () -> [ColumnBuilder]

  var name: String { rows.reader.name }
}

extension TableFile {
  /// Opens files that together are one table, by the columns of the first; `body` says what is read of each.
  static func open(
    _ sources: [TableSource], _ format: CSVFormat, expectedNames: Set<String> = [],
    _ body: (RowReader, _ first: RowReader) throws(TableError) -> TableFile
  ) throws(TableError) -> [TableFile] {
    precondition(!sources.isEmpty, "a table has at least one file")
    var files: [TableFile] = []
    for source in sources {
      var format = format
      // What has no names in the first file has none in the others.
      if let first = files.first?.rows, !first.format.hasHeader { format.hasHeader = false }
      let rows = try RowReader(
        source, format: format, expectedNames: expectedNames.union(files.first?.rows.names ?? []), readSize: nil)
      files.append(try body(rows, files.first?.rows ?? rows))
    }
    return files
  }

  /// Where another file's columns stand in one: by name, or by position where files have no names.
  static func places(of first: RowReader, in rows: RowReader) throws(TableError) -> [Int] {
    if rows === first { return Array(first.names.indices) }
    func differs(_ message: String) -> TableError {
      TableError(
        .mismatch, file: rows.reader.name, line: rows.firstLine,
        message + " The files of one table have the same columns, in any order.")
    }
    guard first.format.hasHeader == rows.format.hasHeader else {
      throw differs("the first line holds no column names, and that of \(first.reader.name) does.")
    }
    if !first.format.hasHeader {
      guard first.names.count == rows.names.count else {
        throw differs(
          "\(counted(rows.names.count, "column")) on the first line, where \(first.reader.name) has "
            + "\(first.names.count).")
      }
      return Array(first.names.indices)
    }
    let here = Dictionary(uniqueKeysWithValues: zip(rows.names, 0...))
    let lacking = first.names.filter { here[$0] == nil }, known = Set(first.names)
    let extra = rows.names.filter { !known.contains($0) }
    guard lacking.isEmpty && extra.isEmpty else {
      let parts =
        (lacking.isEmpty ? [] : ["lacks \(listed(lacking))"]) + (extra.isEmpty ? [] : ["has \(listed(extra)) besides"])
      throw differs("the file \(parts.joined(separator: " and ")), compared with \(first.reader.name).")
    }
    return first.names.map { here[$0]! }
  }
}
