internal import CKernels

/// Work that is cut into tiles, any of which may run on any thread, in any order and at the same time.
package protocol TiledWork: AnyObject {
  func run(tile: Int)
}

/// Threads that take tiles. How many there are decides how fast work is done, never what comes out.
///
/// A step of a small network takes microseconds, so handing out work must cost less: a tile is claimed by one
/// compare-and-exchange, waiting threads spin for a moment before they sleep, and nothing is allocated.
public final class WorkerPool: Sendable {
  /// How many threads work: the caller's and `threads − 1` others.
  public let threads: Int
  private let crew: Crew

  /// - Parameter threads: at most that many, and no more than there are processors: they would only wait for each other.
  ///   nil: one for each processor.
  public convenience init(threads: Int? = nil) {
    self.init(exactly: min(threads ?? Int.max, WorkerPool.processorCount))
  }

  /// That many threads, however few processors there are: for tests.
  package init(exactly threads: Int) {
    self.threads = max(1, threads)
    crew = Crew(threads: self.threads)
    crew.start()
  }

  deinit { crew.stop() }

  /// Processors that this process may use.
  public static var processorCount: Int {
    max(1, Int(dh_processor_count()))
  }

  /// Runs every tile and returns when all are done.
  /// - Parameter limit: how many of the threads may work; nil: all.
  package func run(tiles: Int, of work: some TiledWork, threads limit: Int? = nil) {
    // The memory that products work in: the other threads may leave this one without a product for many runs.
    _ = dh_thread_scratch()
    // A pool in use by another thread (or by the work itself) is no reason to wait: do it here.
    let threads = min(tiles, limit ?? self.threads, self.threads)
    if threads <= 1 || !crew.acquire() {
      for tile in 0..<tiles { work.run(tile: tile) }
      return
    }
    crew.run(tiles: tiles, threads: threads, of: work)
    crew.release()
  }
}
