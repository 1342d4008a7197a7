import DownhillCompute
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  @Test("Every tile runs exactly once before a run returns", arguments: [1, 2, 5], [0, 1, 2, 7, 1_000])
  func runsEveryTileOnce(threads: Int, tiles: Int) {
    let pool = WorkerPool(exactly: threads)
    let counter = Counter(tiles: tiles)
    for round in 1...20 {
      pool.run(tiles: tiles, of: counter)
      #expect(counter.counts == Array(repeating: round, count: tiles))
    }
  }

  @Test("Many small runs follow one another", arguments: [2, 5])
  func runsManyTimes(threads: Int) {
    let pool = WorkerPool(exactly: threads)
    let counter = Counter(tiles: 3)
    for _ in 0..<20_000 { pool.run(tiles: 3, of: counter) }
    #expect(counter.counts == [20_000, 20_000, 20_000])
  }

  @Test("Work may use the pool that it runs on", arguments: [1, 2, 5])
  func mayBeNested(threads: Int) {
    let pool = WorkerPool(exactly: threads)
    let outer = Nested(pool: pool, inner: Counter(tiles: 10))
    for _ in 0..<50 { pool.run(tiles: 8, of: outer) }
    #expect(outer.inner.counts == Array(repeating: 400, count: 10))
  }

  @Test("What one run has written the next one sees, on whichever thread", arguments: [1, 2, 5])
  func ordersRuns(threads: Int) {
    let pool = WorkerPool(exactly: threads)
    let work = Recurrence(count: 7)
    for _ in 0..<3_000 { pool.run(tiles: 7, of: work) }
    for tile in 0..<7 {
      let expected = (0..<3_000).reduce(UInt64(1)) { value, _ in 3 &* value &+ UInt64(tile) }
      #expect(work.values[tile] == expected)
    }
  }

  @Test("Threads outside the pool may use it at the same time")
  func mayBeShared() async {
    let pool = WorkerPool(exactly: 3)
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

  @Test("Whoever asks for more threads than processors gets one for each processor")
  func hasNoMoreThreadsThanProcessors() {
    let processors = WorkerPool.processorCount
    #expect(WorkerPool().threads == processors)
    #expect(WorkerPool(threads: 1_000 * processors).threads == processors)
    #expect(WorkerPool(threads: 1).threads == 1 && WorkerPool(threads: 0).threads == 1)
  }

  @Test("Pools come and go")
  func comesAndGoes() {
    for threads in 1...30 {
      let counter = Counter(tiles: 4)
      WorkerPool(exactly: threads % 6 + 1).run(tiles: 4, of: counter)
      #expect(counter.counts == [1, 1, 1, 1])
    }
  }
}

/// Counts how often each tile has run. Atomically, since nested work may count one tile on several threads.
private final class Counter: TiledWork, @unchecked Sendable {
  // Unchecked: the memory is written through atomics alone.
  private let tiles: Int
  private let memory: UnsafeMutablePointer<Atomic<Int>>

  init(tiles: Int) {
    self.tiles = tiles
    memory = .allocate(capacity: tiles)
    for tile in 0..<tiles { (memory + tile).initialize(to: Atomic(0)) }
  }

  deinit {
    memory.deinitialize(count: tiles)
    memory.deallocate()
  }

  func run(tile: Int) { memory[tile].add(1, ordering: .relaxed) }
  var counts: [Int] { (0..<tiles).map { memory[$0].load(ordering: .relaxed) } }
}

/// Plain memory that each tile changes: only the pool keeps one run's writes apart from the next one's.
private final class Recurrence: TiledWork, @unchecked Sendable {
  // Unchecked: a tile changes its own element, and the pool orders the runs.
  let values: UnsafeMutablePointer<UInt64>
  let count: Int

  init(count: Int) {
    self.count = count
    values = .allocate(capacity: count)
    values.initialize(repeating: 1, count: count)
  }

  deinit { values.deallocate() }
  func run(tile: Int) { values[tile] = 3 &* values[tile] &+ UInt64(tile) }
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
