import DownhillTraining
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

  @Test func schedulesPrintAsTheirConstructors() {
    #expect("\(ConstantSchedule())" == "ConstantSchedule()")
    #expect("\(StepSchedule(steps: 2, factor: 0.5))" == "StepSchedule(steps: 2, factor: 0.5)")
    #expect("\(CosineSchedule(end: 0.1))" == "CosineSchedule(end: 0.1)")
    #expect(
      "\(LinearWarmUp(over: 0.1, then: CosineSchedule()))" == "LinearWarmUp(over: 0.1, then: CosineSchedule(end: 0.0))")
  }
}
