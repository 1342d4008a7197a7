public import DownhillNetwork

/// Holds a schedule against everything that `Schedule` promises and that training relies on: finite factors of at least 0 at all
/// progress from 0 to 1 and for all steps between; the same factor each time it is asked; a name that is no other schedule's;
/// the same value after encoding and decoding.
///
/// - Returns: what it found; nothing is what you want.
public func checkConformance(of schedule: some Schedule) -> [ConformanceViolation] {
  var violations: [ConformanceViolation] = []
  func report(_ text: String) { violations.append(ConformanceViolation("\(schedule): \(text)")) }
  if let objection = schedule.objection { report(objection) }
  if let problem = codingProblem(of: schedule) { report(problem) }
  let kind = type(of: schedule).kind
  if let other = ScheduleCatalog.standard[kind], other != type(of: schedule) {
    report("files call it “\(kind)”, and that is the name of \(other)")
  }
  func check(_ factor: Double, _ place: String) {
    if !(factor >= 0 && factor.isFinite) {
      report("its factor \(place) is \(factor); factors are finite and at least 0")
    }
  }
  for steps in [1, 7, 1000] {
    for step in 0...steps {
      let progress = Double(step) / Double(steps)
      let factor = schedule.factor(at: progress)
      check(factor, "at \(progress)")
      if schedule.factor(at: progress).bitPattern != factor.bitPattern { report("its factor at \(progress) changes") }
      if step < steps {
        let end = Double(step + 1) / Double(steps)
        check(schedule.factor(from: progress, to: end), "for the step from \(progress) to \(end)")
      }
      // What is wrong once is wrong in many places.
      if violations.count > 20 { return violations }
    }
  }
  return violations
}
