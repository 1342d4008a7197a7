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

@Suite struct LossTests {
  static let rows = 150  // more than are taken at a time

  @Test("Cross-entropy of classes agrees with its formula", arguments: Compilation.available, RowTests.widths)
  func classes(compilation: Compilation, columns: Int) {
    for weighted in [false, true] { checkClasses(compilation.kernels, columns, weighted: weighted) }
  }

  private func checkClasses(_ kernels: dh_kernels, _ columns: Int, weighted: Bool) {
    let problem = Problem(columns: columns, weighted: weighted)
    var error = Rows(Self.rows, columns, seed: 9) { _ in .nan }
    let loss = kernels.softmax_cross_entropy(
      problem.z.memory, problem.z.stride, problem.classes, problem.weights, 0.25, &error.memory, error.stride,
      Self.rows, columns)
    let alone = kernels.softmax_cross_entropy(
      problem.z.memory, problem.z.stride, problem.classes, problem.weights, 0.25, nil, 0, Self.rows, columns)
    #expect(loss == alone)
    var exact = 0.0
    for i in 0..<Self.rows {
      let label = Int(problem.classes[i]), weight = Double(problem.weights?[i] ?? 1)
      let (loss, softmax, complement) = exactCrossEntropy(problem.z.row(i), class: label)
      exact += weight * loss
      for j in 0..<columns {
        let expected = 0.25 * weight * (j == label ? -complement : softmax[j])
        let allowed = 2e-6 + 6e-8 * Double(abs(problem.z[i, j] - problem.z.row(i).max()!))
        #expect(abs(Double(error[i, j]) - expected) <= allowed * abs(expected) + 1e-42, "[\(i), \(j)]")
      }
    }
    #expect(abs(loss - exact) <= 1e-6 * exact)
    #expect(error.gapIsUntouched)
  }

  @Test("Cross-entropy of distributions agrees with its formula", arguments: Compilation.available, RowTests.widths)
  func distributions(compilation: Compilation, columns: Int) {
    for weighted in [false, true] { checkDistributions(compilation.kernels, columns, weighted: weighted) }
  }

  private func checkDistributions(_ kernels: dh_kernels, _ columns: Int, weighted: Bool) {
    let problem = Problem(columns: columns, weighted: weighted)
    var y = Rows(Self.rows, columns, seed: 5) { Float($0.uniform()) }
    // Half of the rows hold one class alone.
    for i in 0..<Self.rows / 2 { y.replaceRow(i) { j, _ in j == Int(problem.classes[i]) ? 1 : 0 } }
    var error = Rows(Self.rows, columns, seed: 9) { _ in .nan }
    let loss = kernels.softmax_cross_entropy_soft(
      problem.z.memory, problem.z.stride, y.memory, y.stride, problem.weights, 0.25, &error.memory, error.stride,
      Self.rows, columns)
    var exact = 0.0
    for i in 0..<Self.rows {
      let weight = Double(problem.weights?[i] ?? 1)
      let mass = y.row(i).reduce(0) { $0 + Double($1) }
      for j in 0..<columns {
        let (loss, softmax, _) = exactCrossEntropy(problem.z.row(i), class: j)
        exact += weight * Double(y[i, j]) * loss
        let expected = 0.25 * weight * (softmax[j] * mass - Double(y[i, j]))
        #expect(abs(Double(error[i, j]) - expected) <= 3e-7 * (mass + 1) * weight)
      }
    }
    #expect(abs(loss - exact) <= 1e-6 * exact)
    #expect(error.gapIsUntouched)
  }

  @Test(
    "Cross-entropy of smoothed and weighted labels agrees with its formula", arguments: Compilation.available,
    RowTests.widths)
  func adjusted(compilation: Compilation, columns: Int) {
    let y = Rows(Self.rows, columns, seed: 5) { Float($0.uniform()) }
    let classWeights = (0..<columns).map { Float($0 % 3) + 0.5 }
    for (isSoft, weighted, smoothing) in [(false, false, Float(0.125)), (false, true, 0.25), (true, true, 0.125)] {
      let problem = Problem(columns: columns, weighted: weighted)
      let c = weighted ? classWeights : []
      var error = Rows(Self.rows, columns, seed: 9) { _ in .nan }
      func run(_ error: UnsafeMutablePointer<Float>?, _ stride: Int) -> Double {
        c.withUnsafeBufferPointer { c in
          compilation.kernels.softmax_cross_entropy_adjusted(
            problem.z.memory, problem.z.stride, isSoft ? y.memory : nil, y.stride, isSoft ? nil : problem.classes,
            c.isEmpty ? nil : c.baseAddress, smoothing, problem.weights, 0.25, error, stride, Self.rows, columns)
        }
      }
      let stride = error.stride
      let loss = error.memory.withUnsafeMutableBufferPointer { run($0.baseAddress, stride) }
      #expect(run(nil, 0) == loss)
      var exact = 0.0
      for i in 0..<Self.rows {
        let weight = Double(problem.weights?[i] ?? 1)
        let labels = (0..<columns).map { j in
          let label = isSoft ? Double(y[i, j]) : j == Int(problem.classes[i]) ? 1 : 0
          return (c.isEmpty ? 1 : Double(c[j]))
            * ((1 - Double(smoothing)) * label + Double(smoothing) / Double(columns))
        }
        let mass = labels.reduce(0, +)
        for j in 0..<columns {
          let (loss, softmax, _) = exactCrossEntropy(problem.z.row(i), class: j)
          exact += weight * labels[j] * loss
          let expected = 0.25 * weight * (softmax[j] * mass - labels[j])
          #expect(abs(Double(error[i, j]) - expected) <= 4e-7 * (mass + 1) * weight, "[\(i), \(j)]")
        }
      }
      #expect(abs(loss - exact) <= 1e-6 * exact)
      #expect(error.gapIsUntouched)
    }
  }

