import CKernels
import DownhillCompute
import Testing

@Suite struct ProductTests {
  @Test(
    "A product agrees with the sum in Double and writes nothing else, whatever its shape and strides",
    arguments: Compilation.available, Layout.allCases)
  func agreesWithDouble(compilation: Compilation, layout: Layout) {
    var random = RandomStream(seed: 1, purpose: .check, index: layout.rawValue)
    for trial in 0..<400 {
      let problem = Problem(
        m: random.integer(in: 0...40), n: random.integer(in: 0...40), k: random.integer(in: 0...40),
        layout: layout, start: Start.allCases[trial % 3], random: &random)
      problem.check(problem.solve(compilation.kernels), samples: .max, random: &random)
    }
  }

  @Test(
    "So does one that is cut into blocks and packed", arguments: Compilation.available, Layout.allCases)
  func agreesWhenPacked(compilation: Compilation, layout: Layout) {
    var random = RandomStream(seed: 2, purpose: .check, index: layout.rawValue)
    let shapes = [(163, 35, 29), (31, 407, 19), (9, 21, 801), (171, 391, 390), (1165, 401, 9), (13, 1600, 390)]
    for (index, (m, n, k)) in shapes.enumerated() {
      let problem = Problem(m: m, n: n, k: k, layout: layout, start: Start.allCases[index % 3], random: &random)
      problem.check(problem.solve(compilation.kernels), samples: 1_000, random: &random)
    }
  }

  @Test(
    "So does one that is known to have few rows, and its bits don't depend on how it is cut",
    arguments: Compilation.available, Layout.allCases)
  func agreesWithFewRows(compilation: Compilation, layout: Layout) {
    var random = RandomStream(seed: 8, purpose: .check, index: layout.rawValue)
    for trial in 0..<90 {
      let (m, n, k) = (random.integer(in: 1...5), random.integer(in: 1...50), random.integer(in: 25...140))
      let problem = Problem(m: m, n: n, k: k, layout: layout, start: Start.allCases[trial % 3], random: &random)
      var whole = problem.start, parts = problem.start
      problem.run(compilation.kernels, into: &whole) { $0.most_rows = m }
      problem.check(whole, samples: .max, random: &random)
      for row in 0..<m {
        problem.run(compilation.kernels, rows: row..<row + 1, into: &parts) { $0.most_rows = m }
      }
      #expect(problem.elements(whole).bits == problem.elements(parts).bits, "\(m) × \(n) × \(k)")
    }
  }

  /// Products of few columns may be summed in another order, each layout in its own.
  private static let fewColumns = 12

  @Test("The bits don't depend on how a product is cut, nor on strides", arguments: Compilation.available)
  func bitsAreTheSame(compilation: Compilation) {
    var random = RandomStream(seed: 3, purpose: .check)
    for (m, n, k) in [
      (37, 41, 19), (200, 60, 35), (19, 3, 64), (64, 5, 33), (40, 12, 100), (33, 1, 40), (7, 430, 12), (170, 400, 450),
    ] {
      let whole = Problem(m: m, n: n, k: k, layout: .plain, start: .bias, random: &random)
      var expected = whole.elements(whole.solve(compilation.kernels))
      for layout in Layout.allCases {
        let same = Problem(whole, layout: layout, extraStride: random.integer(in: 0...9))
        if n <= Self.fewColumns { expected = same.elements(same.solve(compilation.kernels)) }
        for _ in 0..<4 {
          let rows = random.integer(in: 0...m)
          let columns =
            n <= 2 * Self.fewColumns + 1 ? n : random.integer(in: Self.fewColumns + 1...n - Self.fewColumns - 1)
          let parts = [(0..<rows, 0..<columns), (rows..<m, 0..<columns), (0..<m, columns..<n)]
          let found = same.elements(same.solve(compilation.kernels, parts: parts))
          #expect(found.bits == expected.bits, "\(m) × \(n) × \(k), \(layout), cut at \(rows), \(columns)")
        }
      }
    }
  }

