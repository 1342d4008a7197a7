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

@Suite struct RowTests {
  static let widths = [1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 64, 67, 130, 300]

  @Test(
    "Softmax agrees with its formula and leaves the gap between rows alone", arguments: Compilation.available, widths)
  func softmax(compilation: Compilation, columns: Int) {
    var x = Rows(9, columns, seed: 1) { 4 * Float($0.normal()) }
    x.replaceRow(1) { _, _ in -80 }
    x.replaceRow(2) { j, _ in j == 0 ? 1e30 : -1e30 }
    x.replaceRow(3) { j, value in j == columns / 2 ? 100 : value - 100 }
    var y = Rows(9, columns, seed: 2) { _ in .nan }
    compilation.kernels.softmax(x.memory, x.stride, &y.memory, y.stride, 9, columns)
    for i in 0..<9 {
      let exact = exactSoftmax(x.row(i))
      for j in 0..<columns {
        // x − max is rounded, which counts for that much in the exponential.
        let allowed = 8 + Double(columns) / 16 + Double(abs(x[i, j] - x.row(i).max()!))
        #expect(unitsBetween(y[i, j], exact[j]) <= allowed, "[\(i), \(j)]")
      }
    }
    #expect(y.gapIsUntouched)

    var inPlace = x
    let stride = x.stride
    inPlace.memory.withUnsafeMutableBufferPointer {
      compilation.kernels.softmax($0.baseAddress, stride, $0.baseAddress, stride, 9, columns)
    }
    #expect(inPlace.elements.bits == y.elements.bits)
  }

  @Test("A row that is not finite stays so after softmax", arguments: Compilation.available, [1, 3, 16, 20])
  func softmaxOfNotANumber(compilation: Compilation, columns: Int) {
    for value in [Float.nan, .infinity] {
      var x = Rows(1, columns, seed: 1) { _ in 1 }
      x.replaceRow(0) { j, _ in j == columns - 1 ? value : 1 }
      var y = x
      compilation.kernels.softmax(x.memory, x.stride, &y.memory, y.stride, 1, columns)
      #expect(y.row(0).contains { $0.isNaN })
    }
  }

  @Test("Softmax's derivative agrees with its formula", arguments: Compilation.available, widths)
  func softmaxDerivative(compilation: Compilation, columns: Int) {
    let y = Rows(7, columns, seed: 1) { Float($0.uniform()) / Float(columns) }
    let dy = Rows(7, columns, seed: 2) { $0.element() }
    var dx = Rows(7, columns, seed: 3) { _ in .nan }
    compilation.kernels.softmax_derivative(y.memory, y.stride, dy.memory, dy.stride, &dx.memory, dx.stride, 7, columns)
    for i in 0..<7 {
      let dot = (0..<columns).map { Double(y[i, $0]) * Double(dy[i, $0]) }.reduce(0, +)
      for j in 0..<columns {
        #expect(abs(Double(dx[i, j]) - Double(y[i, j]) * (Double(dy[i, j]) - dot)) <= 1e-6 * Double(y[i, j]))
      }
    }
    #expect(dx.gapIsUntouched)
  }

  @Test("Column sums are added from the first row to the last", arguments: Compilation.available, widths)
  func columnSums(compilation: Compilation, columns: Int) {
    let x = Rows(37, columns, seed: 1) { $0.element() }
    var sums = [Float](repeating: .nan, count: columns + 1)
    compilation.kernels.column_sums(x.memory, x.stride, 37, columns, &sums, 0)
    var expected = (0..<columns).map { j in (0..<37).reduce(Float(0)) { $0 + x[$1, j] } }
    #expect(sums.dropLast().bits == expected.bits)
    compilation.kernels.column_sums(x.memory, x.stride, 37, columns, &sums, 1)
    expected = (0..<columns).map { j in (0..<37).reduce(expected[j]) { $0 + x[$1, j] } }
    #expect(sums.dropLast().bits == expected.bits)
    #expect(sums.last!.isNaN)
  }

  @Test("Standardising is (x − offset) · scale", arguments: Compilation.available, widths)
  func standardize(compilation: Compilation, columns: Int) {
    let x = Rows(5, columns, seed: 1) { $0.element() }
    let constants = Rows(2, columns, seed: 2) { $0.element() }
    var y = Rows(5, columns, seed: 3) { _ in .nan }
    compilation.kernels.standardize(
      x.memory, x.stride, constants.row(0), constants.row(1), &y.memory, y.stride, 5, columns)
    for i in 0..<5 {
      for j in 0..<columns { #expect(y[i, j] == (x[i, j] - constants[0, j]) * constants[1, j]) }
    }
    #expect(y.gapIsUntouched)
  }

  @Test("Plain vector operations do what they say, wherever an element stands", arguments: Compilation.available)
  func vectorOperations(compilation: Compilation) {
    let kernels = compilation.kernels
    for count in 0..<70 {
      let x = Rows(1, count, seed: 1) { $0.element() }.row(0), y = Rows(1, count, seed: 2) { $0.element() }.row(0)
      var z = [Float](repeating: .nan, count: count + 1)
      kernels.multiply(x, y, &z, count)
      #expect(z.dropLast().bits == zip(x, y).map { $0 * $1 }.bits)
      kernels.add(x, y, &z, count)
      #expect(z.dropLast().bits == zip(x, y).map { $0 + $1 }.bits)
      z.replaceSubrange(0..<count, with: y)
      kernels.add_scaled(0.3, x, &z, count)
      for i in 0..<count { #expect(abs(z[i] - (y[i] + 0.3 * x[i])) <= 2e-7) }
      let whole = z
      let cut = count / 3
      z.replaceSubrange(0..<count, with: y)
      z.withUnsafeMutableBufferPointer { z in
        x.withUnsafeBufferPointer { x in
          kernels.add_scaled(0.3, x.baseAddress, z.baseAddress, cut)
          if count > 0 { kernels.add_scaled(0.3, x.baseAddress! + cut, z.baseAddress! + cut, count - cut) }
        }
      }
      #expect(z.bits == whole.bits)
      #expect(z.last!.isNaN)
    }
  }
}

/// Softmax in Double.
func exactSoftmax(_ x: [Float]) -> [Double] {
  let largest = Double(x.max() ?? 0)
  let exponentials = x.map { exp(Double($0) - largest) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}

/// A matrix whose rows have a gap of NaN between them.
struct Rows {
  let rows: Int, columns: Int, stride: Int
  var memory: [Float]

  init(_ rows: Int, _ columns: Int, seed: UInt64, element: (inout RandomStream) -> Float) {
    var random = RandomStream(seed: seed, purpose: .check, index: columns)
    (self.rows, self.columns, stride) = (rows, columns, columns + 3)
    memory = Array(repeating: .nan, count: max(1, rows * stride))
    for i in 0..<rows {
      for j in 0..<columns { memory[i * stride + j] = element(&random) }
    }
  }

  subscript(i: Int, j: Int) -> Float { memory[i * stride + j] }
  func row(_ i: Int) -> [Float] { Array(memory[i * stride..<i * stride + columns]) }
  var elements: [Float] { (0..<rows).flatMap(row) }
  var gapIsUntouched: Bool { memory.indices.allSatisfy { $0 % stride < columns || memory[$0].isNaN } }

  mutating func replaceRow(_ i: Int, _ element: (Int, Float) -> Float) {
    for j in 0..<columns { memory[i * stride + j] = element(j, self[i, j]) }
  }
}
