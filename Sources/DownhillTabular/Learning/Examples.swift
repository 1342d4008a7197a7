public import DownhillTables

/// Rows with the answers to them: what there is to learn from, or to be judged on.
public struct Examples: Sendable {
  public let features: Features
  /// The right answers, one a row.
  public let target: Column
  /// How much each row counts in training, from 0 up; nil: all the same.
  public let weights: ColumnStorage<Double>?
  /// What messages call the data.
  public let source: String

  public enum Features: Sendable {
    /// The target may be among the columns; it is not looked at.
    case table(Table)
    case images(Images)

    public var count: Int {
      switch self {
      case .table(let table): table.rowCount
      case .images(let images): images.count
      }
    }

    /// Some of the rows, in the order given.
    public func select(rows: [Int32]) -> Features {
      switch self {
      case .table(let table): .table(table.select(rows: rows))
      case .images(let images): .images(images.select(rows: rows))
      }
    }

    /// The numbers of all rows.
    var rows: [Int32] {
      switch self {
      case .table(let table): table.rows
      case .images(let images): [Int32](0..<Int32(images.count))
      }
    }
  }

  /// The rows of a table, one of whose columns is the target.
  /// - Parameter weights: the column set aside that says how much each row counts; nil: all the same.
  /// - Throws: `LearningError` where there is no such column, or a weight is missing or negative.
  public init(_ table: Table, target: String, weights: String? = nil) throws(LearningError) {
    guard let column = table[target] else {
      throw LearningError("\(table.source) has no column “\(target)” with the right answers")
    }
    if let weights { self.weights = try table.weights(weights) } else { self.weights = nil }
    features = .table(table)
    self.target = column
    source = table.source
  }

  /// Images and their labels.
  /// - Throws: `LearningError` where there are not as many of the one as of the other.
  public init(_ images: Images, labels: [UInt8]) throws(LearningError) {
    try self.init(images, answers: labels.map { Double($0) })
  }

  /// Images and what they are labelled with: numbers of classes, or values.
  /// - Throws: `LearningError` where there are not as many of the one as of the other.
  public init(_ images: Images, answers: [Double]) throws(LearningError) {
    guard images.count == answers.count else {
      throw LearningError(
        "\(images.source) holds \(images.count) images, and there are \(answers.count) labels: each image needs one")
    }
    self.init(images, target: Column(name: "label", kind: .numeric, values: .numbers(answers)))
  }

  /// Images and as many answers.
  init(_ images: Images, target: Column) {
    self.init(.images(images), target: target, weights: nil, source: images.source)
  }

  private init(_ features: Features, target: Column, weights: ColumnStorage<Double>?, source: String) {
    (self.features, self.target, self.weights, self.source) = (features, target, weights, source)
  }

  public var count: Int { target.count }

  /// Whether the rows stand in a file, for they may not fit into memory.
  package var areMapped: Bool {
    if case .table(let table) = features { table.scratchFolder != nil } else { false }
  }

  /// Some of the rows, in the order given.
  public func select(rows: [Int32]) -> Examples {
    let target = self.target.select(rows: rows)
    return Examples(
      features.select(rows: rows), target: target,
      weights: weights.map { all in ColumnStorage(rows.map { all[Int($0)] }) },
      source: source)
  }

  /// An error about a row, with its place; nil: images have none.
  func error(row: Int, column: String, _ message: String) -> String? {
    guard case .table(let table) = features else { return nil }
    return table.error(.mismatch, row: row, column: column, message).description
  }

  /// The rows whose answer is there.
  var answered: [Int32] {
    let all = [Int32](0..<Int32(count))
    switch target.values {
    case .numbers(let numbers): return zip(all, numbers).compactMap { $1.isFinite ? $0 : nil }
    case .categories(let codes, _): return zip(all, codes).compactMap { $1 >= 0 ? $0 : nil }
    case .texts: return all
    }
  }
}

/// Why nothing can be learned from these data in this way.
public struct LearningError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Who is to change something.
  public enum Kind: Sendable {
    /// The data are not what is needed.
    case data
    /// What was asked for makes no sense, or not with these data.
    case request
  }

  public let kind: Kind
  public let description: String

  public init(_ description: String, kind: Kind = .data) {
    self.kind = kind
    self.description = description
  }
}
