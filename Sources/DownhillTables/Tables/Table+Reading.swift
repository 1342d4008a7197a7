extension Table {
  /// Reads a CSV or TSV file whole and finds out what its columns are. `schema` says it, with reasons.
  ///
  /// The file may be compressed with gzip. A regular file is mapped into memory while it is read, and must not be cut
  /// short meanwhile.
  /// - Parameters:
  ///   - format: delimiter, header and encoding, where they are known; what says that a value is missing.
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
    try self.init(contentsOf: [source], format: format, overrides: overrides, target: target, threads: threads)
  }

  /// Reads several files, one behind the other, as one table. They have the same columns, in any order.
  /// - Throws: as for one file, and `TableError` where the columns of a file are others than the first one's.
  public init(
    contentsOf sources: [TableSource], format: CSVFormat = CSVFormat(),
    overrides: SchemaOverrides = SchemaOverrides(), target: String? = nil, threads: Int? = nil
  ) throws(TableError) {
    try self.init(
      contentsOf: sources, format: format, overrides: overrides, target: target, threads: threads, stretch: nil)
  }

  package init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), overrides: SchemaOverrides = SchemaOverrides(),
    target: String? = nil, threads: Int?, stretch: Int?
  ) throws(TableError) {
    try self.init(
      contentsOf: [source], format: format, overrides: overrides, target: target, threads: threads, stretch: stretch)
  }

  /// - Parameter stretch: bytes that a thread reads at a time; nil: as suits the size.
  package init(
    contentsOf sources: [TableSource], format: CSVFormat = CSVFormat(),
    overrides: SchemaOverrides = SchemaOverrides(), target: String? = nil, threads: Int?, stretch: Int?
  ) throws(TableError) {
    let kinds = overrides.kinds
    let files = try TableFile.open(sources, format) { rows, first throws(TableError) in
      if rows === first { try overrides.check(against: rows.names, target: target, file: rows.reader.name) }
      let places = try TableFile.places(of: first, in: rows)
      var modes = [ColumnBuilder.Mode](repeating: .skipped, count: rows.names.count)
      for (place, mode) in zip(places, overrides.modes(of: first.names)) { modes[place] = mode }
      return TableFile(rows: rows, places: places) { [modes] in modes.map { ColumnBuilder($0, marks: rows.marks) } }
    }
    let whole = try RowBlocks(
      of: files, threads: threads,
      advice: SchemaOverrides.advice, stretch: stretch)
    let names = files[0].rows.names
    let fileNames = files.count > 1 ? files.map(\.name) : []
    let found = whole.mapColumns { index, column in
      let name = names[index]
      let inference = ColumnInference(
        name: name, index: index, columnCount: names.count, rows: whole.count,
        override: kinds[name], isTarget: name == target, hasTarget: target != nil, files: fileNames)
      let (schema, values) = inference.infer(column)
      return (schema: schema, values: values?.inMemory)
    }
    for (schema, values) in found where schema.kind == .date {
      guard case .numbers(let moments)? = values, moments.contains(where: \.isFinite) else {
        throw noDates(schema.name, file: fileNames.isEmpty ? files[0].name : nil)
      }
    }
    let aside = Set(overrides.aside)
    let columns = found.compactMap { schema, values in
      schema.kind == .ignored || aside.contains(schema.name)
        ? nil : values.map { Column(name: schema.name, kind: schema.kind, values: $0) }
    }
    let schemas = overrides.settingAside(found.map(\.schema))
    self.init(columns: columns, schema: Schema(schemas, missing: format.missing), whole, files)
    for name in overrides.aside {
      guard let (schema, values) = found.first(where: { $0.schema.name == name }), let values else { continue }
      self.aside.append(Column(name: name, kind: schema.kind, values: values))
    }
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
      contentsOf: [source], format: format, schema: schema, optional: optional, skipping: skipping,
      carrying: carrying, threads: threads)
  }

  /// Reads several files, one behind the other, as one table by a given schema.
  public init(
    contentsOf sources: [TableSource], format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = [], threads: Int? = nil
  ) throws(TableError) {
    try self.init(
      contentsOf: sources, format: format, schema: schema, optional: optional, skipping: skipping, carrying: carrying,
      threads: threads, stretch: nil)
  }

  package init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = [], threads: Int?, stretch: Int?
  ) throws(TableError) {
    try self.init(
      contentsOf: [source], format: format, schema: schema, optional: optional, skipping: skipping,
      carrying: carrying, threads: threads, stretch: stretch)
  }

  /// - Parameter stretch: bytes that a thread reads at a time; nil: as suits the size.
  package init(
    contentsOf sources: [TableSource], format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = [], threads: Int?, stretch: Int?
  ) throws(TableError) {
    let request = SchemaMatch.Request(optional: Set(optional), skipping: Set(skipping), carrying: carrying)
    var readings: [SchemaReading] = []
    let files = try TableFile.open(
      sources, format.adding(missing: schema.missing), expectedNames: Set(schema.names)
    ) { rows, first throws(TableError) in
      let reading = try SchemaReading(schema, of: rows, request)
      if let expected = readings.first, expected.absent != reading.absent {
        throw TableError(
          .mismatch, file: rows.reader.name, line: rows.firstLine,
          "the file and \(first.reader.name) don't hold the same of the columns \(listed(optional)). The files of one "
            + "table have the same columns, in any order.")
      }
      readings.append(reading)
      return TableFile(rows: rows, places: reading.places, makeBuilders: reading.makeBuilders)
    }
    let whole = try RowBlocks(of: files, threads: threads, advice: SchemaReading.advice, stretch: stretch)
    let reading = readings[0]
    let schemas = Dictionary(uniqueKeysWithValues: reading.parts.map { ($0.place, $0.schema) })
    let places = reading.places
    let found = whole.mapColumns { index, read in
      (column: schemas[places[index]].map { SchemaReading.column($0, read) }, carried: read.carried)
    }
    self.init(
      columns: found.prefix(reading.parts.count).map { $0.column! }, schema: schema,
      carried: reading.carried.map { place, name in
        SchemaReading.carriedColumn(name, found[places.firstIndex(of: place)!].carried)
      }, extraColumns: reading.match.extra, whole, files)
  }

  private init(
    columns: [Column], schema: Schema, carried: [Column] = [], extraColumns: [String] = [], _ whole: RowBlocks,
    _ files: [TableFile]
  ) {
    self.init(
      columns: columns, lines: whole.lines(), schema: schema, carried: carried, extraColumns: extraColumns,
      source: nameOfTable(files.map(\.name)),
      format: files[0].rows.format)
    if files.count > 1 {
      self.files = files.map(\.name)
      fileNumbers = whole.fileNumbers()
    }
    skipped = whole.skipped
    notes = whole.notes
  }
}

/// What messages call the table that several files are.
func nameOfTable(_ files: [String]) -> String {
  files.count == 1 ? files[0] : "\(files[0]) and \(counted(files.count - 1, "more file"))"
}

/// A column that was asked to hold dates, and holds none.
func noDates(_ column: String, file: String?) -> TableError {
  TableError(
    .mismatch, file: file, column: column,
    "no value of the column is a date. Dates are written 2026-11-24, 2026/11/24 or 24.11.2026, and may be followed by "
      + "a time, as in 2026-11-24T10:00:00Z.")
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
