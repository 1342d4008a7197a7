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
      withNumbersInRuns { next in
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
          elements.swapAt(last, Int(Self.below(UInt64(last + 1), next)))
        }
      }
    }
  }

  /// Uniform in 0 ..< bound, without bias (Lemire, "Fast random integer generation in an interval", 2019).
  public mutating func below(_ bound: UInt64) -> UInt64 { Self.below(bound) { next() } }

  @inline(__always)
  private static func below(_ bound: UInt64, _ next: () -> UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// Hands over a function that gives the numbers that `next` would give, many of which are worked out at once.
  @inline(__always)
  private mutating func withNumbersInRuns(_ body: (() -> UInt64) -> Void) {
    let start = position
    var drawn = 0
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * Self.blocksInRun) { numbers in
      // The first number of a block may be gone.
      var place = start % 2, block = UInt64(start / 2)
      fill(numbers, block: block)
      body {
        if place == numbers.count {
          place = 0
          block += UInt64(Self.blocksInRun)
          fill(numbers, block: block)
        }
        place += 1
        drawn += 1
        return numbers[place - 1]
      }
    }
    seek(to: start + drawn)
  }

  private static let blocksInRun = 32

  private func fill(_ numbers: UnsafeMutableBufferPointer<UInt64>, block: UInt64) {
    withWords { key, step in
      kernels.random_numbers(key, step, block, numbers.baseAddress!, numbers.count / 2)
    }
  }
}
