internal import CKernels

extension RandomStream {
  /// The numbers 0 ..< count in random order (Fisher–Yates).
  public mutating func permutation(of count: Int) -> [Int32] {
    var order = [Int32](0..<Int32(count))
    shuffle(&order)
    return order
  }

  /// Puts the elements into random order (Fisher–Yates).
  public mutating func shuffle(_ elements: inout [Int32]) {
    elements.withUnsafeMutableBufferPointer { elements in
      guard let base = elements.baseAddress else { return }
      // All that are still to be placed are these and those below.
      var last = elements.count - 1
      withNumbersInRuns { numbers in
        var drawn = 0
        while last > 0 && drawn < numbers.count {
          // One that is refused is drawn again, for the same place.
          if let other = Self.scaled(numbers[drawn], to: UInt64(truncatingIfNeeded: last &+ 1)) {
            let other = Int(truncatingIfNeeded: other)
            (base[last], base[other]) = (base[other], base[last])
            last &-= 1
          }
          drawn &+= 1
        }
        return drawn
      }
    }
  }

  /// Uniform in 0 ..< bound, without bias (Lemire, "Fast random integer generation in an interval", 2019).
  public mutating func below(_ bound: UInt64) -> UInt64 {
    while true {
      if let number = Self.scaled(next(), to: bound) { return number }
    }
  }

  /// One of 64 random bits' numbers as one below the bound; nil for the few that would make some more likely than others.
  @inline(__always)
  private static func scaled(_ number: UInt64, to bound: UInt64) -> UInt64? {
    let product = number.multipliedFullWidth(by: bound)
    // The threshold is below the bound: a division that is hardly ever needed.
    if product.low < bound && product.low < (0 &- bound) % bound { return nil }
    return product.high
  }

  /// Hands over the numbers that `next` would give, many at a time, until fewer are drawn than were there.
  @inline(__always)
  private mutating func withNumbersInRuns(_ draw: (_ numbers: UnsafeBufferPointer<UInt64>) -> Int) {
    var place = position
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * Self.blocksInRun) { numbers in
      while true {
        withWords { key, step in
          kernels.random_numbers(key, step, UInt64(place / 2), numbers.baseAddress!, Self.blocksInRun)
        }
        // The first number of a block may be gone.
        let rest = UnsafeBufferPointer(rebasing: numbers[(place % 2)...])
        let drawn = draw(rest)
        place += drawn
        if drawn < rest.count { return }
      }
    }
    seek(to: place)
  }

  private static let blocksInRun = 32
}
