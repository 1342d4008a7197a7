import ArgumentParser
import Downhill

/// One shape and one case of transposition, timed.
struct ProductTrial {
  let shape: ProductShape
  let operands: Transposition
  private let a: Matrix
  private let b: Matrix

  init(_ shape: ProductShape, _ operands: Transposition) {
    self.shape = shape
    self.operands = operands
    a = operands == .first ? Self.random(shape.k, shape.m) : Self.random(shape.m, shape.k)
    b = operands == .second ? Self.random(shape.n, shape.k) : Self.random(shape.k, shape.n)
  }

  /// Numbers between −1 and 1; those of a fixed sequence, so that each run multiplies the same.
  private static func random(_ rows: Int, _ columns: Int) -> Matrix {
    var state: UInt32 = 1
    let elements = (0..<rows * columns).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) - 1
    }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }

  /// - Throws: where the two products differ by more than their rounding.
  func time(pairs: Int, against openBLAS: OpenBLAS?) throws -> ProductResult {
    // Blocks of about 4 ms at 100 GFLOP/s.
    let count = max(1, Int(4e8 / shape.flops))
    var c = Matrix(rows: shape.m, columns: shape.n)
    func ours() {
      a.withView { a in
        b.withView { b in
          c.withMutableView { c in
            let left = operands == .first ? a.transposed : a
            let right = operands == .second ? b.transposed : b
            for _ in 0..<count { c.product(left, right) }
          }
        }
      }
    }

    guard let openBLAS else {
      ours()
      return result(ours: (0..<pairs).map { _ in seconds(ours) / Double(count) }, theirs: [])
    }
    let buffers = [a.elements, b.elements, [Float](repeating: 0, count: shape.m * shape.n)].map(aligned)
    defer { for buffer in buffers { buffer.deallocate() } }
    func theirs() {
      for _ in 0..<count {
        openBLAS.product(shape, operands, a: buffers[0], b: buffers[1], into: buffers[2])
      }
    }

    ours()
    theirs()
    let largest = zip(c.elements, UnsafeBufferPointer(start: buffers[2], count: shape.m * shape.n))
      .reduce(0) { max($0, abs($1.0 - $1.1)) }
    guard largest < 1e-5 * Float(shape.k) else {
      throw ValidationError("\(shape), \(operands.rawValue): the two products differ by \(largest)")
    }
    var oursTimes: [Double] = [], theirsTimes: [Double] = []
    for pair in 0..<pairs {
      // Which one goes first alternates, so that neither always finds the caches as the other left them.
      if pair % 2 == 0 { oursTimes.append(seconds(ours) / Double(count)) }
      theirsTimes.append(seconds(theirs) / Double(count))
      if pair % 2 == 1 { oursTimes.append(seconds(ours) / Double(count)) }
    }
    return result(ours: oursTimes, theirs: theirsTimes)
  }

  private func result(ours: [Double], theirs: [Double]) -> ProductResult {
    ProductResult(
      m: shape.m, n: shape.n, k: shape.k, product: operands,
      downhill: rounded(shape.flops / median(ours) * 1e-9, 1),
      openBLAS: theirs.isEmpty ? nil : rounded(shape.flops / median(theirs) * 1e-9, 1),
      ratio: theirs.isEmpty ? nil : rounded(median(zip(ours, theirs).map { $1 / $0 }), 3))
  }

  /// A copy on a cache line's boundary, as our own matrices are.
  private func aligned(_ elements: [Float]) -> UnsafeMutablePointer<Float> {
    let bytes = max(64, elements.count * MemoryLayout<Float>.stride)
    let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(16, elements.count))
    base.update(from: elements, count: elements.count)
    return base
  }
}
