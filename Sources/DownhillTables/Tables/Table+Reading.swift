extension Table {
  /// Reads a CSV or TSV file whole and finds out what its columns are. `schema` says it, with reasons.
  ///
  /// A regular file is mapped into memory while it is read, and must not be cut short meanwhile.
  /// - Parameters:
  ///   - format: delimiter and header, where they are known.
  ///   - overrides: kinds that the user decides.
  ///   - target: the column to predict. It is kept as it is, as numbers, two words or texts; it is never taken for an
  ///     identifier, nor left out.
  /// - Throws: `TableError` with file, line and column for a file that can't be opened or isn't a table, for unknown
  ///   column names, and for text in a column that the user calls numeric.
  public init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), overrides: SchemaOverrides = SchemaOverrides(),
    target: String? = nil
  ) throws(TableError) {
    let rows = try RowReader(source, format: format, readSize: nil)
    try overrides.check(against: rows.names, target: target, file: source.name)
    let builders = rows.names.map { name in
      switch overrides.kind(of: name) {
      case .numeric: ColumnBuilder(.numbers)
      case .categorical: ColumnBuilder(.texts)
      case .ignored: ColumnBuilder(.skipped)
      default: ColumnBuilder(.undecided)
      }
    }
    var lines: [Int32] = []
    let reader = rows.reader
    while try rows.next() {
      guard lines.count < Int32.max else { throw tooManyRows(reader) }
      lines.append(Int32(clamping: reader.line))
      for (index, builder) in builders.enumerated() {
        guard builder.append(reader.bytes(index), line: reader.line) else {
          throw notANumber(
            reader, index, rows.names[index],
            "The column was asked to be numeric. Mend the value, or leave the column out of the numeric ones.")
        }
      }
    }
    guard !lines.isEmpty else { throw rows.noRows() }
    try Self.readTexts(before: builders, from: rows)

    var columns: [Column] = []
    var schemas: [ColumnSchema] = []
    for (index, builder) in builders.enumerated() {
      let name = rows.names[index]
      let inference = ColumnInference(
        name: name, index: index, columnCount: builders.count, rows: lines.count,
        override: overrides.kind(of: name), isTarget: name == target, hasTarget: target != nil)
      let (schema, values) = inference.infer(builder)
      schemas.append(schema)
      if let values, schema.kind != .ignored { columns.append(Column(name: name, kind: schema.kind, values: values)) }
      builder.reset()
    }
    self.init(columns: columns, lines: lines, schema: Schema(schemas), source: source.name, format: rows.format)
  }

  /// Reads the texts of the rows that passed for numbers before a column's first text came.
  private static func readTexts(before builders: [ColumnBuilder], from rows: RowReader) throws(TableError) {
    let late = builders.indices.filter { builders[$0].rowsBeforeText > 0 }
    guard let last = late.map({ builders[$0].rowsBeforeText }).max() else { return }
    let rows = try rows.again()
    for row in 0..<last {
      guard try rows.next() else { return }
      for index in late where row < builders[index].rowsBeforeText {
        builders[index].appendBeforeText(rows.reader.bytes(index))
      }
    }
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
