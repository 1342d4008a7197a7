import CKernels
import DownhillCompute
import Testing

@Suite("Statistics of columns") struct StatisticsTests {
  @Test(
    "sums and extremes are those of whole numbers, which no order of adding changes", arguments: Compilation.available,
    [1, 2, 15, 16, 17, 333])
  func sums(compilation: Compilation, count: Int) {
    let numbers = (0..<count).map { Double(($0 * 7919) % 1_009 - 504) }
    #expect(compilation.kernels.sum_of_differences(numbers, count, 0.5, 2) == numbers.reduce(0) { $0 + $1 / 2 - 2 })
    #expect(
      compilation.kernels.sum_of_squares(numbers, count, 0.5, 2)
        == numbers.reduce(0) { $0 + ($1 / 2 - 2) * ($1 / 2 - 2) })
    var smallest = 0.0, largest = 0.0
    compilation.kernels.extremes(numbers, count, &smallest, &largest)
    #expect(smallest == numbers.min() && largest == numbers.max())
  }

  @Test("sums have the same bits by every instruction set")
  func isTheSameEverywhere() {
    var random = RandomStream(seed: 4, purpose: .check)
    let numbers = (0..<10_007).map { _ in random.normal() }
    let found = Compilation.available.map { compilation in
      [
        compilation.kernels.sum_of_differences(numbers, numbers.count, 0.25, 0.1),
        compilation.kernels.sum_of_squares(numbers, numbers.count, 0.25, 0.1),
      ]
    }
    #expect(found.allSatisfy { $0 == found[0] })
  }

  @Test("sums of bytes are exact for as many rows as they take", arguments: Compilation.available)
  func bytes(compilation: Compilation) {
    let row = [UInt8](repeating: 255, count: 37)
    var sums = [UInt32](repeating: 0, count: 37), squares = sums
    for _ in 0..<ByteSums.mostRows { compilation.kernels.add_bytes(row, &sums, &squares, 37) }
    #expect(sums.allSatisfy { $0 == 255 << 16 } && squares.allSatisfy { UInt64($0) == 255 * 255 << 16 })
  }
}
