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
  static let signal = StopSignal()

  static func listen() {
    // The handler may only do what is safe at any moment, so the signal must exist before.
    _ = signal
    for number in [SIGINT, SIGTERM] {
      #if canImport(Glibc)
        _ = Glibc.signal(number, handler)
      #elseif canImport(Musl)
        _ = Musl.signal(number, handler)
      #else
        _ = Darwin.signal(number, handler)
      #endif
    }
  }

  private static let handler: @convention(c) (Int32) -> Void = { number in
    Interruption.signal.request()
    #if canImport(Glibc)
      _ = Glibc.signal(number, SIG_DFL)
    #elseif canImport(Musl)
      _ = Musl.signal(number, SIG_DFL)
    #else
      _ = Darwin.signal(number, SIG_DFL)
    #endif
  }
}
