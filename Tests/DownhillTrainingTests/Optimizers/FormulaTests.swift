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
    var trial = OptimizerTrial(optimizer, theta: Self.start.map { Float($0) })
    var expected = Self.start
    for (step, rate) in Self.rates.enumerated() {
      trial.step(
        gradient: Self.gradients[step].map { Float($0) }, UpdateSettings(rate: rate), blocks: [2..<5, 0..<2])
      for index in 0..<5 {
        var g = Self.gradients[step][index]
        if case .l2(let strength) = decay { g += strength * expected[index] }
        if case .decoupled(let strength) = decay { expected[index] *= 1 - rate * strength }
        formula(&expected[index], g, index, step, rate)
        #expect(
          abs(Double(trial.theta[index]) - expected[index]) <= 1e-6 * max(1, abs(expected[index])),
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

  @Test(arguments: decays, [1e-10, 1e-2])
  func adaGradSlowsDownWhatHasMovedMuch(decay: WeightDecay, epsilon: Double) {
    var s = [0.0, 0, 0, 0, 0]
    check(AdaGrad(epsilon: epsilon, weightDecay: decay), decay) { theta, g, index, _, rate in
      s[index] += g * g
      theta -= rate * g / (s[index].squareRoot() + epsilon)
    }
  }

  @Test(arguments: decays, [(0.99, 0.0), (0.9, 0.9), (0, 0.5)])
  func rmsPropForgetsAndKeepsItsPath(decay: WeightDecay, settings: (beta: Double, momentum: Double)) {
    var s = [0.0, 0, 0, 0, 0], delta = s
    let (beta, momentum) = settings
    check(
      RMSProp(beta: beta, momentum: momentum, epsilon: 1e-3, weightDecay: decay), decay
    ) { theta, g, index, _, rate in
      s[index] = beta * s[index] + (1 - beta) * g * g
      delta[index] = momentum * delta[index] - rate * g / (s[index].squareRoot() + 1e-3)
      theta += delta[index]
    }
  }

  @Test(arguments: decays, [(0.9, 0.999), (0.5, 0.9), (0, 0.99)])
  func nAdamLooksAhead(decay: WeightDecay, settings: (Double, Double)) {
    let (beta1, beta2) = settings
    var m = [0.0, 0, 0, 0, 0], v = m
    func mu(_ t: Int) -> Double { beta1 * (1 - 0.5 * power(0.96, Double(t) * 0.004)) }
    check(NAdam(beta1: beta1, beta2: beta2, epsilon: 1e-3, weightDecay: decay), decay) { theta, g, index, step, rate in
      let t = step + 1
      m[index] = beta1 * m[index] + (1 - beta1) * g
      v[index] = beta2 * v[index] + (1 - beta2) * g * g
      let product = (1...t).reduce(1) { $0 * mu($1) }
      let mean = mu(t + 1) * m[index] / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
      theta -= rate * mean / ((v[index] / (1 - power(beta2, Double(t)))).squareRoot() + 1e-3)
    }
  }

  @Test(arguments: decays, [(0.9, 0.99), (0, 0.5)])
  func lionMovesEveryParameterByAsMuch(decay: WeightDecay, settings: (Double, Double)) {
    let (beta1, beta2) = settings
    var m = [0.0, 0, 0, 0, 0]
    check(Lion(beta1: beta1, beta2: beta2, weightDecay: decay), decay) { theta, g, index, _, rate in
      let mixed = beta1 * m[index] + (1 - beta1) * g
      theta -= rate * (mixed > 0 ? 1 : mixed < 0 ? -1 : 0)
      m[index] = beta2 * m[index] + (1 - beta2) * g
    }
  }

  @Test func factorsAreOnTheDecayAloneAndOnTheMomentum() {
    func end(_ optimizer: any Optimizer, _ settings: UpdateSettings) -> [Float] {
      var trial = OptimizerTrial(optimizer, theta: [1, -2, 0.5])
      for gradient in [[3, 0.1, -0.2], [-0.1, 0.4, 0.1], [0.2, -0.3, 0.1]] as [[Float]] {
        trial.step(gradient: gradient, settings)
      }
      return trial.theta.elements
    }
    for decay in [WeightDecay.l2(0.2), .decoupled(0.2)] {
      let half: WeightDecay = if case .l2 = decay { .l2(0.1) } else { .decoupled(0.1) }
      #expect(
        end(Adam(weightDecay: decay), UpdateSettings(rate: 0.1, decayFactor: 0.5))
          == end(Adam(weightDecay: half), UpdateSettings(rate: 0.1)))
      #expect(
        end(Momentum(weightDecay: decay), UpdateSettings(rate: 0.1, decayFactor: 0))
          == end(Momentum(), UpdateSettings(rate: 0.1)))
    }
    let pairs: [(any Optimizer, any Optimizer)] = [
      (Momentum(0.9), Momentum(0.45)), (Nesterov(0.9), Nesterov(0.45)), (Adam(beta1: 0.9), Adam(beta1: 0.45)),
      (NAdam(beta1: 0.9), NAdam(beta1: 0.45)), (Lion(beta1: 0.9), Lion(beta1: 0.45)),
      (RMSProp(momentum: 0.9), RMSProp(momentum: 0.45)),
    ]
    for (driven, own) in pairs {
      #expect(end(driven, UpdateSettings(rate: 0.1, momentumFactor: 0.5)) == end(own, UpdateSettings(rate: 0.1)))
      #expect(end(driven, UpdateSettings(rate: 0.1)) != end(own, UpdateSettings(rate: 0.1)), "\(driven)")
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
      (AdaGrad(epsilon: 0), "AdaGrad's ε is above 0, not 0.0"),
      (RMSProp(beta: 1), "RMSProp's β is at least 0 and below 1, not 1.0"),
      (RMSProp(momentum: -1), "RMSProp's momentum is at least 0 and below 1, not -1.0"),
      (NAdam(beta2: 1), "NAdam's β₂ is at least 0 and below 1, not 1.0"),
      (Lion(beta1: .nan), "Lion's β₁ is at least 0 and below 1, not nan"),
      (Muon(1), "Muon's momentum is at least 0 and below 1, not 1.0"),
      (Muon(others: Adam(epsilon: 0)), "Adam's ε is above 0, not 0.0"),
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
    #expect("\(AdaGrad())" == "AdaGrad()")
    #expect("\(RMSProp(beta: 0.9, momentum: 0.5))" == "RMSProp(beta: 0.9, momentum: 0.5)")
    #expect("\(NAdam(weightDecay: .l2(1)))" == "NAdam(weightDecay: .l2(1.0))")
    #expect("\(Lion(beta2: 0.98))" == "Lion(beta2: 0.98)")
    #expect("\(Muon(weightDecay: .decoupled(0.1)))" == "Muon(0.95, weightDecay: .decoupled(0.1))")
    #expect("\(Muon(0.9, others: Adam(beta1: 0, beta2: 0.9)))" == "Muon(0.9, others: Adam(beta1: 0.0, beta2: 0.9))")
    #expect("\(Adam.adamW())" == "Adam(weightDecay: .decoupled(0.01))")
  }
}
