internal import CKernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The threads of a pool and what they share. It outlives the pool until the last thread has ended.
final class Crew: @unchecked Sendable {
  // Unchecked for `work` alone: it is written before tiles are dealt out (release), and read after one of them has been
  // claimed (acquire), which keeps `run` from returning until that tile is done.
  private var work: (any TiledWork)?

  private let ranges: TileRanges
  private let finished = Atomic<Int>(0)
  private let busy = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  private var runs: UInt64 = 0
  /// Where each thread sleeps: the caller until a run is done, the others until they are dealt tiles.
  private let beds: [Bed]

  /// Pauses before a waiting thread sleeps: some tens of microseconds, the length of the gaps between phases.
  private static let spins = 2_000

  init(threads: Int) {
    ranges = TileRanges(threads: threads)
    beds = (0..<threads).map { _ in Bed() }
  }

  // MARK: The caller, thread 0

  func acquire() -> Bool { !busy.exchange(true, ordering: .acquiring) }
  func release() { busy.store(false, ordering: .releasing) }

  /// Runs tiles on the first `threads` threads.
  func run(tiles: Int, threads: Int, of work: some TiledWork) {
    precondition(tiles <= TileRanges.mostTiles, "\(tiles) tiles; at most \(TileRanges.mostTiles)")
    self.work = work
    finished.store(0, ordering: .relaxed)
    runs &+= 1
    ranges.deal(tiles, to: threads, run: runs)
    for thread in 1..<threads { beds[thread].wake() }
    takeTiles(thread: 0)
    wait(in: beds[0]) { finished.load(ordering: .sequentiallyConsistent) == tiles }
    self.work = nil
  }

  /// Claims and runs tiles until there are none, then counts them: until then the run can't end.
  private func takeTiles(thread: Int) {
    var count = 0
    while let tile = ranges.claim(for: thread) {
      work!.run(tile: tile)
      count += 1
    }
    if count == 0 { return }
    finished.add(count, ordering: .sequentiallyConsistent)
    if thread != 0 { beds[0].wake() }
  }

  private func wait(in bed: Bed, until condition: () -> Bool) {
    for _ in 0..<Crew.spins {
      if condition() { return }
      dh_relax()
    }
    bed.sleep(until: condition)
  }

  // MARK: The other threads

  func start() {
    for thread in 1..<max(1, beds.count) { startThread(thread) }
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    for bed in beds { bed.wake() }
  }

  private func work(thread: Int) {
    // The memory that products work in, now rather than in the middle of a step.
    _ = dh_thread_scratch()
    var seen: UInt64 = 0
    while !stopping.load(ordering: .sequentiallyConsistent) {
      wait(in: beds[thread]) {
        ranges.run(of: thread) != seen || stopping.load(ordering: .sequentiallyConsistent)
      }
      seen = ranges.run(of: thread)
      takeTiles(thread: thread)
    }
  }

  /// What a new thread needs to know.
  private final class Assignment {
    let crew: Crew
    let thread: Int
    init(_ crew: Crew, thread: Int) { (self.crew, self.thread) = (crew, thread) }
  }

  private func startThread(_ number: Int) {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let context = Unmanaged.passRetained(Assignment(self, thread: number))
    let status = pthread_create(
      &thread, nil,
      { context in
        #if canImport(Darwin)
          let assignment = Unmanaged<Assignment>.fromOpaque(context).takeRetainedValue()
        #else
          let assignment = Unmanaged<Assignment>.fromOpaque(context!).takeRetainedValue()
        #endif
        assignment.crew.work(thread: assignment.thread)
        return nil
      }, context.toOpaque())
    // Fewer threads than asked for is slower, not wrong.
    if status != 0 { context.release() } else { _ = pthread_detach(threadHandle(thread)) }
  }

  #if canImport(Darwin)
    private func threadHandle(_ thread: pthread_t?) -> pthread_t { thread! }
  #else
    private func threadHandle(_ thread: pthread_t) -> pthread_t { thread }
  #endif
}
