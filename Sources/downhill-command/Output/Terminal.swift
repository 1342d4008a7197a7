#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The streams that people read.
enum Terminal {
  static var isTerminal: Bool {
    isatty(1) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// By the convention of no-color.org.
  static var refusesColour: Bool { getenv("NO_COLOR").map { $0.pointee != 0 } ?? false }

  /// Columns of the window.
  static var width: Int {
    var size = winsize()
    return ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// To standard output, at once.
  static func write(_ text: String) { write(text, to: 1) }

  static func print(_ line: String = "") { write(line + "\n") }

  /// To standard error.
  static func complain(_ line: String) { write(line + "\n", to: 2) }

  /// Why standard output could not be written, but for a reader who went away.
  nonisolated(unsafe) private(set) static var failure: Int32?

  /// All of it, as far as it goes.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { posixWrite(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        // Output is written by one thread alone.
        if descriptor == 1 && errno != EPIPE { failure = failure ?? errno }
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }
}

private func posixWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #elseif canImport(Musl)
    Musl.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}
