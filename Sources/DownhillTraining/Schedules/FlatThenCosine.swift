/// 1 for the first `flat` share of training, then half a cosine wave down to `end`.
public struct FlatThenCosine: Schedule {
  public static var kind: String { "flat-cosine" }
  public var flat: Double
  public var end: Double

  public init(flat: Double = 0.7, end: Double = 0) {
    self.flat = flat
    self.end = end
  }

  public func factor(at progress: Double) -> Double {
    progress < flat ? 1 : cosineWave(from: 1, to: end, at: flat < 1 ? (progress - flat) / (1 - flat) : 0)
  }

  public var objection: String? { ScheduleCheck.share(flat, "flat part") ?? ScheduleCheck.factor(end, "end") }
  public var description: String { "FlatThenCosine(flat: \(flat), end: \(end))" }
}
