/// Sums over rows, one for each bin of each column, as growing trees needs them: x is the sum of gradients, y that of
/// hessians with the number of rows in its lowest bits. All are integers, so sums are exact: they come to the same in any
/// order, and the difference of two is what summing the rest would have given.
package final class BinSums: @unchecked Sendable {
  // Unchecked: whoever writes a column's bins is the only one to touch them then.
  package typealias Sum = SIMD2<Int64>

  /// Bits of y that count rows.
  package static let countBits: Int64 = 24
  package static let mostRows = 1 << 24 - 1

  private let sums: UnsafeMutableBufferPointer<Sum>

  package init(bins: Int) {
    sums = .allocate(capacity: max(1, bins))
    sums.initialize(repeating: .zero)
  }

  deinit { sums.deallocate() }

  package subscript(bins: Range<Int>) -> UnsafeBufferPointer<Sum> {
    UnsafeBufferPointer(UnsafeMutableBufferPointer(rebasing: sums[bins]))
  }

  /// Makes a column's bins the sums over some rows.
  /// - Parameters:
  ///   - codes: the bin of each of all rows in this column.
  ///   - derivatives: of each of `rows`, in their order.
  package func sum(
    _ bins: Range<Int>, codes: UnsafeBufferPointer<UInt8>, rows: UnsafeBufferPointer<Int32>,
    derivatives: UnsafeBufferPointer<Sum>
  ) {
    let target = sums.baseAddress! + bins.lowerBound
    target.update(repeating: .zero, count: bins.count)
    if rows.isEmpty { return }
    let codes = codes.baseAddress!, places = rows.baseAddress!, terms = derivatives.baseAddress!
    for index in 0..<rows.count {
      target[Int(codes[Int(places[index])])] &+= terms[index]
    }
  }

  /// Makes a column's bins those of `whole` less those of `part`.
  package func subtract(_ bins: Range<Int>, _ part: BinSums, from whole: BinSums) {
    for bin in bins { sums[bin] = whole.sums[bin] &- part.sums[bin] }
  }
}

/// Puts the rows whose bin is among some to the front of their range, and keeps the order within both parts.
/// - Parameters:
///   - isLeft: for each bin whether it is.
///   - spare: room for as many rows.
/// - Returns: how many they are.
package func partition(
  _ rows: UnsafeMutableBufferPointer<Int32>, codes: UnsafeBufferPointer<UInt8>, isLeft: UnsafeBufferPointer<Bool>,
  spare: UnsafeMutableBufferPointer<Int32>
) -> Int {
  guard let base = rows.baseAddress else { return 0 }
  let codes = codes.baseAddress!, isLeft = isLeft.baseAddress!, rest = spare.baseAddress!
  var left = 0, right = 0
  for index in 0..<rows.count {
    let row = base[index]
    // Without a branch: what belongs to the other part is overwritten by the next.
    base[left] = row
    rest[right] = row
    let goesLeft = isLeft[Int(codes[Int(row)])]
    left &+= goesLeft ? 1 : 0
    right &+= goesLeft ? 0 : 1
  }
  (base + left).update(from: rest, count: right)
  return left
}
