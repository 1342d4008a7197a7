import DownhillCompute
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  @Test("Every tile runs exactly once before a run returns", arguments: [1, 2, 5], [0, 1, 2, 7, 1_000])
  func runsEveryTileOnce(threads: Int, tiles: Int) {
    let pool = WorkerPool(threads: threads)
    let counter = Counter(tiles: tiles)
    for round in 1...20 {
      pool.run(tiles: tiles, of: counter)
      #expect(counter.counts == Array(repeating: round, count: tiles))
    }
  }

  @Test("Many small runs follow one another", arguments: [2, 5])
  func runsManyTimes(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let counter = Counter(tiles: 3)
    for _ in 0..<20_000 { pool.run(tiles: 3, of: counter) }
    #expect(counter.counts == [20_000, 20_000, 20_000])
  }

  @Test("Work may use the pool that it runs on", arguments: [1, 2, 5])
  func mayBeNested(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let outer = Nested(pool: pool, inner: Counter(tiles: 10))
    for _ in 0..<50 { pool.run(tiles: 8, of: outer) }
    #expect(outer.inner.counts == Array(repeating: 400, count: 10))
  }

  @Test("Threads outside the pool may use it at the same time")
  func mayBeShared() async {
    let pool = WorkerPool(threads: 3)
    await withTaskGroup(of: [Int].self) { group in
      for _ in 0..<4 {
        group.addTask {
          let counter = Counter(tiles: 50)
          for _ in 0..<200 { pool.run(tiles: 50, of: counter) }
          return counter.counts
        }
      }
      for await counts in group { #expect(counts == Array(repeating: 200, count: 50)) }
    }
  }

  @Test("Pools come and go")
  func comesAndGoes() {
    for threads in 1...30 {
      let counter = Counter(tiles: 4)
      WorkerPool(threads: threads % 6 + 1).run(tiles: 4, of: counter)
      #expect(counter.counts == [1, 1, 1, 1])
    }
  }
}

/// Counts how often each tile has run.
private final class Counter: TiledWork, Sendable {
  private let count: Mutex<[Int]>
  init(tiles: Int) { count = Mutex(Array(repeating: 0, count: tiles)) }
  func run(tile: Int) { count.withLock { $0[tile] += 1 } }
  var counts: [Int] { count.withLock { $0 } }
}

private final class Nested: TiledWork, Sendable {
  let pool: WorkerPool
  let inner: Counter
  init(pool: WorkerPool, inner: Counter) {
    self.pool = pool
    self.inner = inner
  }
  func run(tile: Int) { pool.run(tiles: 10, of: inner) }
}
