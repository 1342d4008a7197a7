/// The same all the time.
public struct ConstantSchedule: Schedule {
  public static var kind: String { "constant" }
  public init() {}
  public func factor(at progress: Double) -> Double { 1 }
  public var description: String { "ConstantSchedule()" }
}
