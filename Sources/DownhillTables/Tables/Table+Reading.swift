extension Table {
  /// Reads a CSV or TSV file whole and finds out what its columns are. `schema` says it, with reasons.
  ///
  /// A regular file is mapped into memory while it is read, and must not be cut short meanwhile.
  /// - Parameters:
  ///   - format: delimiter and header, where they are known.
  ///   - overrides: kinds that the user decides.
  ///   - target: the column to predict. It is kept as it is, as numbers, two words or texts; it is never taken for an
  ///     identifier, nor left out.
  ///   - threads: how many read a large file; nil: as many as there are processors. It changes nothing in the table.
  /// - Throws: `TableError` with file, line and column for a file that can't be opened or isn't a table, for unknown
  ///   column names, and for text in a column that the user calls numeric.
  public init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), overrides: SchemaOverrides = SchemaOverrides(),
    target: String? = nil, threads: Int? = nil
  ) throws(TableError) {
    try self.init(
      contentsOf: source, format: format, overrides: overrides, target: target, threads: threads, stretch: nil)
  }

  /// - Parameter stretch: bytes that a thread reads at a time; nil: as suits the size.
  package init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), overrides: SchemaOverrides = SchemaOverrides(),
    target: String? = nil, threads: Int?, stretch: Int?
  ) throws(TableError) {
    let rows = try RowReader(source, format: format, readSize: nil)
    try overrides.check(against: rows.names, target: target, file: source.name)
    let kinds = overrides.kinds
    let modes: [ColumnBuilder.Mode] = rows.names.map { name in
      switch kinds[name] {
      case .numeric: .numbers
      case .categorical: .texts
      case .ignored: .skipped
      default: .undecided
      }
    }
    let whole = try RowBlocks(
      of: rows, threads: threads,
      advice: "The column was asked to be numeric. Mend the value, or leave the column out of the numeric ones.",
      stretch: stretch
    ) { modes.map { ColumnBuilder($0) } }
    guard whole.count > 0 else { throw rows.noRows() }

    let found = whole.mapColumns { index, column in
      let name = rows.names[index]
      let inference = ColumnInference(
        name: name, index: index, columnCount: rows.names.count, rows: whole.count,
        override: kinds[name], isTarget: name == target, hasTarget: target != nil)
      return inference.infer(column)
    }
    let columns = found.compactMap { schema, values in
      schema.kind == .ignored ? nil : values.map { Column(name: schema.name, kind: schema.kind, values: $0) }
    }
    self.init(
      columns: columns, lines: whole.lines(), schema: Schema(found.map(\.schema)), source: source.name,
      format: rows.format)
  }

  /// Reads a CSV or TSV file whole by a given schema, as `TableStream` does in chunks.
  ///
  /// A regular file is mapped into memory while it is read, and must not be cut short meanwhile.
  /// - Parameters:
  ///   - optional: columns of the schema that the file may lack, such as the target.
  ///   - skipping: columns of the schema that aren't read, whether the file has them or not.
  ///   - carrying: columns of the file whose texts are given back as they stand.
  ///   - threads: how many read a large file; nil: as many as there are processors. It changes nothing in the table.
  /// - Throws: `TableError`; see `TableStream`.
  public init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = [], threads: Int? = nil
  ) throws(TableError) {
    try self.init(
      contentsOf: source, format: format, schema: schema, optional: optional, skipping: skipping, carrying: carrying,
      threads: threads, stretch: nil)
  }

  /// - Parameter stretch: bytes that a thread reads at a time; nil: as suits the size.
  package init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = [], threads: Int?, stretch: Int?
  ) throws(TableError) {
    let request = SchemaMatch.Request(optional: Set(optional), skipping: Set(skipping), carrying: carrying)
    let rows = try RowReader(source, format: format, expectedNames: Set(schema.names), readSize: nil)
    let reading = try SchemaReading(schema, of: rows, request)
    let whole = try RowBlocks(
      of: rows, threads: threads, advice: SchemaReading.advice, stretch: stretch, makeBuilders: reading.makeBuilders)
    guard whole.count > 0 else { throw rows.noRows() }

    var schemas = [ColumnSchema?](repeating: nil, count: rows.names.count)
    for (place, column) in reading.parts { schemas[place] = column }
    let found = whole.mapColumns { place, read in
      (column: schemas[place].map { SchemaReading.column($0, read) }, carried: read.carried)
    }
    self.init(
      columns: reading.parts.map { found[$0.place].column! }, lines: whole.lines(), schema: schema,
      carried: reading.carried.map { SchemaReading.carriedColumn($0.name, found[$0.place].carried) },
      extraColumns: reading.match.extra, source: source.name, format: rows.format)
  }
}

func tooManyRows(_ reader: RecordReader) -> TableError {
  TableError(
    .malformed, file: reader.name, line: reader.line,
    "the table has more than \(Int32.max) rows, which is as many as fit. Cut it into several files.")
}

/// Text where a number was demanded.
func notANumber(_ reader: RecordReader, _ index: Int, _ name: String, _ advice: String) -> TableError {
  let field = reader.bytes(index)
  let decimal =
    field.contains(UInt8(ascii: ",")) ? " (numbers are written with a decimal point and no thousands separators)" : ""
  return TableError(
    .mismatch, file: reader.name, line: reader.line, columnNumber: index + 1, column: name,
    "\(excerpt(field)) where a number was expected\(decimal). \(advice)")
}
