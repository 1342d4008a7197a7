import Downhill
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C and a polite kill end training after the step under way; another one, two seconds later or more, ends the process.
///
/// At once it is the same wish: `timeout` signals a process and then its group, a terminal may signal twice.
enum Interruption {
  static let stop = StopSignal()
  /// When the first signal came, in seconds of the clock since the machine started; 0: none came.
  private static let first = Atomic<Int>(0)

  /// A parent may hand down signals that it has blocked, as the threads of Dispatch do. To be called before there are
  /// threads.
  static func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// A signal that ends the process leaves no half-written file behind.
  static func leaveNothingBehind() {
    // A file that grows beyond the shell's limit (ulimit -f) is an error of that write, which says what to do.
    signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let earlier = signal(number) { number in Interruption.end(number) }
      // What the parent ignores (nohup does it) goes on being ignored.
      if unsafeBitCast(earlier, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }
  }

  /// Ends the process by a signal, in its handler.
  private static func end(_ number: Int32) {
    AtomicFile.abandonAll()
    signal(number, SIG_DFL)
    raise(number)
  }

  static func listen() {
    // Training goes on when nobody reads its lines any more.
    signal(SIGPIPE, SIG_IGN)
    // The handler may only do what is safe at any moment, so what it uses must exist before.
    _ = (stop, first.load(ordering: .relaxed))
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let (isFirst, since) = Interruption.first.compareExchange(
          expected: 0, desired: max(1, now.tv_sec), ordering: .sequentiallyConsistent)
        Interruption.stop.request()
        if !isFirst && now.tv_sec - since >= 2 { Interruption.end(number) }
      }
    }
  }
}
