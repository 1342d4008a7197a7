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

@Suite struct NormalizationTests {
  static let widths = [1, 2, 3, 4, 5, 8, 9, 16, 17, 33, 70]
  private static let epsilon: Float = 0.01

  @Test("Log-softmax and its derivative agree with their formulas", arguments: Compilation.available, widths)
  func logSoftmax(compilation: Compilation, columns: Int) {
    var x = Rows(6, columns, seed: 1) { 4 * Float($0.normal()) }
    x.replaceRow(1) { j, _ in j == 0 ? 3000 : -3000 }
    let dy = Rows(6, columns, seed: 2) { $0.element() }
    var y = Rows(6, columns, seed: 3) { _ in .nan }, dx = y
    let kernels = compilation.kernels
    kernels.log_softmax(x.memory, x.stride, &y.memory, y.stride, 6, columns)
    kernels.log_softmax_derivative(y.memory, y.stride, dy.memory, dy.stride, &dx.memory, dx.stride, 6, columns)
    for i in 0..<6 {
      let row = x.row(i).map(Double.init), largest = row.max()!
      let logarithm = log(row.map { exp($0 - largest) }.reduce(0, +))
      let sum = dy.row(i).map(Double.init).reduce(0, +)
      for j in 0..<columns {
        let exact = row[j] - largest - logarithm
        #expect(abs(Double(y[i, j]) - exact) <= 1e-6 * max(1, abs(exact)))
        #expect(abs(Double(dx[i, j]) - (Double(dy[i, j]) - exp(exact) * sum)) <= 1e-5)
      }
    }
    #expect(y.gapIsUntouched && dx.gapIsUntouched)
  }

  @Test("Normalising rows, its derivatives too, agrees with its formula", arguments: Compilation.available, widths)
  func layerNorm(compilation: Compilation, columns: Int) {
    let x = Rows(7, columns, seed: 1) { 3 + Float($0.normal()) }, dy = Rows(7, columns, seed: 2) { $0.element() }
    let constants = Rows(2, columns, seed: 3) { $0.element() }
    let gamma = constants.row(0), beta = constants.row(1)
    var y = Rows(7, columns, seed: 4) { _ in .nan }, plain = y, dx = y
    var kept = [Float](repeating: .nan, count: 14), gammaSums = gamma + [.nan], betaSums = gammaSums
    let kernels = compilation.kernels
    kernels.layer_norm(
      x.memory, x.stride, gamma, beta, Self.epsilon, &y.memory, y.stride, &kept, 2, 7, columns)
    kernels.layer_norm(x.memory, x.stride, nil, nil, Self.epsilon, &plain.memory, plain.stride, nil, 0, 7, columns)
    kernels.layer_norm_derivative(
      x.memory, x.stride, dy.memory, dy.stride, kept, 2, gamma, &dx.memory, dx.stride, 7, columns)
    kernels.layer_norm_sums(x.memory, x.stride, dy.memory, dy.stride, kept, 2, &gammaSums, &betaSums, 7, columns)
    var exactSums = [[Double]](repeating: Array(repeating: 0, count: columns), count: 2)
    for i in 0..<7 {
      let g = (0..<columns).map { Double(dy[i, $0]) * Double(gamma[$0]) }
      let (normal, derivative) = Self.normalize(x.row(i).map(Double.init), error: g)
      for j in 0..<columns {
        exactSums[0][j] += Double(dy[i, j]) * normal[j]
        exactSums[1][j] += Double(dy[i, j])
        #expect(abs(Double(y[i, j]) - (normal[j] * Double(gamma[j]) + Double(beta[j]))) <= 1e-5)
        #expect(abs(Double(plain[i, j]) - normal[j]) <= 1e-5)
        #expect(abs(Double(dx[i, j]) - derivative[j]) <= 3e-5)
      }
    }
    check([gammaSums, betaSums], exactSums)
    #expect(y.gapIsUntouched && dx.gapIsUntouched && gammaSums.last!.isNaN && betaSums.last!.isNaN)
  }

