/// Through given points: straight lines between them, or the factor of the last point passed. Before the first point its factor
/// holds, behind the last one that of the last.
///
///     PiecewiseSchedule([(0, 0.1), (0.2, 1), (1, 0)])
public struct PiecewiseSchedule: Schedule {
  public static var kind: String { "piecewise" }

  /// A factor at a progress.
  public struct Point: Sendable, Equatable {
    public var progress: Double
    public var factor: Double

    public init(progress: Double, factor: Double) {
      self.progress = progress
      self.factor = factor
    }
  }

  public enum Interpolation: String, Sendable, Codable, CaseIterable { case linear, constant }

  /// In the order of their progress. Two at the same progress are a jump.
  public var points: [Point]
  public var interpolation: Interpolation

  public init(_ points: [(progress: Double, factor: Double)], interpolation: Interpolation = .linear) {
    self.points = points.map { Point(progress: $0.progress, factor: $0.factor) }
    self.interpolation = interpolation
  }

  public func factor(at progress: Double) -> Double {
    guard let next = points.firstIndex(where: { $0.progress > progress }) else { return points.last?.factor ?? 1 }
    if next == 0 { return points[0].factor }
    let (before, after) = (points[next - 1], points[next])
    if interpolation == .constant { return before.factor }
    let share = (progress - before.progress) / (after.progress - before.progress)
    return before.factor + share * (after.factor - before.factor)
  }

  public var objection: String? {
    if points.isEmpty { return "a piecewise schedule needs at least one point" }
    for point in points {
      if let objection = ScheduleCheck.share(point.progress, "point")
        ?? ScheduleCheck.factor(point.factor, "factor")
      {
        return objection
      }
    }
    guard let wrong = zip(points, points.dropFirst()).first(where: { $0.progress > $1.progress }) else { return nil }
    return "the points of a schedule stand in the order of their progress; \(wrong.1.progress) comes after "
      + "\(wrong.0.progress)"
  }

  public var description: String {
    let list = points.map { "(\($0.progress), \($0.factor))" }.joined(separator: ", ")
    return "PiecewiseSchedule([\(list)]\(interpolation == .linear ? "" : ", interpolation: .\(interpolation)"))"
  }
}

/// As a pair of numbers.
extension PiecewiseSchedule.Point: Codable {
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    self.init(progress: try container.decode(Double.self), factor: try container.decode(Double.self))
    guard container.isAtEnd else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a point of a schedule is a progress and a factor")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(progress)
    try container.encode(factor)
  }
}
