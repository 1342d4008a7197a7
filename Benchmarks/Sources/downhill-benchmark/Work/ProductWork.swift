import ArgumentParser

/// A matrix product, ours or a library's: what the processor can do, to hold steps against.
final class ProductWork: Work {
  private let operands: ProductOperands
  private let peer: BLAS?

  /// - Throws: where the library that is asked for is not installed.
  init(_ request: WorkRequest) throws {
    guard let shape = request.shape, shape.count == 3 else { throw ValidationError("a product takes a shape: m, n, k") }
    operands = ProductOperands(ProductShape(m: shape[0], n: shape[1], k: shape[2]))
    peer = try request.library.map { name in
      guard let peer = BLAS.installed().first(where: { $0.name == name }) else {
        throw ValidationError("not installed")
      }
      return peer
    }
  }

  func run(count: Int) {
    if let peer { operands.multiply(by: peer, count: count) } else { operands.multiply(count: count) }
  }
}
