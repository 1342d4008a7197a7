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

@Suite struct ElementwiseLossTests {
  static let rows = 45

  @Test("Mean squared error agrees with its formula", arguments: Compilation.available, RowTests.widths)
  func squares(compilation: Compilation, columns: Int) {
    for weighted in [false, true] {
      let problem = Problem(columns: columns, weighted: weighted)
      check(problem, tolerance: 2e-7) { y, yHat in
        ((yHat - y) * (yHat - y), 2 * (yHat - y))
      } run: { error, stride in
        compilation.kernels.mean_squared_error(
          problem.z.memory, problem.z.stride, problem.y.memory, problem.y.stride, problem.weights, 0.25, error,
          stride, Self.rows, columns)
      }
    }
  }

  @Test("Binary cross-entropy agrees with its formula", arguments: Compilation.available, RowTests.widths)
  func binaryCrossEntropy(compilation: Compilation, columns: Int) {
    for weighted in [false, true] {
      let problem = Problem(columns: columns, weighted: weighted)
      check(problem, tolerance: 4e-7, formula: Self.binary) { error, stride in
        compilation.kernels.binary_cross_entropy(
          problem.z.memory, problem.z.stride, problem.y.memory, problem.y.stride, nil, problem.weights, 0.25,
          error, stride, Self.rows, columns)
      }
    }
  }

