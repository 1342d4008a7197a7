internal import DownhillCompute
public import DownhillTables
internal import DownhillTabular

/// What a model answers on average where a column has one value after the other in all rows (Friedman, "Greedy function
/// approximation: a gradient boosting machine", 2001), and how far the rows differ in that: from the 10th to the 90th percentile
/// of the single rows' curves (Goldstein et al., "Peeking inside the black box", 2015).
///
///     f̄ⱼ(v) = 1/n Σᵢ f(xᵢ with column j = v)
///
/// Where columns hang together, some of these rows are unlike any that there are: read flat stretches and directions, not decimals.
public struct PartialDependence: Sendable, Equatable {
  public let column: String
  public let kind: ColumnKind
  /// What the curves are of: labels, whose probability they show; of two labels the second alone; of a regression nothing, for one
  /// curve of values.
  public let outputs: [String]
  /// In order: numbers and dates ascending, the most frequent categories in the order of the table; what is missing last.
  public let points: [Point]
  /// The 10th, 20th, … 90th percentile of a column of numbers or dates, which tells where the rows are.
  public let deciles: [Double]
  /// Rows that were asked about.
  public let rows: Int

  public struct Point: Sendable, Equatable {
    public let value: Value
    /// The share of the rows that have this value, of a category and of what is missing.
    public let share: Double?
    /// One an output.
    public let responses: [Response]
  }

  public enum Value: Sendable, Equatable {
    case number(Double)
    /// Seconds after 1970-01-01, UTC.
    case moment(Double)
    case category(String)
    case missing
  }

  public struct Response: Sendable, Equatable {
    public let mean: Double
    public let low: Double
    public let high: Double
  }
}

extension PartialDependence {
  /// Places on the axis of numbers, categories, and curves that can be told apart.
  static let mostPoints = 24
  static let mostCategories = 12
  static let mostOutputs = 6

  /// - Parameters:
  ///   - table: the rows that are asked about.
  ///   - all: more rows, which the grid is made of.
  ///   - outputs: the places of the labels that are shown.
  /// - Returns: nil for a column that has no values.
  init?(
    _ judges: Judges, _ table: Table, places: [Int], of column: Column, outputs: [Int]
  ) throws {
    guard let place = table.placesByName[column.name] else { return nil }
    let grid = Grid(column)
    let labels = judges.model.labels
    var points: [Point] = []
    for (value, column, share) in grid.columns(rows: table.rowCount) {
      var changed = table
      changed.columns[place] = column
      let predictions = try judges.predict(.table(changed), places: places)
      let responses =
        labels.isEmpty
        ? [Response(predictions.values)]
        : outputs.map { label in
          Response((0..<predictions.count).map { Double(predictions.probabilities[$0, label]) })
        }
      points.append(Point(value: value, share: share, responses: responses))
    }
    if points.isEmpty { return nil }
    (self.column, kind, self.points, rows) = (column.name, column.kind, points, table.rowCount)
    (self.outputs, deciles) = (outputs.map { labels[$0] }, grid.deciles)
  }

  /// The values that a column is given.
  private struct Grid {
    private let column: Column
    private let values: [Value]
    private let shares: [Double?]
    var deciles: [Double] = []

    init(_ column: Column) {
      self.column = column
      let count = Double(column.count)
      switch column.values {
      case .numbers(let numbers):
        let present = numbers.filter(\.isFinite).sorted()
        var grid: [Double] = []
        for number in present where number != grid.last && grid.count <= PartialDependence.mostPoints {
          grid.append(number)
        }
        if grid.count > PartialDependence.mostPoints {
          // From the 2nd to the 98th percentile: beyond, curves say more of the model than of the data.
          let last = PartialDependence.mostPoints - 1
          grid = []
          for step in 0...last {
            let number = quantile(present, 0.02 + 0.96 * Double(step) / Double(last))
            if number != grid.last { grid.append(number) }
          }
        }
        let isDate = column.kind == .date
        let missing = Double(numbers.count - present.count) / count
        values = grid.map { isDate ? .moment($0) : .number($0) } + (missing > 0 ? [.missing] : [])
        shares = grid.map { _ in nil } + (missing > 0 ? [missing] : [])
        if present.count > 1 { deciles = (1...9).map { quantile(present, Double($0) / 10) } }
      // Whole texts say nothing of their words.
      case .categories where column.kind == .text: (values, shares) = ([], [])
      case .categories(let codes, let names):
        var counts = [Int](repeating: 0, count: names.count)
        for code in codes where code >= 0 { counts[Int(code)] += 1 }
        let order = names.indices.filter { counts[$0] > 0 }.sorted { (counts[$0], $1) > (counts[$1], $0) }
          .prefix(PartialDependence.mostCategories).sorted()
        let missing = Double(codes.count { $0 < 0 }) / count
        values = order.map { .category(names[$0]) } + (missing > 0 ? [.missing] : [])
        shares = order.map { Double(counts[$0]) / count } + (missing > 0 ? [missing] : [])
      case .texts: (values, shares) = ([], [])
      }
    }

    /// Columns that have one value in all rows.
    func columns(rows: Int) -> [(Value, Column, share: Double?)] {
      zip(values, shares).map { value, share in
        var column = self.column
        switch (value, column.values) {
        case (.number(let number), _), (.moment(let number), _):
          column.values = .numbers([Double](repeating: number, count: rows))
        case (.category(let name), .categories(_, let names)):
          let code = Int32(names.firstIndex(of: name) ?? -1)
          column.values = .categories(codes: [Int32](repeating: code, count: rows), names: names)
        case (_, .categories(_, let names)):
          column.values = .categories(codes: [Int32](repeating: -1, count: rows), names: names)
        default: column.values = .numbers([Double](repeating: .nan, count: rows))
        }
        return (value, column, share)
      }
    }
  }
}

extension PartialDependence.Response {
  init(_ values: [Double]) {
    let ascending = values.sorted()
    mean = values.reduce(0, +) / Double(values.count)
    (low, high) = (quantile(ascending, 0.1), quantile(ascending, 0.9))
  }
}
