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

  /// Of a file, or of a folder with all that is in it, names included.
  /// - Returns: nil for what is neither: a pipe can be read once only.
  /// - Throws: `FileError` where there is no such file, or one can't be read.
  public init?(of path: String) throws(FileError) {
    var hash = XXH64()
    guard try Self.add(path, to: &hash, depth: 0) else { return nil }
    (size, self.hash) = (hash.length, hash.hexadecimal)
  }

  /// Folders in folders; links may lead in circles.
  private static let deepest = 8

  /// - Returns: whether there is something to add.
  private static func add(_ path: String, to hash: inout XXH64, depth: Int) throws(FileError) -> Bool {
    switch FileStatus.following(path) {
    case .failure(let error): throw .cannotOpen(path, error)
    case .success(let status) where status.kind == .directory:
      guard depth < deepest else { return true }
      let folder = Folder(path)
      for name in try folder.names() {
        Array((name + "\0").utf8).withUnsafeBytes { hash.update($0) }
        _ = try add(folder.file(name), to: &hash, depth: depth + 1)
      }
      return true
    case .success(let status):
      guard status.kind == .regular else { return false }
      try addContents(of: path, to: &hash)
      return true
    }
  }

  private static func addContents(of path: String, to hash: inout XXH64) throws(FileError) {
    let descriptor: Int32
    switch uninterrupted({ Int(open(path, O_RDONLY | O_CLOEXEC)) }) {
    case .success(let opened): descriptor = Int32(opened)
    case .failure(let error): throw .cannotOpen(path, error)
    }
    defer { _ = close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      switch uninterrupted({ readSome(descriptor, buffer.baseAddress!, buffer.count) }) {
      case .failure(let error): throw .cannotRead(path, error)
      case .success(0): return
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
