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

@Suite struct MathTests {
  @Test(
    "A function is within 4 units in the last place over the whole range of float",
    arguments: Compilation.available, Function.allCases)
  func isAccurate(compilation: Compilation, function: Function) {
    // Every 9,973rd float: 430,000 of them, of both signs, denormal ones and NaN included.
    var worst = (units: 0.0, x: Float(0))
    for start in stride(from: UInt64(0), to: 1 << 32, by: 9_973 * 1_000) {
      let x = (0..<1_000).map { Float(bitPattern: UInt32(truncatingIfNeeded: start + 9_973 * $0)) }
      for (x, y) in zip(x, function.evaluate(compilation.kernels, x)) {
        let units = unitsBetween(y, function.reference(Double(x)))
        if !(units <= worst.units) { worst = (units, x) }
      }
    }
    #expect(worst.units <= 4, "at \(worst.x)")
  }

  @Test("Zeros, infinities and NaN give what they should", arguments: Compilation.available, Function.allCases)
  func isRightAtTheEdges(compilation: Compilation, function: Function) {
    let x: [Float] = [
      0, -0.0, .infinity, -.infinity, .nan, -.nan, 1, -1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
      .leastNonzeroMagnitude, -.leastNonzeroMagnitude, -1.0000001, -2, 88.72284, 88.7229, -103.97, -104.1,
    ]
    for (x, y) in zip(x, function.evaluate(compilation.kernels, x)) {
      let expected = Float(function.reference(Double(x)))
      if expected.isNaN {
        #expect(y.isNaN, "\(function) \(x) is \(y)")
      } else if expected == 0 || expected.isInfinite {
        #expect(y == expected && y.sign == expected.sign, "\(function) \(x) is \(y), not \(expected)")
      } else {
        #expect(unitsBetween(y, function.reference(Double(x))) <= 4, "\(function) \(x) is \(y), not \(expected)")
      }
    }
  }

  @Test("An element's value does not depend on where it stands", arguments: Compilation.available, Function.allCases)
  func doesNotDependOnPlace(compilation: Compilation, function: Function) {
    var random = RandomStream(seed: 1, purpose: .check)
    let x = (0..<100).map { _ in Float(random.normal() * 3) }
    let expected = function.evaluate(compilation.kernels, x)
    for _ in 0..<50 {
      let from = random.integer(in: 0...99)
      let part = from..<random.integer(in: from...100)
      #expect(function.evaluate(compilation.kernels, Array(x[part])).bits == expected[part].bits)
    }
  }
}

enum Function: CaseIterable, Sendable {
  case exponential, exponentialMinusOne, logarithm, logarithmOfOnePlus, hyperbolicTangent, errorFunction

  var kind: dh_function {
    switch self {
    case .exponential: dh_exp
    case .exponentialMinusOne: dh_expm1
    case .logarithm: dh_log
    case .logarithmOfOnePlus: dh_log1p
    case .hyperbolicTangent: dh_tanh_function
    case .errorFunction: dh_erf
    }
  }

  /// The C library's function in Double.
  func reference(_ x: Double) -> Double {
    let function: (Double) -> Double =
      switch self {
      case .exponential: exp
      case .exponentialMinusOne: expm1
      case .logarithm: log
      case .logarithmOfOnePlus: log1p
      case .hyperbolicTangent: tanh
      case .errorFunction: erf
      }
    return function(x)
  }

  func evaluate(_ kernels: dh_kernels, _ x: [Float]) -> [Float] {
    var y = [Float](repeating: 0, count: x.count)
    kernels.evaluate(kind, x, &y, x.count)
    return y
  }
}

/// How far y is from the exact value, in units of the last place of a float of that size. Overflow is right where the
/// exact value rounds to infinity.
func unitsBetween(_ y: Float, _ exact: Double) -> Double {
  let rounded = Float(exact)
  if rounded.isNaN { return y.isNaN ? 0 : .infinity }
  if rounded.isInfinite || y.isInfinite {
    return y == rounded || abs(exact) > 0.9999999 * Double(Float.greatestFiniteMagnitude) ? 0 : .infinity
  }
  return abs(Double(y) - exact)
    / Double(rounded.magnitude < .leastNormalMagnitude ? .leastNonzeroMagnitude : rounded.ulp)
}
