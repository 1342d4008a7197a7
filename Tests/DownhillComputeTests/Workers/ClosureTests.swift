import DownhillCompute
import Testing

@Suite("Closures on a pool") struct ClosureTests {
  @Test("results stand in their order", arguments: [1, 3])
  func maps(threads: Int) {
    #expect(WorkerPool(threads: threads).map(100) { $0 * $0 } == (0..<100).map { $0 * $0 })
    #expect(WorkerPool(threads: threads).map(0) { $0 }.isEmpty)
  }

  @Test("ranges make up the whole, each but the last a multiple of the shortest", arguments: [0, 1, 64, 65, 9_000_001])
  func ranges(count: Int) {
    let pool = WorkerPool(threads: 1)
    var end = 0
    pool.forEachRange(of: count, shortest: 64) { range in
      #expect(range.lowerBound == end && !range.isEmpty && (range.count % 64 == 0 || range.upperBound == count))
      end = range.upperBound
    }
    #expect(end == count)
  }
}
