import Downhill

/// One shape and one case of transposition, multiplied again and again by our loops or by a library's.
final class ProductOperands {
  let shape: ProductShape
  let transposition: Transposition
  private let a: Matrix
  private let b: Matrix
  private var c: Matrix
  /// A, B and C as the libraries have them, on a cache line's boundary as our own matrices are.
  private let buffers: [UnsafeMutablePointer<Float>]

  init(_ shape: ProductShape, _ transposition: Transposition = .neither) {
    self.shape = shape
    self.transposition = transposition
    a = transposition == .first ? Self.random(shape.k, shape.m) : Self.random(shape.m, shape.k)
    b = transposition == .second ? Self.random(shape.n, shape.k) : Self.random(shape.k, shape.n)
    c = Matrix(rows: shape.m, columns: shape.n)
    buffers = [a.elements, b.elements, c.elements].map(Self.aligned)
  }

  deinit { for buffer in buffers { buffer.deallocate() } }

  /// By our loops.
  func multiply(count: Int) {
    a.withView { a in
      b.withView { b in
        c.withMutableView { c in
          let left = transposition == .first ? a.transposed : a
          let right = transposition == .second ? b.transposed : b
          for _ in 0..<count { c.product(left, right, wholeRows: shape.m) }
        }
      }
    }
  }

  /// By a library's.
  func multiply(by peer: BLAS, count: Int) {
    for _ in 0..<count { peer.product(shape, transposition, a: buffers[0], b: buffers[1], into: buffers[2]) }
  }

  /// The largest difference between our last product and the libraries'.
  var difference: Float {
    zip(c.elements, UnsafeBufferPointer(start: buffers[2], count: shape.m * shape.n)).reduce(0) {
      max($0, abs($1.0 - $1.1))
    }
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

  private static func aligned(_ elements: [Float]) -> UnsafeMutablePointer<Float> {
    let bytes = max(64, elements.count * MemoryLayout<Float>.stride)
    let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(16, elements.count))
    base.update(from: elements, count: elements.count)
    return base
  }
}
