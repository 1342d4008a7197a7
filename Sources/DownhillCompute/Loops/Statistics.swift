internal import CKernels

extension UnsafeBufferPointer<Double> {
  /// The smallest and the largest of at least one number, none of which is NaN.
  package var extremes: (smallest: Double, largest: Double) {
    var (smallest, largest) = (0.0, 0.0)
    kernels.extremes(baseAddress!, count, &smallest, &largest)
    return (smallest, largest)
  }

  /// Σ (x · unit − centre), with the same bits by every instruction set.
  package func sumOfDifferences(unit: Double, from centre: Double) -> Double {
    isEmpty ? 0 : kernels.sum_of_differences(baseAddress!, count, unit, centre)
  }

  /// Σ (x · unit − centre)², with the same bits by every instruction set.
  package func sumOfSquares(unit: Double, from centre: Double) -> Double {
    isEmpty ? 0 : kernels.sum_of_squares(baseAddress!, count, unit, centre)
  }
}

/// Sums of bytes and of their squares, place by place over many rows: whole numbers, whatever their order.
package struct ByteSums {
  private var sums: [UInt32]
  private var squares: [UInt32]
  /// So many rows at most: the squares of more may not fit.
  package static let mostRows = 1 << 16

  package init(count: Int) {
    sums = [UInt32](repeating: 0, count: count)
    squares = sums
  }

  package mutating func add(_ row: UnsafePointer<UInt8>) { kernels.add_bytes(row, &sums, &squares, sums.count) }

  package subscript(place: Int) -> (sum: Int, squares: Int) { (Int(sums[place]), Int(squares[place])) }
}
