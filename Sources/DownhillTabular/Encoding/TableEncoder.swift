public import DownhillCompute
public import DownhillTables

/// The road from a table's columns to a matrix: fitted to training rows, then the same for every table.
///
/// Numbers are scaled, two-valued columns become one column, categories one-hot; what is missing is filled and, where
/// training rows lacked it too, marked.
public struct TableEncoder: Sendable, Codable, Equatable {
  public let columns: [ColumnEncoding]

  /// Columns of the matrix.
  public var width: Int { columns.reduce(0) { $0 + $1.width } }

  /// What each column of the matrix holds.
  public var names: [String] { columns.flatMap(\.names) }

  /// Fitted to some rows of a table: all columns that are numbers, booleans or categories, but for the target.
  /// - Parameters:
  ///   - mostOneHot: columns with more categories become numbers that vectors stand for.
  ///   - mostWords: so many words of texts get a column.
  ///   - ranksSkewed: numbers that are mostly one and the same, or reach far out, get a second column: their rank.
  ///   - areGrouped: whether columns of the same form stand together: numbers and dates, then categories, then those numbers;
  ///     else they stand as in the table.
  public init(
    fitting table: Table, rows: [Int32], target: String?, scaling: NumberScaling.Kind, mostOneHot: Int? = nil,
    mostWords: Int = 0, ranksSkewed: Bool = false, areGrouped: Bool = false,
    workers: WorkerPool = WorkerPool(threads: 1)
  ) {
    self.init(
      fitting: table, rows: rows, target: target, scaling: scaling, mostOneHot: mostOneHot, mostWords: mostWords,
      ranksSkewed: ranksSkewed, roughFor: nil, areGrouped: areGrouped, workers: workers)
  }

  /// - Parameter answers: of some of the rows; numbers that are rough in them get codes for their values besides. nil: none do.
  init(
    fitting table: Table, rows: [Int32], target: String?, scaling: NumberScaling.Kind, mostOneHot: Int?,
    mostWords: Int, ranksSkewed: Bool, roughFor answers: RowAnswers?, areGrouped: Bool, workers: WorkerPool
  ) {
    let columns = table.columns.filter { $0.name != target && $0.kind != .identifier && $0.kind != .ignored }
    let encodings = workers.map(columns.count) { index -> [ColumnEncoding] in
      let own = ColumnEncoding(
        columns[index], rows: rows, scaling: scaling, mostOneHot: mostOneHot ?? .max, mostWords: mostWords,
        ranksSkewed: ranksSkewed)
      if own.width == 0 { return [] }
      let values = answers.flatMap { ColumnEncoding(valuesOf: columns[index], $0) }
      return [own] + (values.map { [$0] } ?? [])
    }.flatMap { $0 }
    self.columns =
      areGrouped ? ColumnBlocks.Kind.allCases.flatMap { kind in encodings.filter { $0.kind == kind } } : encodings
  }

  /// What the encoder met that it didn't know.
  public struct Report: Sendable, Equatable {
    /// Columns with categories that no training row had, and in how many rows.
    public var unseen: [(column: String, rows: Int)] = []

    public init(unseen: [(column: String, rows: Int)] = []) { self.unseen = unseen }

    public static func == (a: Report, b: Report) -> Bool {
      a.unseen.elementsEqual(b.unseen) { $0 == $1 }
    }
  }

  /// A row of the matrix for each row of the table, which has the columns that the encoder was fitted to.
  /// - Throws: `LearningError` where it lacks one, or has it in another kind.
  public func encode(
    _ table: Table, workers: WorkerPool = WorkerPool(threads: 1)
  ) throws(LearningError) -> (matrix: Matrix, report: Report) {
    var rows = try FeatureRows(self, table)
    return (rows.matrix(table.rows, workers: workers), rows.report)
  }
}
