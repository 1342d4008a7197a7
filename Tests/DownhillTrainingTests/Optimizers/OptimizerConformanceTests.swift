import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Synchronization
import Testing

@Suite("The conformance suite of optimizers") struct OptimizerConformanceTests {
  @Test(
    arguments: [
      GradientDescent(), GradientDescent(weightDecay: .l2(0.1)), Momentum(), Nesterov(weightDecay: .decoupled(0.1)),
      AdaGrad(), RMSProp(), RMSProp(momentum: 0.9), Adam(), Adam.adamW(), NAdam(), Lion(), Muon(),
      Muon(0.9, weightDecay: .decoupled(0.1), others: Adam(beta1: 0.5)),
    ] as [any Optimizer])
  func thePackagesOwnKeepEveryPromise(optimizer: any Optimizer) {
    func check(_ optimizer: some Optimizer) -> [ConformanceViolation] { checkConformance(of: optimizer) }
    let violations = check(optimizer)
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test func anOptimizerThatLooksAtItsBlockIsFound() {
    #expect(checkConformance(of: BlockNorm()).contains { $0.description.contains("blocks") })
  }

  @Test func anOptimizerThatRemembersMoreThanItsStateIsFound() {
    #expect(checkConformance(of: Forgetful()).contains { $0.description.contains("remembers more") })
  }

  @Test func anOptimizerThatGoesUphillIsFound() {
    #expect(checkConformance(of: Uphill()).contains { $0.description.contains("lead from a loss") })
  }
}

/// Divides by the norm of whatever block it is handed.
private struct BlockNorm: Optimizer {
  func update(_ pass: UpdatePass) {
    let norm = Float(pass.gradient.sumOfSquares.squareRoot())
    for index in 0..<pass.theta.count { pass.theta[index] -= Float(pass.rate) * pass.gradient[index] / norm }
  }
  var description: String { "BlockNorm()" }
}

/// Its steps get shorter from one run to the next.
private struct Forgetful: Optimizer {
  static let calls = Atomic(0)
  func update(_ pass: UpdatePass) {
    let calls = Float(Self.calls.add(1, ordering: .relaxed).newValue)
    for index in 0..<pass.theta.count { pass.theta[index] -= Float(pass.rate) * pass.gradient[index] / calls }
  }
  var description: String { "Forgetful()" }
}

private struct Uphill: Optimizer {
  func update(_ pass: UpdatePass) {
    for index in 0..<pass.theta.count { pass.theta[index] += Float(pass.rate) * pass.gradient[index] }
  }
  var description: String { "Uphill()" }
}
