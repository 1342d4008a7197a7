extension WorkerPool {
  /// Calls `body` with 0 ..< count on any of the threads, in any order, and returns when all calls have.
  package func forEach(_ count: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { run(tiles: count, of: ClosureWork($0)) }
  }

  /// The results of `body` for 0 ..< count.
  package func map<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    // The standard library would write its count, 0, into the one empty array that all threads share, a race by the letter.
    if count == 0 { return [] }
    return [Result](unsafeUninitializedCapacity: count) { results, filled in
      let place = results.baseAddress
      forEach(count) { index in (place! + index).initialize(to: body(index)) }
      filled = count
    }
  }

  /// Calls `body` with ranges that make up 0 ..< count: each but the last as long as `shortest`, or a multiple of that
  /// where there would be more of them than balancing the load takes.
  package func forEachRange(of count: Int, shortest: Int, _ body: (Range<Int>) -> Void) {
    let size = max(1, shortest) * max(1, count / max(1, shortest) / Self.mostRanges)
    forEach((count + size - 1) / size) { index in body(index * size..<min(count, (index + 1) * size)) }
  }

  private static let mostRanges = 4096
}

private final class ClosureWork: TiledWork {
  private let body: (Int) -> Void
  init(_ body: @escaping (Int) -> Void) { self.body = body }
  func run(tile: Int) { body(tile) }
}