  @Test(
    "A function taken on the way is that of the product, to the bit", arguments: Compilation.available,
    Layout.allCases)
  func activates(compilation: Compilation, layout: Layout) {
    let kernels = compilation.kernels
    var random = RandomStream(seed: 6, purpose: .check)
    for (m, n, k) in [(1, 5, 3), (9, 20, 7), (37, 41, 50), (20, 3, 64), (33, 2, 40), (170, 50, 400), (5, 400, 390)] {
      for kind in [dh_relu, dh_leaky_relu, dh_tanh, dh_gelu, dh_mish, dh_softplus, dh_hard_tanh] {
        let function = dh_elementwise(kind: kind, p: 0.1, q: 1)
        let problem = Problem(m: m, n: n, k: k, layout: layout, start: .bias, random: &random)
        let plain = problem.elements(problem.solve(kernels))
        var expected = plain
        kernels.activate(function, plain, &expected, m * n)
        var found = problem.start
        problem.run(kernels, into: &found) { $0.activation = function }
        #expect(problem.elements(found).bits == expected.bits, "\(m) × \(n) × \(k), \(layout)")

        var derivative = [Float](repeating: .nan, count: m * n), expectedDerivative = derivative
        kernels.activate_keeping(function, plain, &expected, &expectedDerivative, m * n)
        found = problem.start
        derivative.withUnsafeMutableBufferPointer { derivative in
          problem.run(kernels, into: &found) {
            $0.activation = function
            ($0.derivative, $0.derivative_row) = (derivative.baseAddress, n)
          }
        }
        #expect(problem.elements(found).bits == expected.bits, "\(m) × \(n) × \(k), \(layout)")
        #expect(derivative.bits == expectedDerivative.bits, "\(m) × \(n) × \(k), \(layout)")
      }
    }
  }

  @Test(
    "A product that is scaled is scale · A · B + offset, and its function is taken of that",
    arguments: Compilation.available,
    Layout.allCases)
  func scales(compilation: Compilation, layout: Layout) {
    let kernels = compilation.kernels
    var random = RandomStream(seed: 6, purpose: .check)
    for (m, n, k) in [(1, 5, 3), (9, 20, 7), (37, 41, 50), (20, 3, 64), (33, 2, 40), (170, 50, 400), (5, 400, 390)] {
      let offset = (0..<n).map { _ in random.element() }
      for kind in [dh_identity, dh_relu, dh_tanh, dh_mish] {
        let function = dh_elementwise(kind: kind, p: 0, q: 0)
        let problem = Problem(m: m, n: n, k: k, layout: layout, start: .zero, random: &random)
        let product = problem.elements(problem.solve(kernels))
        for hasOffset in [false, true] {
          let scaled = product.enumerated().map { 0.3 * Double($1) + (hasOffset ? Double(offset[$0 % n]) : 0) }
          var expected = scaled.map { Float($0) }
          kernels.activate(function, expected, &expected, m * n)
          var found = problem.start
          offset.withUnsafeBufferPointer { offset in
            problem.run(kernels, into: &found) {
              ($0.activation, $0.scale) = (function, 0.3)
              $0.offset = hasOffset ? offset.baseAddress : nil
            }
          }
          for (x, y) in zip(problem.elements(found), expected) {
            #expect(abs(x - y) <= 2e-6 * max(1, abs(y)), "\(m) × \(n) × \(k), \(layout)")
          }
        }
      }
    }
  }

