import DownhillTraining
import Foundation
import Testing

@Suite struct ScheduleTests {
  static let progress = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]

  private func expect(_ schedule: some Schedule, _ factors: [Double], at progress: [Double] = progress) {
    for (progress, factor) in zip(progress, factors) {
      #expect(abs(schedule.factor(at: progress) - factor) < 1e-12, "\(schedule) at \(progress)")
    }
  }

  @Test func aConstantScheduleLeavesTheRate() {
    expect(ConstantSchedule(), [1, 1, 1, 1, 1, 1, 1])
  }

  @Test func aCosineScheduleIsHalfAWave() {
    let root = 2.0.squareRoot()
    expect(CosineSchedule(), [1, (2 + root) / 4, 0.5, (2 - root) / 4, 0], at: [0, 0.25, 0.5, 0.75, 1])
    expect(CosineSchedule(), [0.75, 0.25], at: [1.0 / 3, 2.0 / 3])
    expect(CosineSchedule(end: 0.2), [1, 0.8, 0.6, 0.4, 0.2], at: [0, 1.0 / 3, 0.5, 2.0 / 3, 1])
    // Mirrored at its middle.
    for progress in stride(from: 0.0, through: 0.5, by: 0.05) {
      let schedule = CosineSchedule()
      #expect(abs(schedule.factor(at: progress) + schedule.factor(at: 1 - progress) - 1) < 1e-12)
    }
  }

  @Test func aStepScheduleFallsAtEqualStretches() {
    expect(StepSchedule(), [1, 1, 0.3, 0.09, 0.027, 0.027, 0.027])
    expect(StepSchedule(steps: 1, factor: 0.1), [1, 1, 0.1, 0.1], at: [0, 0.499, 0.5, 1])
    expect(StepSchedule(steps: 4, factor: 0.5), [1, 0.5, 0.25, 0.125, 0.0625], at: [0.1, 0.3, 0.5, 0.7, 0.9])
    expect(StepSchedule(steps: 0, factor: 0.5), [1, 1, 1], at: [0, 0.5, 1])
  }

  @Test func aWarmUpRisesInALineAndGoesOnWithoutAJump() {
    expect(
      LinearWarmUp(over: 0.2, then: CosineSchedule()),
      [0, 0.25, 0.5, 0.75, 1, 0.5, 0], at: [0, 0.05, 0.1, 0.15, 0.2, 0.6, 1])
    expect(LinearWarmUp(over: 0.5), [0, 0.5, 1, 1, 1], at: [0, 0.25, 0.5, 0.75, 1])
    expect(LinearWarmUp(over: 0), [1, 1], at: [0, 1])
    expect(LinearWarmUp(over: 1, then: CosineSchedule()), [0, 0.5], at: [0, 0.5])
    for share in [0.01, 0.05, 0.3, 0.99] {
      let schedule = LinearWarmUp(over: share, then: CosineSchedule())
      #expect(abs(schedule.factor(at: share - 1e-9) - schedule.factor(at: share + 1e-9)) < 1e-6)
    }
  }

  @Test("No step of a warm-up is wasted: of n steps the first has 1/n, the last 1")
  func warmUpsCountTheEndOfAStep() {
    let schedule = LinearWarmUp(over: 0.2, then: CosineSchedule())
    let factors = (0..<20).map { schedule.factor(from: Double($0) / 20, to: Double($0 + 1) / 20) }
    for (factor, expected) in zip(factors, [0.25, 0.5, 0.75, 1, 1]) { #expect(abs(factor - expected) < 1e-12) }
    #expect(abs(factors[12] - 0.5) < 1e-12)
    // Shorter than a step, it is over at once.
    #expect(LinearWarmUp(over: 0.01).factor(from: 0, to: 0.05) == 1)
  }

  @Test func anExponentialScheduleFallsByTheSameFactorEachStep() {
    expect(ExponentialSchedule(end: 0.0001), [1, 0.1, 0.01, 0.001, 0.0001], at: [0, 0.25, 0.5, 0.75, 1])
  }

  @Test("Cycles of cosine waves restart, each as many times as long as asked for, and end at the end")
  func restarts() {
    expect(
      CosineRestarts(cycles: 2), [1, 0.5, 1, 0.5, 0], at: [0, 0.25, 0.5, 0.75, 1])
    expect(
      CosineRestarts(cycles: 3, growth: 2, end: 0.2), [1, 0.6, 1, 0.6, 1, 0.6, 0.2],
      at: [0, 0.5 / 7, 1.0 / 7, 2.0 / 7, 3.0 / 7, 5.0 / 7, 1])
    expect(CosineRestarts(cycles: 1, growth: 3), [1, 0.5, 0], at: [0, 0.5, 1])
  }

  @Test func aFlatThenCosineScheduleFallsAtTheEnd() {
    expect(FlatThenCosine(flat: 0.5, end: 0.2), [1, 1, 1, 0.6, 0.2], at: [0, 0.3, 0.5, 0.75, 1])
    expect(FlatThenCosine(flat: 1), [1, 1], at: [0, 1])
    expect(FlatThenCosine(flat: 0), [1, 0.5, 0], at: [0, 0.5, 1])
  }

  @Test func aPiecewiseScheduleGoesThroughItsPoints() {
    let points = [(progress: 0.2, factor: 1.0), (0.4, 0.5), (0.4, 0.8), (0.8, 0.0)]
    expect(PiecewiseSchedule(points), [1, 1, 0.75, 0.8, 0.4, 0, 0], at: [0, 0.2, 0.3, 0.4, 0.6, 0.8, 1])
    expect(
      PiecewiseSchedule(points, interpolation: .constant), [1, 1, 1, 0.8, 0.8, 0, 0],
      at: [0, 0.2, 0.3, 0.4, 0.6, 0.8, 1])
  }

  static let mistakes: [(any Schedule, String)] = [
    (StepSchedule(steps: -1), "not -1"), (StepSchedule(factor: .nan), "factor"),
    (ExponentialSchedule(end: 0), "above 0"),
    (CosineSchedule(end: -0.1), "at least 0, not -0.1"), (CosineRestarts(cycles: 0), "not 0"),
    (CosineRestarts(growth: 0.5), "at least 1, not 0.5"), (CosineRestarts(cycles: 500, growth: 2), "leave nothing"),
    (FlatThenCosine(flat: 1.5), "from 0 to 1, not 1.5"), (OneCycleSchedule(rise: -1), "from 0 to 1"),
    (OneCycleMomentum(low: -1), "at least 0"), (PiecewiseSchedule([]), "at least one point"),
    (PiecewiseSchedule([(0.5, 1), (0.2, 1)]), "0.2 comes after 0.5"),
    (PiecewiseSchedule([(0, -1)]), "at least 0"), (LinearWarmUp(over: 2), "from 0 to 1, not 2.0"),
    (LinearWarmUp(then: CosineSchedule(end: -1)), "at least 0, not -1"),
  ]

  @Test("Settings that make no sense are refused", arguments: mistakes.indices) func objections(index: Int) {
    let (schedule, fragment) = Self.mistakes[index]
    #expect(schedule.objection?.contains(fragment) == true, "\(schedule): \(schedule.objection ?? "fine")")
  }

  static let all: [any Schedule] = [
    ConstantSchedule(), StepSchedule(steps: 2), ExponentialSchedule(), CosineSchedule(end: 0.5), CosineRestarts(),
    FlatThenCosine(), OneCycleSchedule(), OneCycleMomentum(), PiecewiseSchedule([(0, 1), (0.5, 0.25)]),
    PiecewiseSchedule([(0, 1)], interpolation: .constant), LinearWarmUp(then: LinearWarmUp(then: CosineSchedule())),
  ]

  @Test("Schedules are written and read back by name", arguments: all.indices) func coding(index: Int) throws {
    let coded = CodedSchedule(Self.all[index])
    #expect(Self.all[index].objection == nil)
    #expect(try JSONDecoder().decode(CodedSchedule.self, from: JSONEncoder().encode(coded)) == coded)
    #expect(CodedSchedule(ConstantSchedule()) != CodedSchedule(CosineSchedule()))
    #expect(CodedSchedule(LinearWarmUp()) != CodedSchedule(LinearWarmUp(then: CosineSchedule())))
  }

  @Test("A file that names no schedule, or a senseless one, is refused") func faults() {
    for (text, fragment) in [
      (#"{"cosinus":{}}"#, "a schedule of the kind “cosinus”; known are constant, cosine"),
      (#"{"cosine":{"end":-1}}"#, "at least 0"), (#"{"piecewise":{"points":[[0]],"interpolation":"linear"}}"#, ""),
      (#"{"piecewise":{"points":[[0,1,2]],"interpolation":"linear"}}"#, "a progress and a factor"),
    ] {
      #expect {
        _ = try JSONDecoder().decode(CodedSchedule.self, from: Data(text.utf8))
      } throws: { fragment.isEmpty || "\($0)".contains(fragment) }
    }
  }

  /// As PyTorch's schedulers have it: a line of `Tests/Fixtures/schedules/schedules.json`, made by
  /// `Scripts/fixtures/loss_fixtures.py`.
  struct Reference: Decodable {
    let name: String
    let schedule: CodedSchedule
    let steps: Int
    let values: [Double]
    let progress: [Double]
  }

  @Test("Factors are those of PyTorch's schedulers") func references() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../Fixtures/schedules/schedules.json").standardized
    let references = try JSONDecoder().decode([Reference].self, from: Data(contentsOf: file))
    #expect(references.count >= 16)
    for reference in references {
      let schedule = reference.schedule.schedule
      for (step, (progress, value)) in zip(reference.progress, reference.values).enumerated() {
        let factor = schedule.factor(from: progress, to: progress + 1 / Double(reference.steps))
        #expect(abs(factor - value) < 1e-9, "\(reference.name), step \(step)")
      }
    }
  }

  @Test func schedulesPrintAsTheirConstructors() {
    #expect("\(ConstantSchedule())" == "ConstantSchedule()")
    #expect("\(StepSchedule(steps: 2, factor: 0.5))" == "StepSchedule(steps: 2, factor: 0.5)")
    #expect("\(PiecewiseSchedule([(0, 1), (0.5, 0.25)]))" == "PiecewiseSchedule([(0.0, 1.0), (0.5, 0.25)])")
    #expect("\(CosineSchedule(end: 0.1))" == "CosineSchedule(end: 0.1)")
    #expect(
      "\(LinearWarmUp(over: 0.1, then: CosineSchedule()))" == "LinearWarmUp(over: 0.1, then: CosineSchedule(end: 0.0))")
  }
}
