import Downhill

/// CSV and TSV, plain and packed. A table is read by several roads, which must come to the same:
///
/// - whole by one thread, and in stretches of a few bytes by one or several;
/// - row by row by the reader that knows all, which is what the last bytes of a file go through, and by the loop of plain
///   rows, which reads ahead: empty lines behind the table give it room to;
/// - by the schema found: whole, and in chunks from a window that moves along the file, as `predict` does.
///
/// Of an input the first four bytes are options, the rest is the file.
let tables = Harness(name: "tables", seeds: { TableInput.seeds }) { bytes in
  guard let input = TableInput(bytes) else { return }
  let whole = input.read(input.content, threads: 1)
  compare(whole, input.read(input.content, threads: input.threads, stretch: input.stretch), "in stretches")
  if !input.isPacked {
    let padded = input.content + [UInt8](repeating: 0x0A, count: 2000)
    let plain = input.read(padded, threads: 1)
    compare(withoutMessages(whole), withoutMessages(plain), "by the loop of plain rows")
  }
  if case .success(let table) = whole { input.readBySchema(table.schema) }
}

/// Messages quote what stands behind a fault.
private func withoutMessages(_ outcome: Result<Table, TableError>) -> Result<Table, TableError> {
  switch outcome {
  case .success(var table):
    for index in table.skipped.first.indices { table.skipped.first[index].message = "" }
    return .success(table)
  case .failure(var error):
    error.message = "?"
    return .failure(error)
  }
}

private func compare(_ one: Result<Table, TableError>, _ other: Result<Table, TableError>, _ road: String) {
  switch (one, other) {
  case (.success(let one), .success(let other)): require(one == other, "\(road)\n\(one)\n\(other)")
  case (.failure(let one), .failure(let other)):
    check(one)
    require(one == other, "\(road)\n\(one)\n\(other)")
  case (.success, .failure(let error)), (.failure(let error), .success):
    fatalError("one road reads the table, and \(road) is another matter: \(error)")
  }
}

private struct TableInput {
  let content: [UInt8]
  let isPacked: Bool
  let stretch: Int
  let threads: Int
  var format = CSVFormat()

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    func option<Value>(_ byte: Int, _ shift: Int, _ values: [Value]) -> Value {
      values[Int(bytes[byte] >> shift) % values.count]
    }
    format.delimiter = option(0, 0, [nil, .comma, .semicolon, .tab, .pipe, nil, nil, nil])
    format.hasHeader = option(0, 3, [nil, true, false])
    format.encoding = option(1, 0, [nil, .utf8, .latin1, nil])
    format.skipsBadRows = option(1, 2, [false, true])
    format.missing = option(2, 0, [[], ["-999"], ["unknown", "0"], ["", "é"]])
    threads = option(2, 2, [1, 1, 1, 3])
    stretch = Int(bytes[3]) + 1
    isPacked = option(1, 3, [false, false, false, true])
    content = isPacked ? Packing.gzip(Array(bytes[4...])) : Array(bytes[4...])
  }

  static let seeds: [[UInt8]] = {
    let texts = [
      "a,b,c\n1,x,2.5\n2,y,-3e4\nNA,x,\n4,\"q \"\"z\"\", 1\",5\n",
      "when;what\n2026-11-24;1\n2026-11-25 10:00:00Z;0\n24.11.2026;1\n",
      "id\tname\tyes\n1\tä\tTrue\n2\t\"two\nlines\"\tFalse\n3\t日本\tTrue\n",
      "1,2\r\n3,4\r\n\r\n5,6\r\n", "x\n1\n2\n-999\nunknown\n0\n", "a|b\n1|2\n1|2|3\n\"open|3\n4|5\n",
      "n\n123456789012345678901234567890\n0.1234567890123456789\n9007199254740993\n1e-310\n+.5\n",
      "a,a b\n\"x\"y,1\n\u{0},2\n",
    ]
    return texts.flatMap { text in
      ["@@@@", "@D@C", "IIMG"].map { Array($0.utf8) + Array(text.utf8) }
    } + [Array("@@@@a,b\n".utf8) + [0xE9, 0x2C, 0x31, 0x0A], [0x40, 0x58, 0x40, 0x40] + Array("a,b\n1,2\n".utf8)]
  }()

  func read(_ content: [UInt8], threads: Int, stretch: Int? = nil) -> Result<Table, TableError> {
    // Text has a buffer of just its size, of which AddressSanitizer knows the end; that of a mapped file it doesn't know.
    if stretch == nil, let text = String(validating: content, as: UTF8.self) {
      return Result { () throws(TableError) in
        try Table(contentsOf: .text(text, name: "input"), format: format, threads: threads, stretch: nil)
      }
    }
    let file = MemoryFile(content)
    return Result { () throws(TableError) in
      try Table(
        contentsOf: .descriptor(file.descriptor, name: "input"), format: format, threads: threads, stretch: stretch)
    }
  }

  func readBySchema(_ schema: Schema) {
    let file = MemoryFile(content)
    let carried = Array(schema.names.prefix(1))
    let whole = Result { () throws(TableError) in
      try Table(
        contentsOf: .descriptor(file.descriptor, name: "input"), format: format, schema: schema, carrying: carried,
        threads: threads, stretch: stretch)
    }
    file.rewind()
    var rows: [[String?]] = [], lines: [Int32] = []
    var skipped = 0
    do throws(TableError) {
      let stream = try TableStream(
        .descriptor(file.descriptor, name: "input"), format: format, schema: schema, carrying: carried,
        readSize: 16 + stretch)
      while let chunk = try stream.next(rows: 1 + stretch % 7) {
        rows += texts(of: chunk)
        lines += chunk.lines
        skipped += chunk.gaps.count
      }
    } catch {
      check(error)
      guard case .failure(let other) = whole else { fatalError("whole, and not in chunks: \(error)") }
      require(error.kind == other.kind && error.line == other.line, "\(error)\n\(other)")
      return
    }
    switch whole {
    case .success(let table):
      require(
        rows == texts(of: table) && lines == table.lines && skipped == table.skipped.count,
        "not the same in chunks:\n\(rows)\n\(texts(of: table))")
    case .failure(let error): fatalError("in chunks, and not whole: \(error)")
    }
  }

  private func texts(of table: Table) -> [[String?]] {
    (0..<table.rowCount).map { row in (table.columns + table.carried).map { $0.text(row) } }
  }
}
