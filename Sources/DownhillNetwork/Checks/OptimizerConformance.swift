internal import DownhillCompute

/// Holds an optimizer against everything that `Optimizer` promises and that training relies on: elements that don't
/// depend on how θ is cut into blocks; no memory but its state; nothing moved from the start by a rate of 0; a way down
/// a bowl; the same value after encoding and decoding.
///
/// - Parameter rate: one with which it should get down a bowl ½ Σ cᵢθᵢ², the c from 0.1 to 3, in 400 steps.
/// - Returns: what it found; nothing is what you want.
public func checkConformance(of optimizer: some Optimizer, rate: Double = 0.01) -> [ConformanceViolation] {
  var violations: [ConformanceViolation] = []
  func report(_ text: String) { violations.append(ConformanceViolation("\(optimizer): \(text)")) }
  if let objection = optimizer.objection { report(objection) }
  if let problem = codingProblem(of: optimizer) { report(problem) }

  let bowl = Bowl(count: 53)
  let whole = bowl.descend(optimizer, rate: rate, steps: 6)
  for blocks in [[0..<17, 17..<53], [16..<53, 0..<16], [0..<1, 1..<2, 2..<53]]
  where bowl.descend(optimizer, rate: rate, steps: 6, blocks: blocks) != whole {
    report("cutting θ into the blocks \(blocks) changes what becomes of an element")
  }
  if bowl.descend(optimizer, rate: rate, steps: 6) != whole {
    report("the same steps from the same start end elsewhere: it remembers more than its state")
  }
  if bowl.descend(optimizer, rate: 0, steps: 3) != bowl.start { report("with a rate of 0, θ moves") }
  let end = bowl.descend(optimizer, rate: rate, steps: 400)
  if !(bowl.height(end) < bowl.height(bowl.start)) {
    report(
      "400 steps at a rate of \(rate) lead from a loss of \(bowl.height(bowl.start)) to \(bowl.height(end))")
  }
  return violations
}

/// ½ Σ cᵢθᵢ²
private struct Bowl {
  let start: [Float]
  let curvature: [Float]

  init(count: Int) {
    var random = RandomStream(seed: 3, purpose: .check)
    start = (0..<count).map { _ in Float(4 * random.uniform() - 2) }
    curvature = (0..<count).map { 0.1 + 2.9 * Float($0) / Float(count) }
  }

  func height(_ theta: [Float]) -> Float { zip(theta, curvature).reduce(0) { $0 + $1.1 * $1.0 * $1.0 / 2 } }

  func descend(_ optimizer: any Optimizer, rate: Double, steps: Int, blocks: [Range<Int>]? = nil) -> [Float] {
    var trial = OptimizerTrial(optimizer, theta: start)
    for _ in 0..<steps {
      let gradient = zip(trial.theta.elements, curvature).map { $0 * $1 }
      trial.step(gradient: gradient, UpdateSettings(rate: rate), blocks: blocks)
    }
    return trial.theta.elements
  }
}
