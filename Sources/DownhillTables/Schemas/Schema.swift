/// What the columns of a table are. It is stored with a model and applied to the tables that come later.
public struct Schema: Sendable, Equatable, Codable {
  public var columns: [ColumnSchema]

  public init(_ columns: [ColumnSchema]) { self.columns = columns }

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

  public init(
    name: String, kind: ColumnKind, reason: String, booleanWords: [String]? = nil, isNumberCode: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.reason = reason
    self.booleanWords = booleanWords
    self.isNumberCode = isNumberCode
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
  public var ignore: [String]

  public init(numeric: [String] = [], categorical: [String] = [], ignore: [String] = []) {
    self.numeric = numeric
    self.categorical = categorical
    self.ignore = ignore
  }

  /// What was decided, by name.
  var kinds: [String: ColumnKind] {
    var kinds: [String: ColumnKind] = [:]
    for (names, kind) in [(ignore, ColumnKind.ignored), (categorical, .categorical), (numeric, .numeric)] {
      for name in names { kinds[name] = kind }
    }
    return kinds
  }

  /// Throws when a name is in no column, is listed twice, or the target is to be ignored.
  func check(against names: [String], target: String?, file: String) throws(TableError) {
    let known = Set(names), decided = numeric + categorical + ignore
    for name in decided + (target.map { [$0] } ?? []) where !known.contains(name) {
      throw unknownColumn(name, among: names, file: file)
    }
    var listed: Set<String> = []
    for name in decided where !listed.insert(name).inserted {
      throw TableError(
        .badRequest, file: file, column: name, "is listed twice as numeric, categorical or ignored. Name it once.")
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
