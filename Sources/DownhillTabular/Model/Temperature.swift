internal import DownhillCompute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Matrix {
  /// Rows of probabilities p as p^(1/T), normalised.
  func tempered(by temperature: Double) -> Matrix {
    var result = [Float]()
    result.reserveCapacity(elements.count)
    for row in 0..<rows {
      // In double: p^(1/T) of a small p with a low T is no float any more.
      let powers = self.row(row).map { pow(Double($0), 1 / temperature) }
      let sum = powers.reduce(0, +)
      result += powers.map { Float(sum > 0 ? $0 / sum : 1 / Double(powers.count)) }
    }
    return Matrix(rows: rows, columns: columns, elements: result)
  }

  mutating func scale(by factor: Float) {
    let view = mutableView()
    for row in 0..<rows { for column in 0..<columns { view[row, column] *= factor } }
  }
}
