public import DownhillTraining

/// A schedule as it is written on a command line and in a model file: `cosine`, `cosine-restarts(cycles: 3)`,
/// `warm-up(over: 0.1, then: cosine)`. Settings that aren't given are the schedule's own defaults.
public struct ScheduleSetting: Sendable, Equatable {
  private let coded: CodedSchedule

  public init(_ schedule: any Schedule) { coded = CodedSchedule(schedule) }

  /// - Throws: `SpellingError` that says what there is.
  public init(_ text: String) throws(SpellingError) {
    coded = try Self.vocabulary.decode(CodedSchedule.self, from: text)
  }

  public static let constant = ScheduleSetting(ConstantSchedule())
  public static let cosine = ScheduleSetting(CosineSchedule())
  public static let warmUpCosine = ScheduleSetting(LinearWarmUp(then: CosineSchedule()))
  /// 1 for the first half, then half a cosine wave down to 0.
  static let flatCosine = ScheduleSetting(FlatThenCosine(flat: 0.5))

  public var schedule: any Schedule { coded.schedule }

  /// The names that there are.
  public static var names: [String] { vocabulary.names }

  private static let vocabulary = Vocabulary(
    "schedule",
    ([
      ConstantSchedule(), StepSchedule(), ExponentialSchedule(), CosineSchedule(), CosineRestarts(), FlatThenCosine(),
      OneCycleSchedule(), OneCycleMomentum(), PiecewiseSchedule([]), LinearWarmUp(),
    ] as [any Schedule]).map { CodedSchedule($0) },
    others: [("warm-up-cosine", CodedSchedule(LinearWarmUp(then: CosineSchedule())))])
}

extension ScheduleSetting: CustomStringConvertible {
  public var description: String { Self.vocabulary.text(of: coded) }
}

/// As text; a user's own schedule, or one with such a part, in coded form.
extension ScheduleSetting: Codable {
  public init(from decoder: any Decoder) throws {
    self = try SpelledValue.decode(from: decoder, spelled: ScheduleSetting.init) {
      ScheduleSetting(($0 as CodedSchedule).schedule)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    try SpelledValue.encode(self, spelled: ScheduleSetting.init, coded: coded, to: encoder)
  }
}
