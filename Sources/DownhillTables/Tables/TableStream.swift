/// A table file read in chunks of rows by a given schema, in memory that doesn't grow with the file.
///
/// Columns are found by name; their order doesn't matter, and columns that the schema doesn't know are passed over and
/// listed. A file without a header is read by position.
public final class TableStream {
  /// How the file is written, and how that was found out.
  public let format: FoundFormat
  /// Columns of the file that the schema doesn't know.
  public let extraColumns: [String]
  /// Columns that the file may lack and lacks.
  public let absentColumns: [String]

  private struct Part {
    let place: Int
    let schema: ColumnSchema
    let builder: ColumnBuilder
  }
  private let source: TableSource
  private let schema: Schema
  private let rows: RowReader
  private let parts: [Part]
  private let carried: [Part]
  private let block: RowBlock
  private var hasRows = false

  /// - Parameters:
  ///   - optional: columns of the schema that the file may lack, such as the target.
  ///   - skipping: columns of the schema that aren't read, whether the file has them or not.
  ///   - carrying: columns of the file whose texts are given back as they stand.
  /// - Throws: `TableError` for a file that can't be opened or isn't a table, and when it lacks columns.
  public convenience init(
    _ source: TableSource, format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = []
  ) throws(TableError) {
    try self.init(
      source, format: format, schema: schema, optional: optional, skipping: skipping, carrying: carrying,
      readSize: RowReader.readSize)
  }

  package init(
    _ source: TableSource, format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = [], readSize: Int
  ) throws(TableError) {
    let request = SchemaMatch.Request(optional: Set(optional), skipping: Set(skipping), carrying: carrying)
    rows = try RowReader(source, format: format, expectedNames: Set(schema.names), readSize: readSize)
    let match = try SchemaMatch(schema, to: rows, request)
    self.source = source
    self.schema = schema
    self.format = rows.format
    extraColumns = match.extra
    absentColumns = zip(schema.columns, match.places).compactMap { $1 == nil && request.reads($0) ? $0.name : nil }
    parts = zip(schema.columns, match.places).compactMap { column, place in
      place.map { Part(place: $0, schema: column, builder: ColumnBuilder(column.kind == .numeric ? .numbers : .texts)) }
    }
    carried = zip(carrying, match.carried).map { name, place in
      Part(
        place: place, schema: ColumnSchema(name: name, kind: .identifier, reason: "carried along"),
        builder: ColumnBuilder(.verbatim))
    }
    var builders = rows.names.map { _ in ColumnBuilder(.skipped) }
    for part in parts { builders[part.place] = part.builder }
    block = RowBlock(
      rows, builders: builders, carried: carried.map { ($0.place, $0.builder) },
      advice: "The model learned this column as numbers. Mend the value, or leave it empty if it is not known.")
  }

  /// The next rows, at most `limit`; nil at the end.
  ///
  /// The distinct texts of a column are those of the chunk: compare by text, not by code. The two words of a boolean
  /// column always have the codes 0 and 1.
  /// - Throws: `TableError` for a malformed line, for text where the schema has a number, and when there are no rows.
  public func next(rows limit: Int) throws(TableError) -> Table? {
    precondition(limit > 0, "a chunk has at least one row")
    block.reset()
    try block.read(limit)
    guard block.count > 0 else {
      if !hasRows { throw rows.noRows() }
      return nil
    }
    hasRows = true
    return Table(
      columns: parts.map(column), lines: Array(block.lines.prefix(block.count)), schema: schema,
      carried: carried.map(column), extraColumns: extraColumns, source: source.name, format: format)
  }

  private func column(_ part: Part) -> Column {
    let values: ColumnValues
    switch part.builder.mode {
    case .verbatim: values = .texts(part.builder.verbatim)
    case .numbers, .undecided, .skipped:
      values = .numbers(Array(UnsafeBufferPointer(start: part.builder.numbers, count: block.count)))
    case .texts:
      var categories = Categories(
        part.builder.texts, codes: Array(UnsafeBufferPointer(start: part.builder.codes, count: block.count)),
        numbersAreCodes: part.schema.isNumberCode)
      if let words = part.schema.booleanWords { categories.lead(with: words) }
      values = .categories(codes: categories.codes, names: categories.names)
    }
    return Column(name: part.schema.name, kind: part.schema.kind, values: values)
  }
}

extension Table {
  /// Reads a CSV or TSV file whole by a given schema, as `TableStream` does.
  ///
  /// - Throws: `TableError`; see `TableStream`.
  public init(
    contentsOf source: TableSource, format: CSVFormat = CSVFormat(), schema: Schema, optional: [String] = [],
    skipping: [String] = [], carrying: [String] = []
  ) throws(TableError) {
    let stream = try TableStream(
      source, format: format, schema: schema, optional: optional, skipping: skipping, carrying: carrying)
    // The first chunk holds all rows, or an error says that there are none.
    guard let table = try stream.next(rows: .max) else { preconditionFailure("a first chunk is never nil") }
    self = table
  }
}
