internal import CKernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The results of `body` for 0 ..< count, worked out by this thread and others, which take one after the other. The threads
/// last as long as the call: it is meant for work of milliseconds.
/// - Parameter threads: nil: as many as there are processors that this process may use.
func inParallel<Result>(_ count: Int, threads: Int?, _ body: (Int) -> Result) -> [Result] {
  let threads = threads ?? Int(dh_processor_count())
  guard threads > 1, count > 1 else { return (0..<count).map(body) }
  return [Result](unsafeUninitializedCapacity: count) { results, filled in
    let place = results.baseAddress!
    withoutActuallyEscaping(body) { body in
      let work = Work(count: count) { index in (place + index).initialize(to: body(index)) }
      let others = (1..<min(threads, count)).compactMap { _ in work.startThread() }
      work.run()
      for thread in others { pthread_join(thread, nil) }
    }
    filled = count
  }
}

/// The results of two pieces of work: `first` on this thread, and `second` meanwhile on another where more than one may
/// be used, else after it.
func together<First, Second>(
  threads: Int?, _ first: () -> First, _ second: () -> Second
) -> (first: First, second: Second) {
  guard threads ?? Int(dh_processor_count()) > 1 else { return (first(), second()) }
  return withoutActuallyEscaping(second) { second in
    var result: Second?
    let work = Work(count: 1) { _ in result = second() }
    let other = work.startThread()
    let mine = first()
    work.run()
    if let other { pthread_join(other, nil) }
    return (mine, result!)
  }
}

private final class Work: @unchecked Sendable {
  // Unchecked: each index is taken by one thread, and the caller waits for all of them.
  private let count: Int
  private let body: (Int) -> Void
  private let next = Atomic<Int>(0)

  init(count: Int, body: @escaping (Int) -> Void) {
    self.count = count
    self.body = body
  }

  func run() {
    while case let index = next.add(1, ordering: .relaxed).oldValue, index < count { body(index) }
  }

  /// nil: the system gives no thread; then the others do its share.
  func startThread() -> pthread_t? {
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
          Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
        #else
          Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().run()
        #endif
        return nil
      }, context.toOpaque())
    if status != 0 {
      context.release()
      return nil
    }
    return thread
  }
}
