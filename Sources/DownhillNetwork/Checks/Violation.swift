/// A way in which a layer, a loss, an optimizer, a schedule or a metric breaks what its protocol promises.
public struct ConformanceViolation: Sendable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
