#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What the system says of an error number: `ENOENT` is "no such file or directory".
func systemText(_ number: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  _ = strerror_r(number, &buffer, buffer.count)
  let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  let text = String(decoding: bytes, as: UTF8.self)
  return text.prefix(1).lowercased() + text.dropFirst()
}

/// The result of a system call, made again as often as a signal interrupts it.
func uninterrupted(_ call: () -> Int) -> Result<Int, SystemError> {
  while true {
    let result = call()
    if result >= 0 { return .success(result) }
    if errno != EINTR { return .failure(SystemError(number: errno)) }
  }
}

/// A failed system call.
struct SystemError: Error, Equatable {
  let number: Int32
  var text: String { systemText(number) }
}

/// What is known of a file without opening it.
struct FileStatus {
  enum Kind { case regular, directory, link, other }

  let kind: Kind
  let mode: mode_t
  let owner: uid_t
  let group: gid_t
  let size: Int

  private init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    mode = status.st_mode & 0o7777
    owner = status.st_uid
    group = status.st_gid
    size = Int(status.st_size)
  }

  /// Of a path; of what a link points at.
  static func following(_ path: String) -> Result<FileStatus, SystemError> {
    var status = stat()
    return uninterrupted { Int(stat(path, &status)) }.map { _ in FileStatus(status) }
  }

  /// Of a path; of a link itself, not of what it points at.
  static func of(_ path: String) -> Result<FileStatus, SystemError> {
    var status = stat()
    return uninterrupted { Int(lstat(path, &status)) }.map { _ in FileStatus(status) }
  }

  /// Of an open file.
  static func of(descriptor: Int32) -> Result<FileStatus, SystemError> {
    var status = stat()
    return uninterrupted { Int(fstat(descriptor, &status)) }.map { _ in FileStatus(status) }
  }
}

/// `read(2)`, for types that have a `read` of their own.
func readSome(_ descriptor: Int32, _ base: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, base, count)
}

/// `write(2)`, for types that have a `write` of their own.
func writeSome(_ descriptor: Int32, _ base: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, base, count)
}
