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
    let whole = try RowBlocks(
      of: rows, threads: threads,
      modes: rows.names.map { name in
        switch overrides.kind(of: name) {
        case .numeric: .numbers
        case .categorical: .texts
        case .ignored: .skipped
        default: .undecided
        }
      }, advice: "The column was asked to be numeric. Mend the value, or leave the column out of the numeric ones.",
      stretch: stretch)
    guard whole.count > 0 else { throw rows.noRows() }

    let found = whole.mapColumns { index, column in
      let name = rows.names[index]
      let inference = ColumnInference(
        name: name, index: index, columnCount: rows.names.count, rows: whole.count,
        override: overrides.kind(of: name), isTarget: name == target, hasTarget: target != nil)
      return inference.infer(column)
    }
    let columns = found.compactMap { schema, values in
      schema.kind == .ignored ? nil : values.map { Column(name: schema.name, kind: schema.kind, values: $0) }
    }
    self.init(
      columns: columns, lines: whole.lines(), schema: Schema(found.map(\.schema)), source: source.name,
      format: rows.format)
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
