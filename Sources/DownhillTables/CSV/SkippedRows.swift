/// Rows of a file that were passed over because they are broken: they have another number of fields than there are
/// columns, or a quote that is not closed where it should be.
public struct SkippedRows: Sendable, Equatable {
  public var count = 0
  /// What is wrong with the first of them, and where.
  public var first: [TableError] = []

  public init() {}

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
    return ["\(counted(count, "bad row")) skipped" + (count > first.count ? "; the first of them:" : ":")]
      + first.map { "  \($0)" }
  }
}
