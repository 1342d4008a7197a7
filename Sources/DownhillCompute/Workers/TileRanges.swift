internal import Synchronization

/// The tiles of a run that nobody has claimed yet: a range for each thread, which it takes from the front; who has none left
/// takes from the back of another's.
///
/// So a thread gets the same tiles run after run, and finds in its cache what it left there, unless it falls behind.
/// A range is one word, claimed by one compare-and-exchange, on a cache line of its own.
struct TileRanges: ~Copyable {
  static let mostTiles = 1 << 20 - 1

  private let threads: Int
  /// The run's number (24 bits), the range's end (20), and its next tile (20).
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  /// In words: two cache lines, since processors fetch them in pairs.
  private static let stride = 16

  init(threads: Int) {
    self.threads = threads
    words = .allocate(capacity: threads * Self.stride)
    for index in 0..<threads * Self.stride { (words + index).initialize(to: Atomic(0)) }
  }

  deinit {
    words.deinitialize(count: threads * Self.stride)
    words.deallocate()
  }

  /// Deals out tiles 0 ..< count to the first threads, in equal parts. None of the run before may be left.
  func deal(_ count: Int, to threads: Int, run: UInt64) {
    for thread in 0..<threads {
      let start = count * thread / threads, end = count * (thread + 1) / threads
      words[thread * Self.stride].store(
        run << 40 | UInt64(end) << 20 | UInt64(start), ordering: .sequentiallyConsistent)
    }
  }

  /// The number of the last run that a thread was dealt tiles of: its low 24 bits.
  func run(of thread: Int) -> UInt64 {
    words[thread * Self.stride].load(ordering: .sequentiallyConsistent) >> 40
  }

  /// A tile for a thread; nil where all are claimed.
  func claim(for thread: Int) -> Int? {
    if let tile = claim(from: thread, atFront: true) { return tile }
    for distance in 1..<max(1, threads) {
      let other = thread + distance
      if let tile = claim(from: other < threads ? other : other - threads, atFront: false) { return tile }
    }
    return nil
  }

  private func claim(from thread: Int, atFront: Bool) -> Int? {
    let place = thread * Self.stride
    var word = words[place].load(ordering: .acquiring)
    while true {
      let end = word >> 20 & 0xFFFFF, next = word & 0xFFFFF
      if next >= end { return nil }
      let (claimed, current) = words[place].weakCompareExchange(
        expected: word, desired: atFront ? word + 1 : word - 1 << 20, ordering: .acquiringAndReleasing)
      if claimed { return Int(atFront ? next : end - 1) }
      word = current
    }
  }
}
