import Downhill

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C and a polite kill end training after the step under way; a second one ends the process.
enum Interruption {
  static let stop = StopSignal()

  /// A parent may hand down signals that it has blocked, as the threads of Dispatch do. To be called before there are
  /// threads.
  static func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  static func listen() {
    // Training goes on when nobody reads its lines any more.
    signal(SIGPIPE, SIG_IGN)
    // The handler may only do what is safe at any moment, so the signal must exist before.
    _ = stop
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.stop.request()
        signal(number, SIG_DFL)
      }
    }
  }
}