  @Test("Normalising columns, its derivatives too, agrees with its formula", arguments: Compilation.available, widths)
  func batchNorm(compilation: Compilation, columns: Int) {
    let x = Rows(23, columns, seed: 1) { 3 + Float($0.normal()) }, dy = Rows(23, columns, seed: 2) { $0.element() }
    let constants = Rows(2, columns, seed: 3) { $0.element() }
    let gamma = constants.row(0), beta = constants.row(1)
    var y = Rows(23, columns, seed: 4) { _ in .nan }, plain = y, dx = y
    var mean = gamma + [.nan], variance = mean, gammaSums = mean, betaSums = mean
    let kernels = compilation.kernels
    kernels.column_moments(x.memory, x.stride, &mean, &variance, 23, columns)
    kernels.batch_norm(
      x.memory, x.stride, mean, variance, gamma, beta, Self.epsilon, &y.memory, y.stride, 23, columns)
    kernels.batch_norm(
      x.memory, x.stride, mean, variance, nil, nil, Self.epsilon, &plain.memory, plain.stride, 23, columns)
    kernels.batch_norm_derivative(
      x.memory, x.stride, dy.memory, dy.stride, mean, variance, gamma, Self.epsilon, &dx.memory, dx.stride, 23,
      columns)
    kernels.batch_norm_sums(
      x.memory, x.stride, dy.memory, dy.stride, mean, variance, Self.epsilon, &gammaSums, &betaSums, 23, columns)
    var exactSums = [[Double]](repeating: Array(repeating: 0, count: columns), count: 2)
    for j in 0..<columns {
      let column = (0..<23).map { Double(x[$0, j]) }
      let (normal, derivative) = Self.normalize(column, error: (0..<23).map { Double(dy[$0, j]) * Double(gamma[j]) })
      let exactMean = column.reduce(0, +) / 23
      #expect(abs(Double(mean[j]) - exactMean) <= 1e-6 * abs(exactMean))
      #expect(
        abs(Double(variance[j]) - column.map { ($0 - exactMean) * ($0 - exactMean) }.reduce(0, +) / 23) <= 1e-6)
      for i in 0..<23 {
        exactSums[0][j] += Double(dy[i, j]) * normal[i]
        exactSums[1][j] += Double(dy[i, j])
        #expect(abs(Double(y[i, j]) - (normal[i] * Double(gamma[j]) + Double(beta[j]))) <= 1e-5)
        #expect(abs(Double(plain[i, j]) - normal[i]) <= 1e-5)
        #expect(abs(Double(dx[i, j]) - derivative[i]) <= 3e-5)
      }
    }
    check([gammaSums, betaSums], exactSums)
    #expect(y.gapIsUntouched && dx.gapIsUntouched)
    #expect([mean, variance, gammaSums, betaSums].allSatisfy { $0.last!.isNaN })
  }

  private func check(_ sums: [[Float]], _ exact: [[Double]]) {
    for (found, expected) in zip(sums, exact) {
      for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) <= 3e-5) }
    }
  }

  /// x̂, and ∂/∂x Σ error ⊙ x̂ by central differences in Double.
  private static func normalize(_ x: [Double], error: [Double]) -> (normal: [Double], derivative: [Double]) {
    func normal(_ x: [Double]) -> [Double] {
      let mean = x.reduce(0, +) / Double(x.count)
      let variance = x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(x.count)
      return x.map { ($0 - mean) / (variance + Double(epsilon)).squareRoot() }
    }
    let derivative = x.indices.map { index in
      let values = [1e-5, -1e-5].map { h in
        var moved = x
        moved[index] += h
        return zip(normal(moved), error).map { $0 * $1 }.reduce(0, +)
      }
      return (values[0] - values[1]) / 2e-5
    }
    return (normal(x), derivative)
  }
}
