/// Where the columns of a schema stand in another file.
struct SchemaMatch {
  /// For each column of the schema its place in the file; nil: it isn't read.
  var places: [Int?]
  /// The places of the columns to carry along.
  var carried: [Int]
  /// Columns of the file that the schema doesn't know.
  var extra: [String]

  /// What is read of a file beside the columns that a schema demands.
  struct Request {
    /// Columns that the file may lack, such as the target at prediction.
    var optional: Set<String>
    /// Columns that are not read whether there or not.
    var skipping: Set<String>
    var carrying: [String]
  }

  /// By name when the file has a header, otherwise by position.
  init(_ schema: Schema, to rows: RowReader, _ request: Request) throws(TableError) {
    if rows.format.hasHeader {
      try self.init(byName: schema, to: rows, request)
    } else {
      try self.init(byPosition: schema, to: rows, request)
    }
  }

  private init(byName schema: Schema, to rows: RowReader, _ request: Request) throws(TableError) {
    let file = Dictionary(uniqueKeysWithValues: zip(rows.names, 0...))
    places = schema.columns.map { request.reads($0) ? file[$0.name] : nil }
    let known = Set(schema.names)
    extra = rows.names.filter { !known.contains($0) }
    let missing = zip(schema.columns, places).compactMap { column, place in
      place == nil && request.demands(column) ? column.name : nil
    }
    guard missing.isEmpty else {
      throw Self.missingColumns(missing, extra: extra, in: rows)
    }
    carried = []
    for name in request.carrying {
      guard let place = file[name] else { throw unknownColumn(name, among: rows.names, file: rows.reader.name) }
      carried.append(place)
    }
  }

  private init(byPosition schema: Schema, to rows: RowReader, _ request: Request) throws(TableError) {
    let mayLack = request.optional.union(request.skipping)
    let full = schema.columns
    let shorter = full.filter { !mayLack.contains($0.name) }
    guard rows.names.count == full.count || rows.names.count == shorter.count else {
      let expected = full.count == shorter.count ? "\(full.count)" : "\(full.count) or \(shorter.count)"
      throw TableError(
        .mismatch, file: rows.reader.name, line: rows.reader.line,
        "the file has no line of column names, so its columns are taken by position; it has \(rows.names.count), and "
          + "\(expected) were expected: \(listed(shorter.map(\.name))). Give it the same columns, or a first line with "
          + "their names.")
    }
    let present = rows.names.count == full.count ? full : shorter
    let file = Dictionary(
      present.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    places = full.map { request.reads($0) ? file[$0.name] : nil }
    extra = []
    carried = []
    for name in request.carrying {
      guard let place = file[name] else {
        throw unknownColumn(name, among: present.map(\.name), file: rows.reader.name)
      }
      carried.append(place)
    }
  }

  private static func missingColumns(_ missing: [String], extra: [String], in rows: RowReader) -> TableError {
    let hints = missing.prefix(3).compactMap { name in
      nearest(to: name, among: extra).map { "\(excerpt($0)) may be meant as \(excerpt(name))" }
    }
    let isOne = missing.count == 1
    return TableError(
      .mismatch, file: rows.reader.name, line: rows.reader.line, column: isOne ? missing[0] : nil,
      "the file lacks \(isOne ? "a column" : "\(missing.count) columns") of the table that was learned from: "
        + "\(listed(missing)). Add \(isOne ? "it" : "them") under the same name; the order doesn't matter, and values "
        + "may be left empty."
        + (hints.isEmpty ? "" : " Here " + hints.joined(separator: ", ") + "."))
  }
}

extension SchemaMatch.Request {
  func reads(_ column: ColumnSchema) -> Bool {
    column.kind != .ignored && column.kind != .identifier && !skipping.contains(column.name)
  }

  func demands(_ column: ColumnSchema) -> Bool { reads(column) && !optional.contains(column.name) }
}
