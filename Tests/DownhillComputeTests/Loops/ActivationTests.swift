import CKernels
import DownhillCompute
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct ActivationTests {
  @Test(
    "An activation and its derivative agree with their formulas in Double", arguments: Compilation.available,
    Activation.all)
  func agreesWithFormula(compilation: Compilation, activation: Activation) {
    var random = RandomStream(seed: 1, purpose: .check)
    let x = (0..<4_001).map { Float($0 - 2_000) / 100 } + (0..<500).map { _ in Float(random.normal() * 2) }
    let y = activation.apply(compilation.kernels, x)
    let dy = x.map { _ in random.element() }
    let reference = dh_derivative_from_output(activation.kind) != 0 ? y : x
    let dx = activation.derivative(compilation.kernels, reference, dy)
    for i in x.indices {
      let exact = activation.formula(Double(x[i]))
      #expect(abs(Double(y[i]) - exact) <= 1e-6 * max(1, abs(exact)), "\(activation.name) \(x[i]) is \(y[i])")
      if x[i] == 0 { continue }  // some have no derivative there
      let h = 1e-5
      let slope = (activation.formula(Double(x[i]) + h) - activation.formula(Double(x[i]) - h)) / (2 * h)
      #expect(abs(Double(dx[i]) - Double(dy[i]) * slope) <= 2e-6, "\(activation.name)′ \(x[i]) is \(dx[i] / dy[i])")
    }
  }

  @Test(
    "An activation and its derivative at once agree with their formulas too", arguments: Compilation.available,
    Activation.all)
  func bothAgreeWithFormula(compilation: Compilation, activation: Activation) {
    var random = RandomStream(seed: 3, purpose: .check)
    let x = (0..<4_003).map { Float($0 - 2_000) / 100 } + (0..<500).map { _ in Float(random.normal() * 2) }
    var y = x, derivative = [Float](repeating: .nan, count: x.count)
    y.withUnsafeMutableBufferPointer { y in
      compilation.kernels.activate_keeping(
        activation.function, y.baseAddress, y.baseAddress, &derivative, y.count)
    }
    for i in x.indices {
      let exact = activation.formula(Double(x[i]))
      #expect(abs(Double(y[i]) - exact) <= 1e-6 * max(1, abs(exact)), "\(activation.name) \(x[i]) is \(y[i])")
      if x[i] == 0 { continue }
      let h = 1e-5
      let slope = (activation.formula(Double(x[i]) + h) - activation.formula(Double(x[i]) - h)) / (2 * h)
      #expect(abs(Double(derivative[i]) - slope) <= 2e-6, "\(activation.name)′ \(x[i]) is \(derivative[i])")
    }
    var broken: [Float] = [1, .nan, 2], slopes = broken
    compilation.kernels.activate_keeping(activation.function, broken, &broken, &slopes, 3)
    #expect(broken.map(\.isNaN) == [false, true, false])
  }

  @Test("NaN goes through an activation", arguments: Compilation.available, Activation.all)
  func keepsNotANumber(compilation: Compilation, activation: Activation) {
    #expect(activation.apply(compilation.kernels, [1, .nan, 2]).map(\.isNaN) == [false, true, false])
  }

  @Test(
    "An element's bits don't depend on where it stands, nor on working in place", arguments: Compilation.available,
    Activation.all)
  func doesNotDependOnPlace(compilation: Compilation, activation: Activation) {
    let kernels = compilation.kernels
    var random = RandomStream(seed: 2, purpose: .check)
    let x = (0..<77).map { _ in Float(random.normal() * 3) }
    let dy = (0..<77).map { _ in random.element() }
    let y = activation.apply(kernels, x)
    let dx = activation.derivative(kernels, x, dy)
    for _ in 0..<30 {
      let from = random.integer(in: 0...76)
      let part = from..<random.integer(in: from...77)
      var inPlace = Array(x[part])
      inPlace.withUnsafeMutableBufferPointer {
        kernels.activate(activation.function, $0.baseAddress, $0.baseAddress, $0.count)
      }
      #expect(inPlace.bits == y[part].bits)
      #expect(activation.derivative(kernels, Array(x[part]), Array(dy[part])).bits == dx[part].bits)
    }
  }
}

struct Activation: Sendable, CustomTestStringConvertible {
  let name: String
  let kind: dh_activation
  var parameter: Float = 0
  var second: Float = 0
  let formula: @Sendable (Double) -> Double
  var function: dh_elementwise { dh_elementwise(kind: kind, p: parameter, q: second) }
  var testDescription: String { name }

  static let all: [Activation] = [
    Activation(name: "identity", kind: dh_identity) { $0 },
    Activation(name: "relu", kind: dh_relu) { max($0, 0) },
    Activation(name: "leaky relu", kind: dh_leaky_relu, parameter: 0.125) { max($0, 0.125 * $0) },
    Activation(name: "elu", kind: dh_elu, parameter: 0.5) { $0 > 0 ? $0 : 0.5 * expm1($0) },
    Activation(name: "selu", kind: dh_selu) {
      1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0))
    },
    Activation(name: "sigmoid", kind: dh_sigmoid) { 1 / (1 + exp(-$0)) },
    Activation(name: "tanh", kind: dh_tanh) { tanh($0) },
    Activation(name: "gelu", kind: dh_gelu) { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 },
    Activation(name: "silu", kind: dh_silu) { $0 / (1 + exp(-$0)) },
    Activation(name: "mish", kind: dh_mish) { $0 * tanh(log1p(exp($0))) },
    Activation(name: "softplus", kind: dh_softplus, parameter: 1) { max($0, 0) + log1p(exp(-abs($0))) },
    Activation(name: "sharp softplus", kind: dh_softplus, parameter: 4) {
      (max(4 * $0, 0) + log1p(exp(-abs(4 * $0)))) / 4
    },
    Activation(name: "hard tanh", kind: dh_hard_tanh, parameter: -0.755, second: 1.505) { min(max($0, -0.755), 1.505) },
  ]

  func apply(_ kernels: dh_kernels, _ x: [Float]) -> [Float] {
    var y = [Float](repeating: 0, count: x.count)
    kernels.activate(function, x, &y, x.count)
    return y
  }

  func derivative(_ kernels: dh_kernels, _ reference: [Float], _ dy: [Float]) -> [Float] {
    var dx = [Float](repeating: 0, count: dy.count)
    kernels.activate_derivative(function, reference, dy, &dx, dy.count)
    return dx
  }
}
