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

  private let threads: Int
  private let ranges: TileRanges
  /// Goes up when tiles are dealt out.
  private let runs = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)
  private let busy = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let offered = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Pauses before a waiting thread sleeps: some tens of microseconds, the length of the gaps between phases.
  private static let spins = 2_000

  init(threads: Int) {
    self.threads = threads
    ranges = TileRanges(threads: threads)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(offered, nil)
    pthread_cond_init(done, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(offered)
    pthread_cond_destroy(done)
    mutex.deallocate()
    offered.deallocate()
    done.deallocate()
  }

  // MARK: The caller, thread 0

  func acquire() -> Bool { !busy.exchange(true, ordering: .acquiring) }
  func release() { busy.store(false, ordering: .releasing) }

  func run(tiles: Int, of work: some TiledWork) {
    precondition(tiles <= TileRanges.mostTiles, "\(tiles) tiles; at most \(TileRanges.mostTiles)")
    self.work = work
    finished.store(0, ordering: .relaxed)
    let number = runs.load(ordering: .relaxed) &+ 1
    ranges.deal(tiles, run: number)
    runs.store(number, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(offered)
      pthread_mutex_unlock(mutex)
    }
    takeTiles(thread: 0)
    awaitFinish(tiles)
    self.work = nil
  }

  private func awaitFinish(_ tiles: Int) {
    for _ in 0..<Crew.spins {
      if finished.load(ordering: .acquiring) == tiles { return }
      dh_relax()
    }
    pthread_mutex_lock(mutex)
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    while finished.load(ordering: .sequentiallyConsistent) != tiles { pthread_cond_wait(done, mutex) }
    callerSleeps.store(false, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
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
    if thread != 0, callerSleeps.load(ordering: .sequentiallyConsistent) {
      pthread_mutex_lock(mutex)
      pthread_cond_signal(done)
      pthread_mutex_unlock(mutex)
    }
  }

  // MARK: The other threads

  func start() {
    for thread in 1..<max(1, threads) { startThread(thread) }
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(offered)
    pthread_mutex_unlock(mutex)
  }

  private func work(thread: Int) {
    // The memory that products work in, now rather than in the middle of a step.
    _ = dh_thread_scratch()
    var seen: UInt64 = 0
    while !stopping.load(ordering: .acquiring) {
      seen = awaitRun(after: seen)
      takeTiles(thread: thread)
    }
  }

  /// Returns the number of a run that is not the one seen before, or any when the pool stops.
  private func awaitRun(after seen: UInt64) -> UInt64 {
    for _ in 0..<Crew.spins {
      let number = runs.load(ordering: .acquiring)
      if number != seen || stopping.load(ordering: .relaxed) { return number }
      dh_relax()
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .relaxed) }
    while true {
      let number = runs.load(ordering: .sequentiallyConsistent)
      if number != seen || stopping.load(ordering: .sequentiallyConsistent) { return number }
      pthread_cond_wait(offered, mutex)
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
