/// What a column is to a learner.
public enum ColumnKind: String, Sendable, Codable, CaseIterable {
  /// Numbers that measure or count something.
  case numeric
  /// Two values that mean no and yes.
  case boolean
  /// One of several texts.
  case categorical
  /// Texts of several words, such as names and descriptions: what there is to learn from is the words.
  case text
  /// Moments, as seconds from 1970-01-01, UTC. What can't be read is infinite: it is missing, and counted.
  case date
  /// A name or number of the row itself, such as a key: nothing to learn from.
  case identifier
  /// Left out, by request or because it tells nothing. Its values are not kept.
  case ignored
}

/// The values of a column, one for each row.
public enum ColumnValues: Sendable {
  /// Numbers; NaN: missing.
  case numbers(ColumnStorage<Double>)
  /// Texts, each an index into the distinct texts `names`; −1: missing.
  ///
  /// The names of a file's column are ordered by value. Those of a boolean column begin with its words for no and yes.
  case categories(codes: ColumnStorage<Int32>, names: [String])
  /// Texts as they stand in the file, missing marks too: what is carried along and not learned from.
  case texts([String])
}

extension ColumnValues {
  public static func numbers(_ numbers: [Double]) -> ColumnValues { .numbers(ColumnStorage(numbers)) }

  public static func categories(codes: [Int32], names: [String]) -> ColumnValues {
    .categories(codes: ColumnStorage(codes), names: names)
  }

  /// Gives back the memory that values of a file take since they were read.
  package func giveBack() {
    switch self {
    case .numbers(let numbers): numbers.giveBack()
    case .categories(let codes, _): codes.giveBack()
    case .texts: break
    }
  }

  /// Whether the values stand in a file.
  package var areMapped: Bool {
    switch self {
    case .numbers(let numbers): numbers.isMapped
    case .categories(let codes, _): codes.isMapped
    case .texts: false
    }
  }
}

/// A named column of a table.
public struct Column: Sendable, Equatable {
  public var name: String
  public var kind: ColumnKind
  public var values: ColumnValues

  public init(name: String, kind: ColumnKind, values: ColumnValues) {
    self.name = name
    self.kind = kind
    self.values = values
  }

  public var count: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .categories(let codes, _): codes.count
    case .texts(let texts): texts.count
    }
  }

  public var missingCount: Int {
    switch values {
    case .numbers(let numbers): numbers.count(where: \.isNaN)
    case .categories(let codes, _): codes.count { $0 < 0 }
    case .texts: 0
    }
  }

  /// The value of a row as text; nil: missing.
  public func text(_ row: Int) -> String? {
    switch values {
    case .numbers(let numbers) where kind == .date: numbers[row].isFinite ? dateText(numbers[row]) : nil
    case .numbers(let numbers): numbers[row].isNaN ? nil : shortText(of: numbers[row])
    case .categories(let codes, let names): codes[row] < 0 ? nil : names[Int(codes[row])]
    case .texts(let texts): texts[row]
    }
  }

  /// Some of the rows, in the order given. The distinct texts are kept, even those that no longer occur.
  public func select(rows: [Int32]) -> Column {
    var column = self
    switch values {
    case .numbers(let numbers): column.values = .numbers(rows.map { numbers[Int($0)] })
    case .categories(let codes, let names):
      column.values = .categories(codes: rows.map { codes[Int($0)] }, names: names)
    case .texts(let texts): column.values = .texts(rows.map { texts[Int($0)] })
    }
    return column
  }
}

extension ColumnValues: Equatable {
  /// Missing values are equal to each other.
  public static func == (left: ColumnValues, right: ColumnValues) -> Bool {
    switch (left, right) {
    case (.numbers(let left), .numbers(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    case (.categories(let left, let leftNames), .categories(let right, let rightNames)):
      left == right && leftNames == rightNames
    case (.texts(let left), .texts(let right)): left == right
    default: false
    }
  }
}