  @Test("The sums of B's columns on the way are those by themselves", arguments: Compilation.available)
  func sumsColumns(compilation: Compilation) {
    var random = RandomStream(seed: 7, purpose: .check)
    for (m, n, k) in [(4, 3, 32), (50, 64, 31), (784, 40, 100), (20, 400, 450)] {
      let problem = Problem(m: m, n: n, k: k, layout: .firstTransposed, start: .zero, random: &random)
      var sums = [Float](repeating: .nan, count: n), expected = sums, c = problem.start
      sums.withUnsafeMutableBufferPointer { sums in
        problem.run(compilation.kernels, into: &c) { $0.b_sums = sums.baseAddress }
      }
      compilation.kernels.column_sums(problem.b.memory, problem.b.stride, k, n, &expected, 0)
      #expect(sums.bits == expected.bits)
      #expect(problem.elements(c).bits == problem.elements(problem.solve(compilation.kernels)).bits)
    }
  }

  @Test("Cutting the inner dimension and accumulating continues the same sum", arguments: Compilation.available)
  func accumulatingContinues(compilation: Compilation) {
    var random = RandomStream(seed: 4, purpose: .check)
    let whole = Problem(m: 45, n: 39, k: 500, layout: .plain, start: .zero, random: &random)
    let expected = whole.elements(whole.solve(compilation.kernels))
    var c = whole.start
    whole.run(compilation.kernels, inner: 0..<123, into: &c)
    var rest = whole
    rest.kind = .accumulate
    rest.run(compilation.kernels, inner: 123..<500, into: &c)
    #expect(whole.elements(c).bits == expected.bits)
  }

  @Test("Compilations with fused multiply-adds give the same bits")
  func fusedCompilationsAgree() {
    var random = RandomStream(seed: 5, purpose: .check)
    let problem = Problem(m: 50, n: 70, k: 90, layout: .secondTransposed, start: .bias, random: &random)
    let results = [Compilation.avx2, .avx512].filter(Compilation.available.contains).map {
      problem.elements(problem.solve($0.kernels)).bits
    }
    #expect(results.allSatisfy { $0 == results.first })
  }
}

/// Which operand is stored transposed.
enum Layout: Int, CaseIterable, Sendable {
  case plain, firstTransposed, secondTransposed, bothTransposed
  var first: Bool { self == .firstTransposed || self == .bothTransposed }
  var second: Bool { self == .secondTransposed || self == .bothTransposed }
}

/// What the sums start from.
enum Start: CaseIterable {
  case zero, bias, accumulate
}

/// A matrix in memory whose rows have NaN between them.
private struct Operand {
  var rows: Int, columns: Int, stride: Int, transposed: Bool
  var memory: [Float]

  init(rows: Int, columns: Int, transposed: Bool, gap: Int, element: (Int, Int) -> Float) {
    (self.rows, self.columns, self.transposed) = (rows, columns, transposed)
    stride = max(1, transposed ? rows : columns) + gap
    memory = Array(repeating: .nan, count: stride * (transposed ? columns : rows) + 1)
    for i in 0..<rows {
      for j in 0..<columns { memory[index(i, j)] = element(i, j) }
    }
  }

  func index(_ i: Int, _ j: Int) -> Int { transposed ? j * stride + i : i * stride + j }
  subscript(i: Int, j: Int) -> Float { memory[index(i, j)] }
}

private struct Problem {
  let m: Int, n: Int, k: Int, stride: Int
  let a: Operand, b: Operand
  let bias: [Float]
  var kind: Start
  /// What C's memory holds before the product: a guard of NaN on both sides and between rows.
  let start: [Float]
  static let guards = 40

  init(m: Int, n: Int, k: Int, layout: Layout, start kind: Start, random: inout RandomStream) {
    (self.m, self.n, self.k, self.kind) = (m, n, k, kind)
    var stream = random
    a = Operand(rows: m, columns: k, transposed: layout.first, gap: stream.integer(in: 0...5)) { _, _ in
      stream.element()
    }
    b = Operand(rows: k, columns: n, transposed: layout.second, gap: stream.integer(in: 0...5)) { _, _ in
      stream.element()
    }
    bias = (0..<n).map { _ in stream.element() }
    stride = n + stream.integer(in: 0...20)
    var start = [Float](repeating: .nan, count: 2 * Problem.guards + m * stride)
    for i in 0..<m {
      for j in 0..<n { start[Problem.guards + i * stride + j] = kind == .accumulate ? stream.element() : .nan }
    }
    self.start = start
    random = stream
  }