  @Test("Binary cross-entropy of classes is that of 0 and 1", arguments: Compilation.available, [false, true])
  func classes(compilation: Compilation, weighted: Bool) {
    var problem = Problem(columns: 1, weighted: weighted)
    let classes = (0..<Self.rows).map { Int32($0 % 3 == 0 ? 1 : 0) }
    for row in 0..<Self.rows { problem.y.replaceRow(row) { _, _ in Float(classes[row]) } }
    check(problem, tolerance: 4e-7, formula: Self.binary) { error, stride in
      compilation.kernels.binary_cross_entropy(
        problem.z.memory, problem.z.stride, nil, 0, classes, problem.weights, 0.25, error, stride,
        Self.rows, 1)
    }
    let z = (0..<Self.rows).map { problem.z[$0, 0] }
    var touching = [Float](repeating: .nan, count: Self.rows), apart = Rows(Self.rows, 1, seed: 9) { _ in .nan }
    let first = compilation.kernels.binary_cross_entropy(
      z, 1, nil, 0, classes, problem.weights, 0.25, &touching, 1, Self.rows, 1)
    let second = compilation.kernels.binary_cross_entropy(
      problem.z.memory, problem.z.stride, nil, 0, classes, problem.weights, 0.25, &apart.memory, apart.stride,
      Self.rows, 1)
    #expect(abs(first - second) <= 1e-12 * second)
    for row in 0..<Self.rows { #expect(abs(touching[row] - apart[row, 0]) <= 1e-6 * abs(apart[row, 0])) }
  }

  typealias Formula = @Sendable (_ y: Double, _ z: Double, _ own: Double) -> (Double, Double)
  static let others: [(kind: dh_element_loss, settings: [Float], formula: Formula)] = [
    (dh_absolute, [0, 0], { y, z, _ in (abs(z - y), z > y ? 1 : -1) }),
    (
      dh_huber, [1.5, 0],
      { y, z, _ in
        let d = z - y
        return abs(d) <= 1.5 ? (d * d / 2, d) : (1.5 * (abs(d) - 0.75), d > 0 ? 1.5 : -1.5)
      }
    ),
    (dh_pinball, [0, 0], { y, z, t in y > z ? (t * (y - z), -t) : ((1 - t) * (z - y), 1 - t) }),
    (dh_poisson, [0, 0], { y, z, _ in (exp(z) - y * z, exp(z) - y) }),
    (
      dh_weighted_binary, [0, 0],
      { y, z, p in
        let (tail, positive) = (exp(-abs(z)), z > 0)
        let (yes, no) = positive ? (1 / (1 + tail), tail / (1 + tail)) : (tail / (1 + tail), 1 / (1 + tail))
        let both = (p * y + 1 - y) * log1p(tail)
        return (both + (positive ? (1 - y) * z : -p * y * z), (1 - y) * yes - p * y * no)
      }
    ),
  ]

  @Test("Other losses agree with their formulas", arguments: Compilation.available, RowTests.widths)
  func otherLosses(compilation: Compilation, columns: Int) {
    for other in Self.others {
      for weighted in [false, true] {
        let problem = Problem(columns: columns, weighted: weighted)
        let owns = (0..<columns).map { Float($0 + 1) / Float(columns + 1) }
        var column = -1
        check(problem, tolerance: 8e-7) { y, z in
          column = (column + 1) % columns
          return other.formula(y, z, Double(owns[column]))
        } run: { error, stride in
          compilation.kernels.element_loss(
            other.kind, owns, other.settings, 0, problem.z.memory, problem.z.stride, problem.y.memory, problem.y.stride,
            nil, problem.weights, 0.25, error, stride, Self.rows, columns)
        }
      }
    }
  }

  @Test("A target of one column is compared with every output", arguments: Compilation.available, [2, 5, 16, 33])
  func sharedTargets(compilation: Compilation, columns: Int) {
    let problem = Problem(columns: columns, weighted: true)
    var alike = problem.y
    for row in 0..<Self.rows { alike.replaceRow(row) { _, _ in problem.y[row, 0] } }
    let owns = (0..<columns).map { Float($0 + 1) / Float(columns + 1) }
    func run(_ y: Rows, shared: Int32) -> (Double, [Float]) {
      var error = Rows(Self.rows, columns, seed: 9) { _ in .nan }
      let loss = compilation.kernels.element_loss(
        dh_pinball, owns, [0, 0], shared, problem.z.memory, problem.z.stride, y.memory, y.stride, nil, problem.weights,
        0.25, &error.memory, error.stride, Self.rows, columns)
      return (loss, (0..<Self.rows).flatMap { error.row($0) })
    }
    let (first, second) = (run(problem.y, shared: 1), run(alike, shared: 0))
    #expect(first.0 == second.0 && first.1 == second.1)
  }

  private static func binary(_ y: Double, _ z: Double) -> (Double, Double) {
    let tail = exp(-abs(z))
    let loss = (z > 0 ? z * (1 - y) : -z * y) + log1p(tail)
    return (loss, z > 0 ? (1 - y) - tail / (1 + tail) : tail / (1 + tail) - y)
  }

  private func check(
    _ problem: Problem, tolerance: Double, formula: (_ y: Double, _ z: Double) -> (Double, Double),
    run: (UnsafeMutablePointer<Float>?, Int) -> Double
  ) {
    var error = Rows(Self.rows, problem.columns, seed: 9) { _ in .nan }
    let stride = error.stride
    let loss = error.memory.withUnsafeMutableBufferPointer { run($0.baseAddress, stride) }
    #expect(run(nil, 0) == loss)
    var exact = 0.0
    for i in 0..<Self.rows {
      let weight = Double(problem.weights?[i] ?? 1) / Double(problem.columns)
      for j in 0..<problem.columns {
        let (value, slope) = formula(Double(problem.y[i, j]), Double(problem.z[i, j]))
        exact += weight * value
        let expected = 0.25 * weight * slope
        #expect(abs(Double(error[i, j]) - expected) <= tolerance * (abs(expected) + 0.25 * weight), "[\(i), \(j)]")
      }
    }
    #expect(abs(loss - exact) <= tolerance * (exact + 1))
    #expect(error.gapIsUntouched)
  }

  private struct Problem {
    let columns: Int
    let z: Rows
    var y: Rows
    let weights: [Float]?

    init(columns: Int, weighted: Bool) {
      self.columns = columns
      var random = RandomStream(seed: 4, purpose: .check)
      z = Rows(ElementwiseLossTests.rows, columns, seed: 1) { 5 * Float($0.normal()) }
      y = Rows(ElementwiseLossTests.rows, columns, seed: 2) { Float($0.uniform()) }
      weights = weighted ? (0..<ElementwiseLossTests.rows).map { _ in Float(random.uniform()) } : nil
    }
  }
}
