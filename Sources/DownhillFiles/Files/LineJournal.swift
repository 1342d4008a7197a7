#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file of lines that is only appended to. A line that was written is on the disk, whole, whatever happens next; one that a
/// kill cut short is no line.
///
/// One process at a time may append.
public final class LineJournal: Sendable {
  public let path: String
  private let descriptor: Int32
  /// The lines that were there.
  public let lines: [String]

  private static let longest = 1 << 30

  /// Opens a journal, or begins one.
  /// - Throws: `FileError` where it can't be opened, or where another process has it open.
  public init(_ path: String) throws(FileError) {
    self.path = path
    switch uninterrupted({ Int(open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)) }) {
    case .failure(let error): throw .cannotCreate(path, error)
    case .success(let opened): descriptor = Int32(opened)
    }
    do throws(FileError) { lines = try Self.begin(descriptor, path) } catch {
      _ = close(descriptor)
      throw error
    }
  }

  deinit { _ = close(descriptor) }

  private static func begin(_ descriptor: Int32, _ path: String) throws(FileError) -> [String] {
    let bytes = try FileContents.read(path, limit: longest)
    // Given back when the process ends, however it does. After reading: a process that closes a file gives up its locks on it.
    var lock = flock()
    (lock.l_type, lock.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
    let isLocked = withUnsafeMutablePointer(to: &lock) { fcntl(descriptor, F_SETLK, UnsafeMutableRawPointer($0)) == 0 }
    let isHeld = !isLocked && (errno == EACCES || errno == EAGAIN)
    let size: Int
    switch FileStatus.of(descriptor: descriptor) {
    case .success(let status): size = status.size
    case .failure(let error): throw .cannotRead(path, error)
    }
    if isHeld || size != bytes.count {
      throw FileError(
        .cannotOpen, path: path, problem: "another process writes to it",
        advice: "Wait for that to end, or name another place.")
    }
    let whole = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    if whole < bytes.count, case .failure(let error) = uninterrupted({ Int(ftruncate(descriptor, off_t(whole))) }) {
      throw .cannotWrite(path, error, keepsOld: true)
    }
    return bytes[..<whole].split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Adds a line, which holds no line end, and brings it to the disk.
  /// - Throws: `FileError` of kind `inputOutput`; then it is not there.
  public func append(_ line: String) throws(FileError) {
    let bytes = Array((line + "\n").utf8)
    let size: Int
    switch FileStatus.of(descriptor: descriptor) {
    case .success(let status): size = status.size
    case .failure(let error): throw .cannotWrite(path, error, keepsOld: true)
    }
    var sent = 0
    while sent < bytes.count {
      let outcome = uninterrupted {
        bytes.withUnsafeBytes { writeSome(descriptor, $0.baseAddress! + sent, $0.count - sent) }
      }
      switch outcome {
      case .success(let count): sent += count
      case .failure(let error):
        _ = ftruncate(descriptor, off_t(size))
        throw .cannotWrite(path, error, keepsOld: true)
      }
    }
    if case .failure(let error) = uninterrupted({ Int(fsync(descriptor)) }), error.number != EINVAL {
      throw .cannotWrite(path, error, keepsOld: true)
    }
  }
}
