/// What the columns of a table are. It is stored with a model and applied to the tables that come later.
public struct Schema: Sendable, Equatable, Codable {
  public var columns: [ColumnSchema]
  /// Texts that say that a value is missing, beside those that always do; see `CSVFormat.missing`.
  public var missing: [String]

  public init(_ columns: [ColumnSchema], missing: [String] = []) {
    self.columns = columns
    self.missing = missing
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    columns = try container.decode([ColumnSchema].self, forKey: .columns)
    // Files of the first versions have none.
    missing = try container.decodeIfPresent([String].self, forKey: .missing) ?? []
  }

  public subscript(name: String) -> ColumnSchema? { columns.first { $0.name == name } }

  public var names: [String] { columns.map(\.name) }
}

/// What one column is, and why.
public struct ColumnSchema: Sendable, Equatable, Codable {
  public var name: String
  public var kind: ColumnKind
  /// Why it has this kind, as a clause to print: "all 344 values are numbers".
  public var reason: String
  /// The words for no and yes of a boolean column, as the file writes them.
  public var booleanWords: [String]?
  /// The texts of a categorical column are numbers: `1`, `01` and `1.0` are the same category.
  public var isNumberCode: Bool
  /// How a column of dates writes them.
  public var dateOrder: DateOrder?

  public init(
    name: String, kind: ColumnKind, reason: String, booleanWords: [String]? = nil, isNumberCode: Bool = false,
    dateOrder: DateOrder? = nil
  ) {
    self.name = name
    self.kind = kind
    self.reason = reason
    self.booleanWords = booleanWords
    self.isNumberCode = isNumberCode
    self.dateOrder = dateOrder
  }
}

extension Column {
  /// The names of a boolean column's first two codes.
  var booleanWords: [String]? {
    guard kind == .boolean, case .categories(_, let names) = values, names.count >= 2 else { return nil }
    return Array(names.prefix(2))
  }
}

/// Kinds of columns that the user decides. A column may stand in one list only.
public struct SchemaOverrides: Sendable, Equatable, Codable {
  /// Columns that hold numbers; text in one is an error.
  public var numeric: [String]
  public var categorical: [String]
  /// Columns that hold texts of several words.
  public var texts: [String]
  /// Columns that hold dates; what is none in them is missing.
  public var dates: [String]
  public var ignore: [String]
  /// Columns that are read and not learned from, such as weights: the schema leaves them out, and the table has them
  /// `aside`. They may stand in another list too.
  public var aside: [String]

  public init(
    numeric: [String] = [], categorical: [String] = [], texts: [String] = [], dates: [String] = [],
    ignore: [String] = [], aside: [String] = []
  ) {
    self.aside = aside
    self.numeric = numeric
    self.categorical = categorical
    self.texts = texts
    self.dates = dates
    self.ignore = ignore
  }

  /// What was decided, by name.
  var kinds: [String: ColumnKind] {
    var kinds: [String: ColumnKind] = [:]
    let decided = [
      (ignore, ColumnKind.ignored), (categorical, .categorical), (texts, .text), (dates, .date), (numeric, .numeric),
    ]
    for (names, kind) in decided {
      for name in names { kinds[name] = kind }
    }
    return kinds
  }

  /// How columns are read.
  func modes(of names: [String]) -> [ColumnBuilder.Mode] {
    let kinds = kinds
    return names.map { name in
      switch kinds[name] {
      case .numeric: .numbers
      case .categorical, .text, .date: .texts
      case .ignored: .skipped
      default: .undecided
      }
    }
  }

  /// What to do about text in a column that the user calls numeric.
  static let advice = "The column was asked to be numeric. Mend the value, or leave the column out of the numeric ones."

  /// The schema that a model gets: it leaves out what is set aside.
  func settingAside(_ columns: [ColumnSchema]) -> [ColumnSchema] {
    let aside = Set(aside)
    return columns.map { column in
      aside.contains(column.name)
        ? ColumnSchema(name: column.name, kind: .ignored, reason: "not learned from, as asked") : column
    }
  }

  /// Throws when a name is in no column, is listed twice, or the target is to be ignored.
  func check(against names: [String], target: String?, file: String) throws(TableError) {
    let known = Set(names), decided = numeric + categorical + texts + dates + ignore
    for name in decided + aside + (target.map { [$0] } ?? []) where !known.contains(name) {
      throw unknownColumn(name, among: names, file: file)
    }
    var listed: Set<String> = []
    for name in decided where !listed.insert(name).inserted {
      throw TableError(
        .badRequest, file: file, column: name,
        "is listed twice as numeric, categorical, texts, dates or ignored. Name it once.")
    }
    for name in aside where name == target || ignore.contains(name) {
      throw TableError(
        .badRequest, file: file, column: name,
        name == target
          ? "is the target, and is asked to be set aside besides. Name two columns."
          : "is ignored, so it isn't read. Drop one of the two.")
    }
    if let target, dates.contains(target) {
      throw TableError(
        .badRequest, file: file, column: target,
        "is the target, and dates can't be predicted. Predict a number made of them, such as days from a first one.")
    }
    if let target, texts.contains(target) {
      throw TableError(
        .badRequest, file: file, column: target,
        "is the target, and texts can't be predicted. Name it as categorical, to predict which of them it is.")
    }
    if let target, ignore.contains(target) {
      throw TableError(
        .badRequest, file: file, column: target, "is the target and can't be ignored. Drop one of the two.")
    }
  }
}

/// "there is no column …; did you mean …?"
func unknownColumn(_ name: String, among names: [String], file: String) -> TableError {
  let hint = nearest(to: name, among: names).map { "Did you mean \(excerpt($0))? " } ?? ""
  return TableError(
    .badRequest, file: file, "there is no column \(excerpt(name)). \(hint)The columns are \(listed(names)).")
}

/// Names for a message, not too many of them.
func listed(_ names: [String]) -> String {
  names.prefix(20).map { excerpt($0) }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
}
