#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What tells a file's contents from others: how many bytes they are, and a hash of them. Reading a file takes far longer.
public struct FileFingerprint: Sendable, Equatable {
  public let size: Int
  /// XXH64 in hexadecimal digits.
  public let hash: String

  /// - Returns: nil for what is no regular file: a pipe can be read once only.
  /// - Throws: `FileError` where there is no such file, or it can't be read.
  public init?(of path: String) throws(FileError) {
    switch FileStatus.following(path) {
    case .failure(let error): throw .cannotOpen(path, error)
    case .success(let status): if status.kind != .regular { return nil }
    }
    let descriptor: Int32
    switch uninterrupted({ Int(open(path, O_RDONLY | O_CLOEXEC)) }) {
    case .success(let opened): descriptor = Int32(opened)
    case .failure(let error): throw .cannotOpen(path, error)
    }
    defer { _ = close(descriptor) }
    var hash = XXH64()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      switch uninterrupted({ readSome(descriptor, buffer.baseAddress!, buffer.count) }) {
      case .failure(let error): throw .cannotRead(path, error)
      case .success(0):
        (size, self.hash) = (hash.length, hash.hexadecimal)
        return
      case .success(let count): hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }

  /// `13519 bytes, XXH64 0123456789abcdef`
  public init?(parsing text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 4, parts[1] == "bytes,", parts[2] == "XXH64", let size = Int(parts[0]) else { return nil }
    (self.size, hash) = (size, String(parts[3]))
  }
}

extension FileFingerprint: CustomStringConvertible {
  public var description: String { "\(size) bytes, XXH64 \(hash)" }
}
