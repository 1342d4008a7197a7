internal import CKernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Work that is cut into tiles, any of which may run on any thread, in any order and at the same time.
package protocol TiledWork: AnyObject {
  func run(tile: Int)
}

/// Threads that take tiles. How many there are decides how fast work is done, never what comes out.
///
/// A step of a small network takes microseconds, so handing out work must cost less: a tile is claimed by one
/// compare-and-exchange, waiting threads spin for a moment before they sleep, and nothing is allocated.
public final class WorkerPool: @unchecked Sendable {
  // Unchecked for `work` alone: it is written before the ticket that offers it is published (release), and read
  // after a tile of that ticket has been claimed (acquire), which keeps `run` from returning until the tile is done.

  /// How many threads work: the caller's and `threads − 1` others.
  public let threads: Int
  private let shared = Shared()

  /// - Parameter threads: at least 1; nil: as many as there are processors.
  public init(threads: Int? = nil) {
    self.threads = max(1, threads ?? WorkerPool.processorCount)
    for _ in 1..<max(1, self.threads) { shared.startThread() }
  }

  deinit { shared.stop() }

  /// Processors that this process may use.
  public static var processorCount: Int {
    max(1, Int(dh_processor_count()))
  }

  /// Runs every tile and returns when all are done.
  package func run(tiles: Int, of work: some TiledWork) {
    // The memory that products work in: the other threads may leave this one without a product for many runs.
    _ = dh_thread_scratch()
    // A pool in use by another thread (or by the work itself) is no reason to wait: do it here.
    if threads == 1 || tiles <= 1 || !shared.acquire() {
      for tile in 0..<tiles { work.run(tile: tile) }
      return
    }
    shared.run(tiles: tiles, of: work)
    shared.release()
  }
}

/// What the threads share. It outlives the pool until the last thread has ended.
private final class Shared: @unchecked Sendable {
  /// The offer: generation (24 bits), number of tiles (20 bits), next tile to claim (20 bits).
  private let ticket = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)
  private let busy = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  private var work: (any TiledWork)?
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let offered = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Pauses before a waiting thread sleeps: some tens of microseconds, the length of the gaps between phases.
  private static let spins = 2_000

  init() {
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

  func acquire() -> Bool { !busy.exchange(true, ordering: .acquiring) }
  func release() { busy.store(false, ordering: .releasing) }

  func run(tiles: Int, of work: some TiledWork) {
    precondition(tiles < 1 << 20, "\(tiles) tiles; at most 2²⁰ − 1")
    self.work = work
    finished.store(0, ordering: .relaxed)
    let generation = (ticket.load(ordering: .relaxed) >> 40) &+ 1
    ticket.store(generation << 40 | UInt64(tiles) << 20, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(offered)
      pthread_mutex_unlock(mutex)
    }
    while claimAndRun() {}
    awaitFinish(tiles)
    self.work = nil
  }

  /// Claims the next tile and runs it; false when there is none left.
  private func claimAndRun() -> Bool {
    var offer = ticket.load(ordering: .acquiring)
    while true {
      let tiles = Int(offer >> 20 & 0xFFFFF)
      let tile = Int(offer & 0xFFFFF)
      if tile >= tiles { return false }
      let (claimed, current) = ticket.weakCompareExchange(
        expected: offer, desired: offer + 1, ordering: .acquiringAndReleasing)
      if !claimed {
        offer = current
        continue
      }
      work!.run(tile: tile)
      if finished.add(1, ordering: .sequentiallyConsistent).newValue == tiles,
        callerSleeps.load(ordering: .sequentiallyConsistent)
      {
        pthread_mutex_lock(mutex)
        pthread_cond_signal(done)
        pthread_mutex_unlock(mutex)
      }
      return true
    }
  }

  private func awaitFinish(_ tiles: Int) {
    for _ in 0..<Shared.spins {
      if finished.load(ordering: .acquiring) == tiles { return }
      dh_relax()
    }
    pthread_mutex_lock(mutex)
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    while finished.load(ordering: .sequentiallyConsistent) != tiles { pthread_cond_wait(done, mutex) }
    callerSleeps.store(false, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
  }

  // MARK: The other threads

  func startThread() {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { context in
        #if canImport(Darwin)
          Unmanaged<Shared>.fromOpaque(context).takeRetainedValue().takeTiles()
        #else
          Unmanaged<Shared>.fromOpaque(context!).takeRetainedValue().takeTiles()
        #endif
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

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(offered)
    pthread_mutex_unlock(mutex)
  }

  fileprivate func takeTiles() {
    // The memory that products work in, now rather than in the middle of a step.
    _ = dh_thread_scratch()
    while !stopping.load(ordering: .acquiring) {
      if !claimAndRun() { awaitOffer() }
    }
  }

  private var hasTiles: Bool {
    let offer = ticket.load(ordering: .sequentiallyConsistent)
    return Int(offer & 0xFFFFF) < Int(offer >> 20 & 0xFFFFF)
  }

  private func awaitOffer() {
    for _ in 0..<Shared.spins {
      if hasTiles || stopping.load(ordering: .relaxed) { return }
      dh_relax()
    }
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !hasTiles && !stopping.load(ordering: .sequentiallyConsistent) { pthread_cond_wait(offered, mutex) }
    sleepers.subtract(1, ordering: .relaxed)
    pthread_mutex_unlock(mutex)
  }
}
