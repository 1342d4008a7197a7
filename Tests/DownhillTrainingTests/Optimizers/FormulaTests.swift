import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

/// Several steps on a short vector against the formulas in Double.
@Suite struct FormulaTests {
  private static let start = [0.5, -1.25, 2, 0, 1e-3]
  /// The gradients of the steps.
  private static let gradients = [
    [0.1, -0.2, 3, 1e-4, 0], [-0.3, -0.2, 2, 1e-4, 0], [0.05, 0, -7, 1e-4, 0], [0.2, 0.4, 1, 1e-4, 0],
  ]
  private static let rates = [0.1, 0.1, 0.05, 0.01]
  private static let decays: [WeightDecay] = [.none, .l2(0.1), .decoupled(0.2)]

  /// Runs the optimizer, its vector in two blocks that are not updated in order, and compares after each step with
  /// `formula`, which gets g with an L2 penalty's part and changes θ after a decoupled decay.
  private func check(
    _ optimizer: any Optimizer, _ decay: WeightDecay,
    formula: (_ theta: inout Double, _ g: Double, _ index: Int, _ step: Int, _ rate: Double) -> Void
  ) {
    let state = optimizer.makeState(count: 5)
    var theta = Vector(Self.start.map { Float($0) })
    var expected = Self.start
    for (step, rate) in Self.rates.enumerated() {
      let gradient = Vector(Self.gradients[step].map { Float($0) })
      state.begin(step: step, rate: rate)
      for range in [2..<5, 0..<2] {
        state.update(
          MutableVectorView(base: theta.uniqueBase() + range.lowerBound, count: range.count),
          gradient: VectorView(base: gradient.base + range.lowerBound, count: range.count), range: range)
      }
      for index in 0..<5 {
        var g = Self.gradients[step][index]
        if case .l2(let strength) = decay { g += strength * expected[index] }
        if case .decoupled(let strength) = decay { expected[index] *= 1 - rate * strength }
        formula(&expected[index], g, index, step, rate)
        #expect(
          abs(Double(theta[index]) - expected[index]) <= 1e-6 * max(1, abs(expected[index])),
          "\(optimizer), step \(step), element \(index)")
      }
    }
  }

  @Test(arguments: decays)
  func gradientDescentGoesDownTheGradient(decay: WeightDecay) {
    check(GradientDescent(weightDecay: decay), decay) { theta, g, _, _, rate in theta -= rate * g }
  }

  @Test(arguments: decays, [0, 0.5, 0.9])
  func momentumKeepsThePathOfEarlierSteps(decay: WeightDecay, momentum: Double) {
    var delta = [0.0, 0, 0, 0, 0]
    check(Momentum(momentum, weightDecay: decay), decay) { theta, g, index, _, rate in
      delta[index] = momentum * delta[index] - rate * g
      theta += delta[index]
    }
  }

  @Test(arguments: decays, [0, 0.5, 0.9])
  func nesterovLooksAhead(decay: WeightDecay, momentum: Double) {
    var delta = [0.0, 0, 0, 0, 0]
    check(Nesterov(momentum, weightDecay: decay), decay) { theta, g, index, _, rate in
      delta[index] = momentum * delta[index] - rate * g
      theta += momentum * delta[index] - rate * g
    }
  }

  @Test(arguments: decays, [(0.9, 0.999, 1e-8), (0.5, 0.9, 1e-3), (0, 0.99, 1e-8)])
  func adamGivesEachParameterARateOfItsOwn(decay: WeightDecay, settings: (Double, Double, Double)) {
    let (beta1, beta2, epsilon) = settings
    var m = [0.0, 0, 0, 0, 0], v = m
    check(
      Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay), decay
    ) { theta, g, index, step, rate in
      m[index] = beta1 * m[index] + (1 - beta1) * g
      v[index] = beta2 * v[index] + (1 - beta2) * g * g
      let mean = m[index] / (1 - power(beta1, Double(step + 1)))
      let square = v[index] / (1 - power(beta2, Double(step + 1)))
      theta -= rate * mean / (square.squareRoot() + epsilon)
    }
  }

  @Test func settingsThatMakeNoSenseAreObjectedTo() {
    let objections: [(any Optimizer, String)] = [
      (Momentum(-0.1), "a momentum is at least 0 and below 1, not -0.1"),
      (Nesterov(1), "a momentum is at least 0 and below 1, not 1.0"),
      (Momentum(.nan), "a momentum is at least 0 and below 1, not nan"),
      (Adam(beta1: 1), "Adam's β₁ is at least 0 and below 1, not 1.0"),
      (Adam(beta2: -1), "Adam's β₂ is at least 0 and below 1, not -1.0"),
      (Adam(epsilon: 0), "Adam's ε is above 0, not 0.0"),
      (GradientDescent(weightDecay: .l2(-1)), "a weight decay is a number of at least 0, not -1.0"),
      (Momentum(weightDecay: .decoupled(.infinity)), "a weight decay is a number of at least 0, not inf"),
      (Nesterov(weightDecay: .l2(.nan)), "a weight decay is a number of at least 0, not nan"),
      (Adam.adamW(decay: -0.01), "a weight decay is a number of at least 0, not -0.01"),
    ]
    for (optimizer, objection) in objections { #expect(optimizer.objection == objection) }
    let sound: [any Optimizer] = [
      GradientDescent(), Momentum(0), Momentum(0.99, weightDecay: .l2(0)), Nesterov(), Adam(beta1: 0), Adam.adamW(),
    ]
    for optimizer in sound { #expect(optimizer.objection == nil) }
  }

  @Test func optimizersPrintAsTheirConstructors() {
    #expect("\(GradientDescent())" == "GradientDescent()")
    #expect("\(GradientDescent(weightDecay: .l2(0.5)))" == "GradientDescent(weightDecay: .l2(0.5))")
    #expect("\(Momentum(0.8))" == "Momentum(0.8)")
    #expect("\(Nesterov(weightDecay: .decoupled(0.1)))" == "Nesterov(0.9, weightDecay: .decoupled(0.1))")
    #expect("\(Adam())" == "Adam()")
    #expect(
      "\(Adam(beta1: 0.8, epsilon: 0.001, weightDecay: .l2(1)))"
        == "Adam(beta1: 0.8, beta2: 0.999, epsilon: 0.001, weightDecay: .l2(1.0))")
    #expect("\(Adam.adamW())" == "Adam(weightDecay: .decoupled(0.01))")
  }
}
