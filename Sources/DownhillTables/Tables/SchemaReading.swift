/// What is read of a file by a given schema, and what becomes of it.
struct SchemaReading {
  let match: SchemaMatch
  /// The columns that are read, in the schema's order.
  let parts: [(place: Int, schema: ColumnSchema)]
  /// The columns that are carried along, in the order asked for.
  let carried: [(place: Int, name: String)]
  /// Columns that the file may lack and lacks.
  let absent: [String]
  private let modes: [ColumnBuilder.Mode]
  private let marks: MissingMarks

  static let advice =
    "The model learned this column as numbers. Mend the value, or leave it empty if it is not known."

  init(_ schema: Schema, of rows: RowReader, _ request: SchemaMatch.Request) throws(TableError) {
    match = try SchemaMatch(schema, to: rows, request)
    parts = zip(schema.columns, match.places).compactMap { column, place in place.map { ($0, column) } }
    carried = zip(match.carried, request.carrying).map { ($0, $1) }
    absent = zip(schema.columns, match.places).compactMap { $1 == nil && request.reads($0) ? $0.name : nil }
    var modes = [ColumnBuilder.Mode](repeating: .skipped, count: rows.names.count)
    for (place, column) in parts { modes[place] = column.kind == .numeric ? .numbers : .texts }
    self.modes = modes
    marks = rows.marks
  }

  /// The places of all columns that are read or carried along, each once: in the same order for every file that has the
  /// same columns.
  var places: [Int] {
    var places = parts.map(\.place)
    for (place, _) in carried where !places.contains(place) { places.append(place) }
    return places
  }

  /// One for each column of the file.
  func makeBuilders() -> [ColumnBuilder] {
    let carries = Set(carried.map(\.place))
    return modes.indices.map { ColumnBuilder(modes[$0], carries: carries.contains($0), marks: marks) }
  }

  /// A column of the table from what was read of it.
  static func column(_ schema: ColumnSchema, _ read: ReadColumn) -> Column {
    Column(name: schema.name, kind: schema.kind, values: values(schema, read).inMemory)
  }

  private static func values(_ schema: ColumnSchema, _ read: ReadColumn) -> FoundValues {
    switch read.values {
    case .none: preconditionFailure("a column of the schema is read")
    case .numbers(let numbers): return .numbers(numbers)
    case .texts(let texts, let codes) where schema.kind == .date:
      return .moments(codes, moments: DateColumn(texts, order: schema.dateOrder ?? .yearFirst).moments)
    case .texts(let texts, let codes):
      var categories = Categories(texts, codes: codes, numbersAreCodes: schema.isNumberCode)
      if let words = schema.booleanWords { categories.lead(with: words) }
      return categories.values
    }
  }

  static func carriedColumn(_ name: String, _ texts: [String]) -> Column {
    Column(name: name, kind: .identifier, values: .texts(texts))
  }
}
