internal import DownhillCompute

/// The nearest orthogonal matrix to X, about: from X / ‖X‖, five times X ← aX + (bA + cA²)X with A = XXᵀ, which takes every
/// singular value s to as + bs³ + cs⁵. With Jordan's a, b and c they end between 0.7 and 1.2 (Muon, 2024).
struct Orthogonalization {
  private static let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
  private static let steps = 5
  private static let epsilon = 1e-7

  private let isTall: Bool
  /// X, with no more rows than columns, and the next X.
  private let x: MutableVectorView
  private let next: MutableVectorView
  private let gram: MutableVectorView
  private let polynomial: MutableVectorView
  private let short: Int
  private let long: Int

  static func scratch(rows: Int, columns: Int) -> Int {
    let short = min(rows, columns)
    return 2 * rows * columns + 2 * short * short
  }

  init(rows: Int, columns: Int, scratch: MutableVectorView) {
    isTall = rows > columns
    (short, long) = (min(rows, columns), max(rows, columns))
    let count = short * long, square = short * short
    x = scratch[0..<count]
    next = scratch[count..<2 * count]
    gram = scratch[2 * count..<2 * count + square]
    polynomial = scratch[2 * count + square..<2 * count + 2 * square]
  }

  /// Makes a matrix orthogonal in its place.
  func run(_ matrix: MutableMatrixView) {
    let first = x.matrix(rows: short, columns: long)
    if isTall { first.transpose(of: matrix.readable) } else { first.copy(matrix.readable) }
    let norm = max(x.readable.sumOfSquares.squareRoot(), Self.epsilon)
    x.scale(Float(1 / norm), x.readable)
    var (current, other) = (x, next)
    for _ in 0..<Self.steps {
      let from = current.matrix(rows: short, columns: long), to = other.matrix(rows: short, columns: long)
      let a = gram.matrix(rows: short, columns: short), p = polynomial.matrix(rows: short, columns: short)
      a.product(from.readable, from.readable.transposed)
      p.product(a.readable, a.readable)
      polynomial.scale(Self.c, polynomial.readable)
      polynomial.addScaled(Self.b, gram.readable)
      other.scale(Self.a, current.readable)
      to.addProduct(p.readable, from.readable)
      (current, other) = (other, current)
    }
    let last = current.matrix(rows: short, columns: long)
    if isTall { matrix.transpose(of: last.readable) } else { matrix.copy(last.readable) }
  }
}
