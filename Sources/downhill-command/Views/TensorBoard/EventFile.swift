import Downhill
import DownhillRuns

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of events that grows while training runs, in a folder where TensorBoard finds it.
final class EventFile {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var failed = false

  /// What TensorBoard knows such files by.
  static let mark = "tfevents"

  /// A new file; those of earlier parts of a training stay beside it.
  /// - Throws: `FileError`, `Failure` where the folder or the file can't be created.
  init(in folder: String) throws {
    try Folder(folder).create()
    // In the order of their names they are in that of their times.
    let seconds = String(Int(SystemClock.now))
    let name = "events.out.\(Self.mark).\(String(repeating: "0", count: max(0, 10 - seconds.count)))\(seconds)"
    var number = 0
    var path = Folder(folder).file("\(name).downhill.\(getpid()).0")
    while access(path, F_OK) == 0 {
      number += 1
      path = Folder(folder).file("\(name).downhill.\(getpid()).\(number)")
    }
    guard let file = fopen(path, "wx") else {
      throw Failure(
        code: Failure.cannotCreate, "\(path) can't be created: \(String(cString: strerror(errno))). Check the folder.")
    }
    (self.path, self.file) = (path, file)
    write(.version)
    flush()
  }

  deinit { fclose(file) }

  /// Says once when nothing more can be written; training goes on.
  func write(_ content: LoggedEvent.Content, step: Int = 0) {
    if failed { return }
    let record = LoggedEvent(time: SystemClock.now, step: step, content).record
    if fwrite(record, 1, record.count, file) < record.count { complain() }
  }

  /// Hands over to the system what was written, so that others see it and it survives this process.
  func flush() {
    if !failed && fflush(file) != 0 { complain() }
  }

  private func complain() {
    failed = true
    Terminal.complain("downhill: \(path) can't be written: \(String(cString: strerror(errno))); training goes on")
  }
}