  @Test("The focal loss agrees with its formula", arguments: Compilation.available, RowTests.widths)
  func focal(compilation: Compilation, columns: Int) {
    let classWeights = (0..<columns).map { Float($0 % 3) + 0.5 }
    for (gamma, weighted) in [(Float(0), false), (0.5, true), (2, true)] {
      let problem = Problem(columns: columns, weighted: weighted)
      var error = Rows(Self.rows, columns, seed: 9) { _ in .nan }
      func run(_ error: UnsafeMutablePointer<Float>?, _ stride: Int) -> Double {
        compilation.kernels.focal_cross_entropy(
          problem.z.memory, problem.z.stride, problem.classes, weighted ? classWeights : nil, gamma, problem.weights,
          0.25, error, stride, Self.rows, columns)
      }
      let stride = error.stride
      let loss = error.memory.withUnsafeMutableBufferPointer { run($0.baseAddress, stride) }
      #expect(run(nil, 0) == loss)
      var exact = 0.0
      for i in 0..<Self.rows {
        let label = Int(problem.classes[i])
        let weight = Double(problem.weights?[i] ?? 1) * (weighted ? Double(classWeights[label]) : 1)
        let (loss, softmax, complement) = exactCrossEntropy(problem.z.row(i), class: label)
        // 0⁰ is 1, and where nothing is wrong the loss is 0 anyway.
        let raised = pow(max(complement, 0x1p-126), Double(gamma))
        exact += weight * raised * loss
        let share = complement > 0 ? loss / complement : 0
        let factor = 0.25 * weight * raised * (1 + Double(gamma) * softmax[label] * share)
        for j in 0..<columns {
          let expected = factor * (j == label ? -complement : softmax[j])
          #expect(abs(Double(error[i, j]) - expected) <= 4e-6 * (abs(expected) + 0.25 * weight), "[\(i), \(j)]")
        }
      }
      #expect(abs(loss - exact) <= 2e-6 * exact)
      #expect(error.gapIsUntouched)
    }
  }

  @Test("A logit that is not a number makes the loss one", arguments: Compilation.available, [1, 3, 16, 40])
  func keepsNotANumber(compilation: Compilation, columns: Int) {
    for place in [0, columns / 2, columns - 1] {
      var z = Rows(1, columns, seed: 1) { $0.element() }
      z.replaceRow(0) { j, value in j == place ? .nan : value }
      var error = z
      let loss = compilation.kernels.softmax_cross_entropy(
        z.memory, z.stride, [0], nil, 1, &error.memory, error.stride, 1, columns)
      #expect(loss.isNaN)
    }
  }

  private struct Problem {
    var z: Rows
    let classes: [Int32]
    let weights: [Float]?

    init(columns: Int, weighted: Bool) {
      var random = RandomStream(seed: 4, purpose: .check)
      z = Rows(LossTests.rows, columns, seed: 1) { 5 * Float($0.normal()) }
      // Sure of itself, a tie, and large.
      z.replaceRow(0) { j, _ in j == 0 ? 30 : 0 }
      z.replaceRow(1) { _, _ in 7 }
      z.replaceRow(2) { j, value in 1e4 * value }
      classes = (0..<LossTests.rows).map { $0 == 0 ? 0 : Int32(random.integer(in: 0...columns - 1)) }
      weights = weighted ? (0..<LossTests.rows).map { _ in Float(random.uniform()) } : nil
    }
  }

  /// The loss, softmax, and 1 − softmax of the class without cancellation, in Double.
  private func exactCrossEntropy(_ z: [Float], class label: Int) -> (Double, [Double], Double) {
    let largest = z.indices.max { z[$0] < z[$1] }!
    let exponentials = z.map { exp(Double($0) - Double(z[largest])) }
    let rest = z.indices.filter { $0 != largest }.map { exponentials[$0] }.reduce(0, +)
    let others = z.indices.filter { $0 != label }.map { exponentials[$0] }.reduce(0, +)
    return (
      log1p(rest) + Double(z[largest]) - Double(z[label]), exponentials.map { $0 / (1 + rest) }, others / (1 + rest)
    )
  }
}
