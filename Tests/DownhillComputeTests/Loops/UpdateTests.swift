import CKernels
import DownhillCompute
import Testing

@Suite struct UpdateTests {
  @Test("An update agrees with its formula in Double", arguments: Compilation.available, Optimizer.allCases)
  func agreesWithFormula(compilation: Compilation, optimizer: Optimizer) {
    for count in [0, 1, 5, 16, 33, 100] {
      let start = State(count: count)
      var state = start
      state.update(compilation.kernels, optimizer, 0..<count)
      for i in 0..<count {
        let expected = optimizer.update(
          gradient: Double(start.gradient[i]), (Double(start.theta[i]), Double(start.first[i]), Double(start.second[i]))
        )
        #expect(abs(Double(state.theta[i]) - expected.theta) <= 4e-7)
        #expect(abs(Double(state.first[i]) - expected.first) <= 4e-7)
        #expect(abs(Double(state.second[i]) - expected.second) <= 4e-7)
      }
      #expect(state.theta.last!.isNaN && state.first.last!.isNaN && state.second.last!.isNaN, "wrote beyond its end")
    }
  }

  @Test(
    "Cutting parameters into blocks does not change their bits", arguments: Compilation.available, Optimizer.allCases)
  func doesNotDependOnBlocks(compilation: Compilation, optimizer: Optimizer) {
    var whole = State(count: 201)
    for _ in 0..<3 { whole.update(compilation.kernels, optimizer, 0..<201) }
    for (first, second) in [(1, 2), (17, 40), (64, 128), (101, 101), (0, 200)] {
      var cut = State(count: 201)
      for _ in 0..<3 {
        for block in [0..<first, first..<second, second..<201] { cut.update(compilation.kernels, optimizer, block) }
      }
      #expect(cut.theta.bits == whole.theta.bits)
      #expect(cut.first.bits == whole.first.bits)
      #expect(cut.second.bits == whole.second.bits)
    }
  }
}

enum Optimizer: CaseIterable, Sendable {
  case descend, momentum, nesterov, adam, adaGrad, rmsProp, rmsPropMomentum, nAdam, lion

  static let constants = dh_update(
    rate: 0.05, momentum: 0.9, second: 0.99, momentum_rest: 0.1, second_rest: 0.01, epsilon: 1e-6, l2: 0.01,
    decay: 0.995, first_correction: 3.7,
    second_correction: 33.6, gradient_correction: 0.7)

  /// One parameter in Double.
  func update(
    gradient: Double, _ state: (theta: Double, first: Double, second: Double)
  ) -> (theta: Double, first: Double, second: Double) {
    let u = Optimizer.constants
    let rate = Double(u.rate), alpha = Double(u.momentum), beta = Double(u.second)
    let g = gradient + Double(u.l2) * state.theta
    let kept = Double(u.decay) * state.theta
    let delta = alpha * state.first - rate * g
    switch self {
    case .descend: return (kept - rate * g, state.first, state.second)
    case .momentum: return (kept + delta, delta, state.second)
    case .nesterov: return (kept + alpha * delta - rate * g, delta, state.second)
    case .adam:
      let first = alpha * state.first + Double(u.momentum_rest) * g
      let second = beta * state.second + Double(u.second_rest) * g * g
      let step =
        first * Double(u.first_correction) / ((second * Double(u.second_correction)).squareRoot() + Double(u.epsilon))
      return (kept - rate * step, first, second)
    case .adaGrad:
      let second = state.second + g * g
      return (kept - rate * g / (second.squareRoot() + Double(u.epsilon)), state.first, second)
    case .rmsProp, .rmsPropMomentum:
      let second = beta * state.second + Double(u.second_rest) * g * g
      let step = rate * g / (second.squareRoot() + Double(u.epsilon))
      if self == .rmsProp { return (kept - step, state.first, second) }
      return (kept + alpha * state.first - step, alpha * state.first - step, second)
    case .nAdam:
      let first = alpha * state.first + Double(u.momentum_rest) * g
      let second = beta * state.second + Double(u.second_rest) * g * g
      let step = first * Double(u.first_correction) + g * Double(u.gradient_correction)
      let size = (second * Double(u.second_correction)).squareRoot() + Double(u.epsilon)
      return (kept - rate * step / size, first, second)
    case .lion:
      let mixed = alpha * state.first + Double(u.momentum_rest) * g
      let sign: Double = mixed > 0 ? 1 : mixed < 0 ? -1 : 0
      return (kept - rate * sign, beta * state.first + Double(u.second_rest) * g, state.second)
    }
  }
}

private struct State {
  let gradient: [Float]
  var theta: [Float], first: [Float], second: [Float]

  /// With NaN behind the end.
  init(count: Int) {
    var random = RandomStream(seed: 1, purpose: .check)
    gradient = (0..<count).map { _ in random.element() }
    theta = (0..<count).map { _ in random.element() } + [.nan]
    first = (0..<count).map { _ in random.element() } + [.nan]
    second = (0..<count).map { _ in Float(random.uniform()) } + [.nan]
  }

  mutating func update(_ kernels: dh_kernels, _ optimizer: Optimizer, _ block: Range<Int>) {
    var u = Optimizer.constants
    let count = block.count
    gradient.withUnsafeBufferPointer { gradient in
      theta.withUnsafeMutableBufferPointer { theta in
        first.withUnsafeMutableBufferPointer { first in
          second.withUnsafeMutableBufferPointer { second in
            let g = gradient.baseAddress.map { $0 + block.lowerBound }
            let t = theta.baseAddress! + block.lowerBound
            let m = first.baseAddress! + block.lowerBound, v = second.baseAddress! + block.lowerBound
            switch optimizer {
            case .descend: kernels.descend(&u, g, t, count)
            case .momentum: kernels.momentum(&u, g, m, t, count)
            case .nesterov: kernels.nesterov(&u, g, m, t, count)
            case .adam: kernels.adam(&u, g, m, v, t, count)
            case .adaGrad: kernels.adagrad(&u, g, v, t, count)
            case .rmsProp: kernels.rmsprop(&u, g, v, nil, t, count)
            case .rmsPropMomentum: kernels.rmsprop(&u, g, v, m, t, count)
            case .nAdam: kernels.nadam(&u, g, m, v, t, count)
            case .lion: kernels.lion(&u, g, m, t, count)
            }
          }
        }
      }
    }
  }
}
