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
  private var file: UnsafeMutablePointer<FILE>
  private var failed = false

  /// Whether there are lines in it that were written before.
  let goesOn: Bool

  /// - Parameter goesOn: new lines stand behind those that are there, of a training that is resumed.
  /// - Throws: `Failure` where the file can't be created.
  init(_ path: String, goesOn: Bool = false) throws {
    guard let file = fopen(path, goesOn ? "a+" : "w") else {
      throw Failure(
        code: Failure.cannotCreate, "\(path) can't be created: \(String(cString: strerror(errno))). Check the folder.")
    }
    self.path = path
    self.file = file
    fseek(file, 0, SEEK_END)
    self.goesOn = ftell(file) > 0
    setvbuf(file, nil, _IOLBF, 1 << 16)
  }

  deinit { fclose(file) }

  /// Leaves only some of the lines that are there: all of them, if the file can't be written anew as a whole.
  func keep(where isWanted: (Substring) -> Bool) {
    fflush(file)
    guard let bytes = try? FileContents.read(path, limit: 1 << 30) else { return }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter(isWanted)
    let text = lines.map { $0 + "\n" }.joined()
    guard (try? AtomicFile.write(Array(text.utf8), to: path)) != nil, let renewed = fopen(path, "a") else { return }
    fclose(file)
    file = renewed
    setvbuf(file, nil, _IOLBF, 1 << 16)
  }

  /// Says once when nothing more can be written; training goes on.
  func write(_ line: String) {
    if failed { return }
    if fputs(line + "\n", file) < 0 {
      failed = true
      Terminal.complain("downhill: \(path) can't be written: \(String(cString: strerror(errno))); training goes on")
    }
  }
}
