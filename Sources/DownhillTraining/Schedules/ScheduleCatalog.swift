internal import DownhillNetwork

/// The kinds of schedule that a file or a command line may name.
///
/// A user's own schedule is added for decoding: `decoder.userInfo[.scheduleCatalog] = ScheduleCatalog.standard + [Mine.self]`.
public struct ScheduleCatalog: Sendable {
  private let kinds: [String: any Schedule.Type]

  public init(_ schedules: [any Schedule.Type]) {
    kinds = Dictionary(schedules.map { ($0.kind, $0) }, uniquingKeysWith: { $1 })
  }

  /// The schedules of this package.
  public static let standard = ScheduleCatalog([
    ConstantSchedule.self, StepSchedule.self, ExponentialSchedule.self, CosineSchedule.self, CosineRestarts.self,
    FlatThenCosine.self, OneCycleSchedule.self, OneCycleMomentum.self, PiecewiseSchedule.self, LinearWarmUp.self,
  ])

  public static func + (catalog: ScheduleCatalog, schedules: [any Schedule.Type]) -> ScheduleCatalog {
    ScheduleCatalog(Array(catalog.kinds.values) + schedules)
  }

  /// The names, in order.
  public var names: [String] { kinds.keys.sorted() }

  subscript(kind: String) -> (any Schedule.Type)? { kinds[kind] }
}

extension CodingUserInfoKey {
  /// Where a decoder finds the `ScheduleCatalog`; without it, `ScheduleCatalog.standard` is used.
  public static let scheduleCatalog = CodingUserInfoKey(rawValue: "downhill.scheduleCatalog")!
}

/// A schedule in a file: `{"cosine": {"end": 0}}`.
public struct CodedSchedule: Codable, Sendable, Equatable {
  public let schedule: any Schedule

  public init(_ schedule: any Schedule) { self.schedule = schedule }

  public init(from decoder: any Decoder) throws {
    let catalog = decoder.userInfo[.scheduleCatalog] as? ScheduleCatalog ?? .standard
    let decoded = try CodedKind.decode("schedule", from: decoder, names: catalog.names) { catalog[$0] }
    schedule = decoded as! any Schedule
    if let objection = schedule.objection {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: objection))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    try CodedKind.encode(schedule, as: type(of: schedule).kind, to: encoder)
  }

  public static func == (a: CodedSchedule, b: CodedSchedule) -> Bool { a.schedule.isEqual(to: b.schedule) }
}