  /// The same numbers in other places.
  init(_ other: Problem, layout: Layout, extraStride: Int) {
    (m, n, k, stride, bias, kind, start) = (
      other.m, other.n, other.k, other.stride, other.bias, other.kind, other.start
    )
    a = Operand(rows: m, columns: k, transposed: layout.first, gap: extraStride) { other.a[$0, $1] }
    b = Operand(rows: k, columns: n, transposed: layout.second, gap: extraStride) { other.b[$0, $1] }
  }

  func solve(_ kernels: dh_kernels, parts: [(Range<Int>, Range<Int>)]? = nil) -> [Float] {
    var c = start
    for (rows, columns) in parts ?? [(0..<m, 0..<n)] {
      run(kernels, rows: rows, columns: columns, into: &c)
    }
    return c
  }

  func run(
    _ kernels: dh_kernels, rows: Range<Int>? = nil, columns: Range<Int>? = nil, inner: Range<Int>? = nil,
    into c: inout [Float], adjust: (inout dh_product) -> Void = { _ in }
  ) {
    let rows = rows ?? 0..<m
    let columns = columns ?? 0..<n
    let inner = inner ?? 0..<k
    withScratch(kernels) { scratch in
      a.memory.withUnsafeBufferPointer { x in
        b.memory.withUnsafeBufferPointer { y in
          bias.withUnsafeBufferPointer { bias in
            c.withUnsafeMutableBufferPointer { c in
              var product = dh_product()
              (product.m, product.n, product.k) = (rows.count, columns.count, inner.count)
              product.a = x.baseAddress! + a.index(rows.lowerBound, inner.lowerBound)
              (product.a_row, product.a_col) = a.transposed ? (1, a.stride) : (a.stride, 1)
              product.b = y.baseAddress! + b.index(inner.lowerBound, columns.lowerBound)
              (product.b_row, product.b_col) = b.transposed ? (1, b.stride) : (b.stride, 1)
              product.bias = kind == .bias ? bias.baseAddress.map { $0 + columns.lowerBound } : nil
              product.c = c.baseAddress! + Problem.guards + rows.lowerBound * stride + columns.lowerBound
              product.c_row = stride
              product.accumulate = kind == .accumulate ? 1 : 0
              adjust(&product)
              kernels.product(&product, scratch)
            }
          }
        }
      }
    }
  }

  /// The elements of the result, row by row.
  func elements(_ c: [Float]) -> [Float] {
    (0..<m).flatMap { i in (0..<n).map { c[Problem.guards + i * stride + $0] } }
  }

  /// Compares with sums in Double: each of k + 1 roundings may be off by half a unit in the last place of a partial sum.
  func check(_ c: [Float], samples: Int, random: inout RandomStream) {
    var outside = c
    var wrong = 0
    for index in 0..<m * n {
      let i = index / n, j = index % n
      let place = Problem.guards + i * stride + j
      outside[place] = start[place]
      if samples < m * n, random.integer(in: 0...(m * n / samples)) != 0 { continue }
      let first = kind == .zero ? 0 : kind == .bias ? Double(bias[j]) : Double(start[place])
      var sum = first, size = abs(first)
      for l in 0..<k {
        let term = Double(a[i, l]) * Double(b[l, j])
        sum += term
        size += abs(term)
      }
      if !(abs(Double(c[place]) - sum) <= Double(2 * k + 2) * 0x1p-24 * size) { wrong += 1 }
    }
    #expect(wrong == 0, "\(m) × \(n) × \(k), \(kind): \(wrong) elements")
    #expect(outside.bits == start.bits, "\(m) × \(n) × \(k) wrote outside its result")
  }
}
