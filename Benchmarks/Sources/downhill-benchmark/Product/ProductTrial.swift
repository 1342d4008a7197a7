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

  /// - Parameter turns: how often each side runs a block; fewer where one product takes long.
  /// - Throws: where two products differ by more than their rounding.
  func time(turns: Int, against peers: [BLAS]) throws -> ProductResult {
    var c = Matrix(rows: shape.m, columns: shape.n)
    func ours(_ count: Int) {
      a.withView { a in
        b.withView { b in
          c.withMutableView { c in
            let left = operands == .first ? a.transposed : a
            let right = operands == .second ? b.transposed : b
            for _ in 0..<count { c.product(left, right, wholeRows: shape.m) }
          }
        }
      }
    }
    let buffers = [a.elements, b.elements, [Float](repeating: 0, count: shape.m * shape.n)].map(aligned)
    defer { for buffer in buffers { buffer.deallocate() } }
    let sides =
      [ours]
      + peers.map { peer in
        { count in
          for _ in 0..<count { peer.product(shape, operands, a: buffers[0], b: buffers[1], into: buffers[2]) }
        }
      }

    ours(1)
    for (peer, side) in zip(peers, sides.dropFirst()) {
      side(1)
      try check(c, UnsafeBufferPointer(start: buffers[2], count: shape.m * shape.n), peer)
    }
    let counts = sides.map(Self.count)
    let turns = shape.flops > 4e9 ? min(turns, 5) : turns
    var times = sides.map { _ in [Double]() }
    for turn in 0..<turns {
      // Who goes first changes, so that none always finds the caches as the same other left them.
      for place in sides.indices {
        let index = (place + turn) % sides.count
        times[index].append(seconds { sides[index](counts[index]) } / Double(counts[index]))
      }
    }
    return ProductResult(
      m: shape.m, n: shape.n, k: shape.k, product: operands, downhill: speed(times[0]),
      peers: zip(peers, times.dropFirst()).map { peer, theirs in
        ProductResult.Peer(
          name: peer.name, speed: speed(theirs), ratio: rounded(median(zip(times[0], theirs).map { $1 / $0 }), 3))
      })
  }

  /// How many take about 4 ms; some libraries are much slower than others where products are small.
  private static func count(_ side: (Int) -> Void) -> Int {
    var count = 1
    while true {
      let time = seconds { side(count) }
      if time > 1e-3 { return max(1, Int(4e-3 / time * Double(count))) }
      count *= 2
    }
  }

  private func check(_ ours: Matrix, _ theirs: UnsafeBufferPointer<Float>, _ peer: BLAS) throws {
    let largest = zip(ours.elements, theirs).reduce(0) { max($0, abs($1.0 - $1.1)) }
    guard largest < 1e-5 * Float(shape.k) else {
      throw ValidationError("\(shape), \(operands.rawValue): ours and \(peer.name)'s product differ by \(largest)")
    }
  }

  /// GFLOP/s
  private func speed(_ times: [Double]) -> Double { rounded(shape.flops / median(times) * 1e-9, 3) }

  /// A copy on a cache line's boundary, as our own matrices are.
  private func aligned(_ elements: [Float]) -> UnsafeMutablePointer<Float> {
    let bytes = max(64, elements.count * MemoryLayout<Float>.stride)
    let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(16, elements.count))
    base.update(from: elements, count: elements.count)
    return base
  }
}
