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

/// Loops in which each column has numbers of its own.
@Suite struct ColumnTests {
  static let widths = [1, 2, 3, 4, 5, 8, 9, 16, 17, 33]

  @Test("Scaling columns and sums of products do what they say", arguments: Compilation.available, widths)
  func scaling(compilation: Compilation, columns: Int) {
    let x = Rows(9, columns, seed: 1) { $0.element() }, dy = Rows(9, columns, seed: 2) { $0.element() }
    let scale = Rows(1, columns, seed: 3) { $0.element() }.row(0)
    var y = Rows(9, columns, seed: 4) { _ in .nan }
    var sums = scale + [.nan]
    compilation.kernels.scale_columns(x.memory, x.stride, scale, &y.memory, y.stride, 9, columns)
    compilation.kernels.product_sums(x.memory, x.stride, dy.memory, dy.stride, 9, columns, &sums)
    for j in 0..<columns {
      for i in 0..<9 { #expect(y[i, j] == x[i, j] * scale[j]) }
      let exact = (0..<9).map { Double(x[$0, j]) * Double(dy[$0, j]) }.reduce(0, +)
      #expect(abs(Double(sums[j]) - exact) <= 1e-6)
    }
    #expect(y.gapIsUntouched && sums.last!.isNaN)
  }

  @Test("Slopes below 0 are a column's own, or one for all", arguments: Compilation.available, widths)
  func prelu(compilation: Compilation, columns: Int) {
    let kernels = compilation.kernels
    let x = Rows(9, columns, seed: 1) { $0.element() }, dy = Rows(9, columns, seed: 2) { $0.element() }
    let own = Rows(1, columns, seed: 3) { $0.element() }.row(0)
    for shared in [false, true] {
      let slopes = shared ? [own[0]] : own
      var y = Rows(9, columns, seed: 4) { _ in .nan }, dx = y
      var sums = slopes + [.nan]
      let flag: Int32 = shared ? 1 : 0
      kernels.prelu(x.memory, x.stride, slopes, flag, &y.memory, y.stride, 9, columns)
      kernels.prelu_derivative(
        x.memory, x.stride, dy.memory, dy.stride, slopes, flag, &dx.memory, dx.stride, 9, columns)
      kernels.prelu_sums(x.memory, x.stride, dy.memory, dy.stride, flag, &sums, 9, columns)
      var exact = [Double](repeating: 0, count: slopes.count)
      for j in 0..<columns {
        let slope = slopes[shared ? 0 : j]
        for i in 0..<9 {
          #expect(y[i, j] == (x[i, j] > 0 ? x[i, j] : slope * x[i, j]))
          #expect(dx[i, j] == (x[i, j] > 0 ? dy[i, j] : slope * dy[i, j]))
          exact[shared ? 0 : j] += Double(min(x[i, j], 0)) * Double(dy[i, j])
        }
      }
      for (found, expected) in zip(sums, exact) { #expect(abs(Double(found) - expected) <= 3e-6) }
      #expect(y.gapIsUntouched && dx.gapIsUntouched && sums.last!.isNaN)
    }
  }

  @Test("A blend is x + share · (s − x), in place too", arguments: Compilation.available, widths)
  func blend(compilation: Compilation, columns: Int) {
    let x = Rows(5, columns, seed: 1) { $0.element() }, s = Rows(5, columns, seed: 2) { $0.element() }
    let share = Rows(1, columns, seed: 3) { $0.element() }.row(0)
    var y = Rows(5, columns, seed: 4) { _ in .nan }, difference = s, inPlace = s, dx = y
    compilation.kernels.blend(x.memory, x.stride, &difference.memory, s.stride, share, &y.memory, y.stride, 5, columns)
    let stride = s.stride
    inPlace.memory.withUnsafeMutableBufferPointer {
      compilation.kernels.blend(x.memory, x.stride, $0.baseAddress, stride, share, $0.baseAddress, stride, 5, columns)
    }
    compilation.kernels.blend_derivative(
      x.memory, x.stride, s.memory, s.stride, share, &dx.memory, dx.stride, 5, columns)
    for i in 0..<5 {
      for j in 0..<columns {
        #expect(difference[i, j] == s[i, j] - x[i, j])
        #expect(abs(y[i, j] - (x[i, j] + share[j] * (s[i, j] - x[i, j]))) <= 3e-7)
        #expect(abs(dx[i, j] - x[i, j] * (1 + share[j] * (s[i, j] - 1))) <= 5e-7)
      }
    }
    #expect(inPlace.elements.bits == y.elements.bits)
    #expect(y.gapIsUntouched && dx.gapIsUntouched)
  }

  @Test(
    "Of several that are the largest, the first gets the error; NaN goes through", arguments: Compilation.available,
    widths)
  func maxout(compilation: Compilation, columns: Int) {
    // Few values, so that many are equal.
    let x = Rows(8, 3 * columns, seed: 1) { Float($0.below(3)) }, dy = Rows(8, columns, seed: 2) { $0.element() }
    var y = Rows(8, columns, seed: 3) { _ in .nan }, dx = Rows(8, 3 * columns, seed: 4) { _ in .nan }
    compilation.kernels.maxout(x.memory, x.stride, 3, &y.memory, y.stride, 8, columns)
    compilation.kernels.maxout_derivative(
      x.memory, x.stride, y.memory, y.stride, dy.memory, dy.stride, 3, &dx.memory, dx.stride, 8, columns)
    for i in 0..<8 {
      for j in 0..<columns {
        let pieces = (0..<3).map { x[i, $0 * columns + j] }
        #expect(y[i, j] == pieces.max()!)
        let first = pieces.firstIndex(of: pieces.max()!)!
        for p in 0..<3 { #expect(dx[i, p * columns + j] == (p == first ? dy[i, j] : 0)) }
      }
    }
    #expect(y.gapIsUntouched && dx.gapIsUntouched)
    for place in 0..<2 {
      var pieces: [Float] = [1, 1], largest: [Float] = [0]
      pieces[place] = .nan
      compilation.kernels.maxout(pieces, 2, 2, &largest, 1, 1, 1)
      #expect(largest[0].isNaN)
    }
  }

  @Test("Codes find their rows and bring their errors there", arguments: Compilation.available, widths)
  func embedding(compilation: Compilation, width: Int) {
    let counts: [Int32] = [3, 1, 6], starts: [Int32] = [0, 3, 4]
    var x = Rows(30, 3, seed: 1) { Float($0.below(8)) - 1 }  // some that no table has
    x.replaceRow(3) { _, _ in .nan }
    x.replaceRow(4) { _, _ in 1e30 }
    let table = Rows(10, width, seed: 2) { $0.element() }.elements
    let dy = Rows(30, 3 * width, seed: 3) { $0.element() }
    for shared in [false, true] {
      let (rows, flag): (Int, Int32) = shared ? (3, 1) : (10, 0)
      func row(_ i: Int, _ c: Int) -> Int {
        let code = x[i, c], count = counts[shared ? 0 : c]
        return (shared ? 0 : Int(starts[c])) + (code >= 0 && code < Float(count) ? Int(code) : 0)
      }
      var y = Rows(30, 3 * width, seed: 4) { _ in .nan }
      compilation.kernels.embed(
        x.memory, x.stride, table, starts, counts, flag, width, &y.memory, y.stride, 30, 3)
      var expected = [Float](repeating: 0, count: rows * width)
      for i in 0..<30 {
        for c in 0..<3 {
          for j in 0..<width {
            #expect(y[i, c * width + j] == table[row(i, c) * width + j])
            expected[row(i, c) * width + j] += dy[i, c * width + j]
          }
        }
      }
      #expect(y.gapIsUntouched)
      for range in [0..<rows, 1..<2, 2..<rows] {
        var sums = [Float](repeating: .nan, count: range.count * width + 1)
        compilation.kernels.embed_sums(
          x.memory, x.stride, dy.memory, dy.stride, starts, counts, flag, range.lowerBound, range.upperBound, width,
          &sums, 30, 3)
        #expect(sums.dropLast().bits == expected[range.lowerBound * width..<range.upperBound * width].bits)
        #expect(sums.last!.isNaN)
      }
    }
  }

  @Test("Waves and their slopes agree with cos and sin in Double", arguments: Compilation.available, widths)
  func periodic(compilation: Compilation, width: Int) {
    let kernels = compilation.kernels
    // Up to hundreds of turns; products of few bits, so that only what is done to them is judged.
    let x = Rows(6, 2, seed: 1) { Float($0.below(4096)) / 64 - 32 }
    let frequencies = Rows(2, width, seed: 2) { Float($0.below(1024)) / 64 - 8 }.elements
    let phases = Rows(2, width, seed: 3) { 3 * $0.element() }.elements
    let dy = Rows(6, 2 * width, seed: 4) { $0.element() }
    var y = Rows(6, 2 * width, seed: 5) { _ in .nan }, slopes = y, dx = Rows(6, 2, seed: 6) { _ in .nan }
    var sums = frequencies + [.nan]
    kernels.periodic(
      x.memory, x.stride, frequencies, phases, width, &y.memory, y.stride, &slopes.memory, slopes.stride, 6, 2)
    kernels.periodic_derivative(
      dy.memory, dy.stride, slopes.memory, slopes.stride, frequencies, width, &dx.memory, dx.stride, 6, 2)
    kernels.periodic_sums(
      x.memory, x.stride, dy.memory, dy.stride, slopes.memory, slopes.stride, width, &sums, 6, 2)
    for c in 0..<2 {
      for j in 0..<width {
        var sum = 0.0
        for i in 0..<6 {
          let angle =
            2 * Double.pi * Double(x[i, c]) * Double(frequencies[c * width + j]) + Double(phases[c * width + j])
          #expect(abs(Double(y[i, c * width + j]) - cos(angle)) <= 5e-7)
          #expect(abs(Double(slopes[i, c * width + j]) + sin(angle)) <= 5e-7)
          sum -= 2 * Double.pi * sin(angle) * Double(dy[i, c * width + j]) * Double(x[i, c])
        }
        #expect(abs(Double(sums[c * width + j]) - sum) <= 1e-3)
      }
      for i in 0..<6 {
        let exact = (0..<width).map { j in
          -2 * Double.pi * Double(frequencies[c * width + j]) * Double(dy[i, c * width + j])
            * sin(
              2 * Double.pi * Double(x[i, c]) * Double(frequencies[c * width + j]) + Double(phases[c * width + j]))
        }.reduce(0, +)
        #expect(abs(Double(dx[i, c]) - exact) <= 1e-3)
      }
    }
    #expect(y.gapIsUntouched && slopes.gapIsUntouched && dx.gapIsUntouched && sums.last!.isNaN)
    var wave: [Float] = [0]
    for value in [Float.nan, .infinity] {
      kernels.periodic([value], 1, [1], [0], 1, &wave, 1, nil, 0, 1, 1)
      #expect(wave[0].isNaN)
    }
    kernels.periodic([0x1p40], 1, [1], [0], 1, &wave, 1, nil, 0, 1, 1)
    #expect(wave[0] == 1)
  }

  @Test("A bin says how far x is through it; the outer ones go on", arguments: Compilation.available)
  func piecewise(compilation: Compilation) {
    let edges: [[Float]] = [
      [-1, 0.5], [-1, -0.25, 0.25, 1], (0...20).map { Float($0) / 8 - 1 }, (0...16).map { Float($0 * $0) },
    ]
    let lows = edges.flatMap { $0.dropLast() }
    let scales = edges.flatMap { edges in zip(edges, edges.dropFirst()).map { 1 / ($1 - $0) } }
    let bins = edges.map { Int32($0.count - 1) }
    let x = Rows(50, 4, seed: 1) { 2.5 * $0.element() }, dy = Rows(50, lows.count, seed: 2) { $0.element() }
    var y = Rows(50, lows.count, seed: 3) { _ in .nan }, dx = Rows(50, 4, seed: 4) { _ in .nan }
    compilation.kernels.piecewise(x.memory, x.stride, lows, scales, bins, &y.memory, y.stride, 50, 4)
    compilation.kernels.piecewise_derivative(
      x.memory, x.stride, dy.memory, dy.stride, lows, scales, bins, &dx.memory, dx.stride, 50, 4)
    for i in 0..<50 {
      var place = 0
      for (c, edges) in edges.enumerated() {
        var slope = 0.0
        for bin in 0..<edges.count - 1 {
          let (low, high, value) = (Double(edges[bin]), Double(edges[bin + 1]), Double(x[i, c]))
          var exact = (value - low) / (high - low)
          if (exact >= 0 || bin == 0) && (exact < 1 || bin == edges.count - 2) {
            slope += Double(dy[i, place]) / (high - low)
          }
          if bin > 0 { exact = max(exact, 0) }
          if bin < edges.count - 2 { exact = min(exact, 1) }
          #expect(abs(Double(y[i, place]) - exact) <= 1e-5 * max(1, abs(exact)))
          place += 1
        }
        #expect(abs(Double(dx[i, c]) - slope) <= 1e-5)
      }
    }
    #expect(y.gapIsUntouched && dx.gapIsUntouched)
  }
}
