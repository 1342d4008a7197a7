#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Whole files, read into memory.
public enum FileContents {
  /// All bytes of a file.
  ///
  /// A pipe or a device is read to its end. What is taken from memory follows what is there to read, never what a
  /// header claims.
  ///
  /// - Parameter limit: the most bytes to take; a larger file is refused, before it is read where its size is known.
  /// - Throws: `FileError` of kind `cannotOpen` (missing, unreadable, a folder), `malformed` (above the limit) or
  ///   `inputOutput`.
  public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    precondition(limit >= 0 && limit < Int.max, "a limit of \(limit) bytes")
    let descriptor: Int32
    switch uninterrupted({ Int(open(path, O_RDONLY | O_CLOEXEC)) }) {
    case .success(let opened): descriptor = Int32(opened)
    case .failure(let error): throw .cannotOpen(path, error)
    }
    defer { _ = close(descriptor) }
    var expected = 0
    switch FileStatus.of(descriptor: descriptor) {
    case .success(let status) where status.kind == .directory:
      throw FileError(
        .cannotOpen, path: path, problem: "it is a folder", advice: "Give the name of a file in it.")
    case .success(let status) where status.kind == .regular: expected = status.size
    case .success: break
    case .failure(let error): throw .cannotOpen(path, error)
    }
    if expected > limit { throw tooLarge(path, size: expected, limit: limit) }
    return try readToEnd(descriptor, path: path, expected: expected, limit: limit)
  }

  /// The first bytes of a file, at most `count`; none of what is no regular file, since they could be read once only.
  /// - Throws: as `read`.
  public static func start(of path: String, count: Int) throws(FileError) -> [UInt8] {
    switch FileStatus.following(path) {
    case .failure(let error): throw .cannotOpen(path, error)
    case .success(let status): if status.kind != .regular { return [] }
    }
    let descriptor: Int32
    switch uninterrupted({ Int(open(path, O_RDONLY | O_CLOEXEC)) }) {
    case .success(let opened): descriptor = Int32(opened)
    case .failure(let error): throw .cannotOpen(path, error)
    }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    switch uninterrupted({ bytes.withUnsafeMutableBytes { readSome(descriptor, $0.baseAddress!, count) } }) {
    case .failure(let error): throw .cannotRead(path, error)
    case .success(let read): return Array(bytes[..<read])
    }
  }

  private static func readToEnd(
    _ descriptor: Int32, path: String, expected: Int, limit: Int
  ) throws(FileError) -> [UInt8] {
    // One byte beyond the size, so that the end is seen without growing.
    var bytes = [UInt8](repeating: 0, count: min(limit, max(expected, 1 << 16)) + 1)
    var count = 0
    while true {
      if count == bytes.count {
        if count > limit { throw tooLarge(path, size: nil, limit: limit) }
        bytes.append(contentsOf: repeatElement(0, count: min(count, limit + 1 - count)))
      }
      let outcome = uninterrupted {
        bytes.withUnsafeMutableBytes { readSome(descriptor, $0.baseAddress! + count, $0.count - count) }
      }
      switch outcome {
      case .failure(let error): throw .cannotRead(path, error)
      case .success(0):
        if count > limit { throw tooLarge(path, size: nil, limit: limit) }
        bytes.removeLast(bytes.count - count)
        return bytes
      case .success(let read): count += read
      }
    }
  }

  private static func tooLarge(_ path: String, size: Int?, limit: Int) -> FileError {
    let found = size.map { "\($0)" } ?? "more than \(limit)"
    return FileError(
      .malformed, path: path, problem: "\(found) bytes, at most \(limit) expected",
      advice: "Is it the right file?")
  }
}
