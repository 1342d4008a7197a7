import ArgumentParser

/// One shape and one case of transposition, timed.
struct ProductTrial {
  private let operands: ProductOperands
  private var shape: ProductShape { operands.shape }

  init(_ shape: ProductShape, _ transposition: Transposition) {
    operands = ProductOperands(shape, transposition)
  }

  /// - Parameter turns: how often each side runs a block; fewer where one product takes long.
  /// - Throws: where two products differ by more than their rounding.
  func time(turns: Int, against peers: [BLAS]) throws -> ProductResult {
    let operands = operands
    let sides =
      [operands.multiply(count:)] + peers.map { peer in { count in operands.multiply(by: peer, count: count) } }

    sides[0](1)
    for (peer, side) in zip(peers, sides.dropFirst()) {
      side(1)
      try check(peer)
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
      m: shape.m, n: shape.n, k: shape.k, product: operands.transposition, downhill: speed(times[0]),
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

  private func check(_ peer: BLAS) throws {
    let largest = operands.difference
    guard largest < 1e-5 * Float(shape.k) else {
      throw ValidationError(
        "\(shape), \(operands.transposition.rawValue): ours and \(peer.name)'s product differ by \(largest)")
    }
  }

  /// GFLOP/s
  private func speed(_ times: [Double]) -> Double { rounded(shape.flops / median(times) * 1e-9, 3) }
}
