internal import DownhillTables

/// What a study searches: named dimensions, each with the values that it may have.
///
///     let space = try SearchSpace([
///       SearchDimension("learning-rate", from: 0.0003, to: 0.03, scale: .log),
///       SearchDimension("depth", wholeFrom: 1, to: 4),
///       SearchDimension("activation", oneOf: ["relu", "silu"]),
///     ])
public struct SearchSpace: Sendable, Equatable {
  public let dimensions: [SearchDimension]

  /// - Throws: `SearchSpaceError` naming the dimension that makes no sense.
  public init(_ dimensions: [SearchDimension]) throws(SearchSpaceError) {
    var earlier: [SearchDimension] = []
    for dimension in dimensions {
      func refuse(_ problem: String) -> SearchSpaceError { SearchSpaceError(dimension.name, problem) }
      if earlier.contains(where: { $0.name == dimension.name }) { throw refuse("it stands there twice") }
      if let objection = dimension.domain.objection { throw refuse(objection) }
      if let condition = dimension.condition {
        guard let other = earlier.first(where: { $0.name == condition.name }) else {
          let hint = nearest(to: condition.name, among: earlier.map(\.name)).map { "; did you mean “\($0)”?" } ?? ""
          throw refuse("it depends on “\(condition.name)”, which is not declared before it\(hint)")
        }
        if condition.values.isEmpty { throw refuse("no value of “\(condition.name)” makes it take part") }
        if let value = condition.values.first(where: { other.domain.place(of: $0) == nil }) {
          throw refuse("it takes part where “\(other.name)” is \(value), which that never is")
        }
      }
      earlier.append(dimension)
    }
    self.dimensions = dimensions
  }

  public subscript(name: String) -> SearchDimension? { dimensions.first { $0.name == name } }

  /// Whether a dimension takes part in a point.
  func isActive(_ dimension: SearchDimension, in point: SearchPoint) -> Bool {
    guard let condition = dimension.condition else { return true }
    return point[condition.name].map(condition.values.contains) ?? false
  }

  /// A point of values that are asked for one after the other, of dimensions that take part.
  func point(_ value: (SearchDimension) -> SearchValue) -> SearchPoint {
    var point = SearchPoint()
    for dimension in dimensions where isActive(dimension, in: point) { point[dimension.name] = value(dimension) }
    return point
  }

  /// Whether a point has a value for each dimension that takes part, and one that its domain has.
  package func contains(_ point: SearchPoint) -> Bool {
    var expected = 0
    for dimension in dimensions where isActive(dimension, in: point) {
      expected += 1
      guard let value = point[dimension.name], dimension.domain.place(of: value) != nil else { return false }
    }
    return point.count == expected
  }

  /// Points at most; nil: more than can be counted.
  package var count: Int? {
    var count = 1
    for dimension in dimensions {
      guard let values = dimension.domain.count else { return nil }
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: values)
      if isTooLarge { return nil }
      count = product
    }
    return count
  }
}

/// Values by the names of their dimensions; those that take no part are missing.
public typealias SearchPoint = [String: SearchValue]

/// Why something is no search space.
public struct SearchSpaceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The dimension that is at fault; nil: none.
  public let dimension: String?
  public let problem: String

  public init(_ dimension: String?, _ problem: String) { (self.dimension, self.problem) = (dimension, problem) }

  public var description: String { (dimension.map { "“\($0)”: " } ?? "") + problem }
}

/// As the list of dimensions.
extension SearchSpace: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do throws(SearchSpaceError) { try self.init(try Self.dimensions(container)) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  private static func dimensions(_ container: any SingleValueDecodingContainer) throws(SearchSpaceError)
    -> [SearchDimension]
  {
    do { return try container.decode([SearchDimension].self) } catch { throw SearchSpaceError(nil, "\(error)") }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}
