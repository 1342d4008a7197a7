/// Rows of a file that were passed over because they are broken: they have another number of fields than there are
/// columns, or a quote that is not closed where it should be. Or image files that can't be decoded.
public struct SkippedRows: Sendable, Equatable {
  public var count = 0
  /// What is wrong with the first of them, and where.
  public var first: [TableError] = []

  /// What they are, for the report.
  public var what = "row"

  public init() {}

  /// Those with these faults.
  public init(_ faults: [TableError], what: String) {
    (count, first, self.what) = (faults.count, Array(faults.prefix(Self.mostReported)), what)
  }

  /// So many are described.
  static let mostReported = 5

  /// Adds those that come after.
  mutating func add(_ others: SkippedRows) {
    count += others.count
    first += others.first.prefix(Self.mostReported - first.count)
  }

  /// A line that counts them and one for each that is described; none, if there are none.
  public var report: [String] {
    if count == 0 { return [] }
    return ["\(counted(count, "bad \(what)")) skipped" + (count > first.count ? "; the first of them:" : ":")]
      + first.map { "  \($0)" }
  }
}
