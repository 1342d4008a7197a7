import DownhillNetwork
import DownhillTraining
import Testing

@Suite("The conformance suite of schedules")
struct ScheduleConformanceTests {
  @Test("passes the package's schedules")
  func standard() {
    func check(_ schedule: some Schedule) { #expect(checkConformance(of: schedule).isEmpty) }
    let schedules: [any Schedule] = [
      ConstantSchedule(), StepSchedule(), ExponentialSchedule(), CosineSchedule(), CosineRestarts(), FlatThenCosine(),
      OneCycleSchedule(), OneCycleMomentum(), PiecewiseSchedule([(0, 1), (1, 0.5)]),
      LinearWarmUp(over: 0.1, then: CosineSchedule()),
    ]
    for schedule in schedules { check(schedule) }
  }

  @Test("finds factors below 0")
  func negative() { #expect(found(in: Line(slope: -2)).contains("at least 0")) }

  @Test("finds settings that it objects to")
  func objection() { #expect(found(in: StepSchedule(factor: -1)).contains("StepSchedule")) }

  @Test("finds the name of another schedule")
  func name() { #expect(found(in: Impostor()).contains("“cosine”")) }

  private func found(in schedule: some Schedule) -> String {
    checkConformance(of: schedule).map(\.description).joined(separator: "\n")
  }
}

private struct Line: Schedule {
  var slope: Double
  func factor(at progress: Double) -> Double { 1 + slope * progress }
  var description: String { "Line(slope: \(slope))" }
}

private struct Impostor: Schedule {
  static var kind: String { "cosine" }
  func factor(at progress: Double) -> Double { 1 }
  var description: String { "Impostor()" }
}
