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

  private let source: TableSource
  private let schema: Schema
  private let rows: RowReader
  private let reading: SchemaReading
  private let block: RowBlock
  private var hasRows = false

  /// Rows of the file that were passed over so far, where that was asked for.
  public var skipped: SkippedRows { rows.skipped }
  /// What was noticed about the file so far, for people: how its bytes are read, say.
  public var notes: [String] { rows.notes }

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
    rows = try RowReader(
      source, format: format.adding(missing: schema.missing), expectedNames: Set(schema.names), readSize: readSize)
    reading = try SchemaReading(schema, of: rows, request)
    self.source = source
    self.schema = schema
    self.format = rows.format
    extraColumns = reading.match.extra
    absentColumns = reading.absent
    block = RowBlock(rows, builders: reading.makeBuilders(), advice: SchemaReading.advice)
  }

  /// The next rows, at most `limit`, those that are passed over among them; nil at the end.
  ///
  /// The distinct texts of a column are those of the chunk: compare by text, not by code. The two words of a boolean
  /// column always have the codes 0 and 1.
  /// - Throws: `TableError` for a malformed line, for text where the schema has a number, and when there are no rows.
  public func next(rows limit: Int) throws(TableError) -> Table? {
    precondition(limit > 0, "a chunk has at least one row")
    block.reset()
    try block.read(limit)
    if block.count == 0 && block.gaps.isEmpty {
      if !hasRows { throw rows.noRows() }
      return nil
    }
    hasRows = hasRows || block.count > 0
    let builders = block.builders, count = block.count
    var table = Table(
      columns: reading.parts.map { place, schema in
        SchemaReading.column(schema, ReadColumn(values: builders[place].read(count)))
      }, lines: ColumnStorage(block.lines.prefix(count)), schema: schema,
      carried: reading.carried.map { place, name in
        SchemaReading.carriedColumn(name, builders[place].carriedTexts(count))
      }, extraColumns: extraColumns, source: source.name, format: format)
    table.gaps = block.gaps
    return table
  }

  /// Hands over the table in chunks of at most `limit` rows, in their order. Where bad rows are passed over, a chunk may have
  /// no rows. While one is worked on, on this thread, the
  /// next is read on another.
  /// - Parameter threads: 1: nothing is read meanwhile; nil: as many as there are processors.
  /// - Throws: as `next`, after the chunks before; and what `body` throws.
  public func forEachChunk(rows limit: Int, threads: Int? = nil, _ body: (Table) throws -> Void) throws {
    var present = try next(rows: limit)
    while let chunk = present {
      // Fewer rows are the last.
      guard chunk.rowCount + chunk.gaps.count == limit else { return try body(chunk) }
      let (done, following) = together(
        threads: threads, { Result { try body(chunk) } }, { Result { try self.next(rows: limit) } })
      try done.get()
      present = try following.get()
    }
  }
}
