public import DownhillTables

/// What a column holds, at a glance.
public struct ColumnSummary: Sendable, Equatable {
  public let name: String
  public let kind: ColumnKind
  /// The share of the rows that lack it.
  public let missing: Double
  public let content: Content

  public enum Content: Sendable, Equatable {
    /// Numbers, or moments in seconds: least, median, greatest.
    case numbers(least: Double, median: Double, greatest: Double, Histogram)
    /// How many categories there are, and the most frequent with their shares.
    case categories(Int, [(name: String, share: Double)])
    case empty

    public static func == (a: Content, b: Content) -> Bool {
      switch (a, b) {
      case (.numbers(let a, let b, let c, let d), .numbers(let e, let f, let g, let h)):
        a == e && b == f && c == g && d == h
      case (.categories(let a, let b), .categories(let c, let d)): a == c && b.elementsEqual(d) { $0 == $1 }
      case (.empty, .empty): true
      default: false
      }
    }
  }

  init(_ column: Column) {
    (name, kind) = (column.name, column.kind)
    let count = Double(max(1, column.count))
    switch column.values {
    case .numbers(let numbers):
      let present = numbers.filter(\.isFinite).sorted()
      missing = Double(numbers.count - present.count) / count
      content =
        present.isEmpty
        ? .empty
        : .numbers(
          least: present[0], median: quantile(present, 0.5), greatest: present[present.count - 1],
          Histogram(present, bins: 20, trim: 0.005))
    case .categories(let codes, let names):
      var counts = [Int](repeating: 0, count: names.count)
      for code in codes where code >= 0 { counts[Int(code)] += 1 }
      missing = Double(codes.count { $0 < 0 }) / count
      let order = names.indices.filter { counts[$0] > 0 }.sorted { (counts[$0], $1) > (counts[$1], $0) }
      content =
        order.isEmpty
        ? .empty : .categories(order.count, order.prefix(3).map { (names[$0], Double(counts[$0]) / count) })
    case .texts: (missing, content) = (0, .empty)
    }
  }
}
