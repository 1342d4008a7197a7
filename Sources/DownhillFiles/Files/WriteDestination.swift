#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Where the bytes for a path go.
enum WriteDestination {
  /// A regular file, there already or not yet, at the end of all symbolic links.
  case regular(path: String, existing: FileStatus?)
  /// An open pipe, device or standard stream.
  case direct(descriptor: Int32)

  init(_ path: String) throws(FileError) {
    if path.isEmpty {
      throw FileError(.cannotCreate, path: "\"\"", problem: "the name is empty", advice: "Give the name of a file.")
    }
    var target = path
    for _ in 0..<40 {
      // Before any look at what is there: standard output may well be a regular file, which the shell has open at some
      // place. It is to be continued from there, not replaced.
      if let stream = Self.standardStream(target) {
        self = .direct(descriptor: try Self.duplicate(stream, path: path))
        return
      }
      switch FileStatus.of(target) {
      case .failure(let error) where error.number == ENOENT && !target.hasSuffix("/"):
        self = .regular(path: target, existing: nil)
        return
      case .failure(let error): throw .cannotCreate(path, error)
      case .success(let status):
        switch status.kind {
        case .link: target = try Self.follow(target, path: path)
        case .directory:
          throw FileError(
            .cannotCreate, path: path, problem: "it is a folder", advice: "Give the name of a file in it.")
        case .regular:
          // Renaming would overwrite a write-protected file; whoever protected it did not mean that.
          if access(target, W_OK) != 0 { throw .cannotCreate(path, SystemError(number: errno)) }
          self = .regular(path: target, existing: status)
          return
        case .other:
          switch uninterrupted({ Int(open(target, O_WRONLY | O_CLOEXEC)) }) {
          case .success(let opened): self = .direct(descriptor: Int32(opened))
          case .failure(let error): throw .cannotCreate(path, error)
          }
          return
        }
      }
    }
    throw .cannotCreate(path, SystemError(number: ELOOP))
  }

  /// The number of an open stream that a path names.
  private static func standardStream(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
        return Int32(path.dropFirst(folder.count))
      }
      return nil
    }
  }

  private static func duplicate(_ stream: Int32, path: String) throws(FileError) -> Int32 {
    switch uninterrupted({ Int(fcntl(stream, F_DUPFD_CLOEXEC, 0)) }) {
    case .success(let copy): return Int32(copy)
    case .failure(let error): throw .cannotCreate(path, error)
    }
  }

  /// The path that a symbolic link leads to, seen from where the link is.
  private static func follow(_ link: String, path: String) throws(FileError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    switch uninterrupted({ readlink(link, &buffer, buffer.count) }) {
    case .failure(let error): throw .cannotCreate(path, error)
    case .success(let count):
      let text = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix("/") { return text }
      let folder = link.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(link[...$0]) } ?? ""
      return folder + text
    }
  }
}
