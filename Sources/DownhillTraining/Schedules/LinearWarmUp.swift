/// A straight line from 0 up to 1 over the first `share` of training, then another schedule over the rest of it.
///
/// A step of the warm-up has the factor where it ends: of n such steps the first has 1/n and the last 1, none has 0.
public struct LinearWarmUp: Schedule {
  public static var kind: String { "warm-up" }
  public var share: Double
  public var next: any Schedule

  public init(over share: Double = 0.05, then next: any Schedule = ConstantSchedule()) {
    self.share = share
    self.next = next
  }

  public func factor(at progress: Double) -> Double {
    progress < share ? progress / share : next.factor(at: rest(progress))
  }

  public func factor(from start: Double, to end: Double) -> Double {
    start < share ? min(1, end / share) : next.factor(from: rest(start), to: rest(end))
  }

  /// Progress within the next schedule.
  private func rest(_ progress: Double) -> Double { share < 1 ? (progress - share) / (1 - share) : 1 }

  public var objection: String? { ScheduleCheck.share(share, "warm-up") ?? next.objection }
  public var description: String { "LinearWarmUp(over: \(share), then: \(next))" }
}

extension LinearWarmUp: Equatable {
  public static func == (a: LinearWarmUp, b: LinearWarmUp) -> Bool { a.share == b.share && a.next.isEqual(to: b.next) }
}

extension LinearWarmUp: Codable {
  private enum CodingKeys: String, CodingKey {
    case share = "over"
    case next = "then"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      over: try container.decode(Double.self, forKey: .share),
      then: try container.decode(CodedSchedule.self, forKey: .next).schedule)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(share, forKey: .share)
    try container.encode(CodedSchedule(next), forKey: .next)
  }
}
