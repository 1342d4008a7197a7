/// The shape of one row of a batch: `[784]` for a vector, `[28, 28, 1]` for an image of one channel.
///
/// In memory a row is always a vector of `count` numbers; the shape says how a layer may read it.
public struct Shape: Sendable, Codable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public let dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }
  public init(integerLiteral count: Int) { self.init([count]) }
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// How many numbers a row has; nil where that does not fit an `Int` or a dimension is negative.
  package var checkedCount: Int? {
    var count = 1
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      if dimension < 0 || overflow { return nil }
      count = product
    }
    return count
  }

  /// How many numbers a row has.
  public var count: Int { dimensions.reduce(1, *) }

  public init(from decoder: any Decoder) throws {
    dimensions = try decoder.singleValueContainer().decode([Int].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}

extension Shape: CustomStringConvertible {
  public var description: String {
    dimensions.count == 1 ? "\(dimensions[0])" : "[\(dimensions.map(String.init).joined(separator: ", "))]"
  }
}
