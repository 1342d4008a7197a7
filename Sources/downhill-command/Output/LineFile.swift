import Downhill

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A text file that grows line by line while training runs, so that what was written is there whatever happens.
final class LineFile {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var failed = false

  /// - Throws: `Failure` where the file can't be created.
  init(_ path: String) throws {
    guard let file = fopen(path, "w") else {
      throw Failure(
        code: Failure.cannotCreate, "\(path) can't be created: \(String(cString: strerror(errno))). Check the folder.")
    }
    self.path = path
    self.file = file
    setvbuf(file, nil, _IOLBF, 1 << 16)
  }

  deinit { fclose(file) }

  /// Says once when nothing more can be written; training goes on.
  func write(_ line: String) {
    if failed { return }
    if fputs(line + "\n", file) < 0 {
      failed = true
      Terminal.complain("downhill: \(path) can't be written: \(String(cString: strerror(errno))); training goes on")
    }
  }
}
