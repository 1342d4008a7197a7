#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Where a table's bytes come from.
public enum TableSource: Sendable, Equatable {
  /// A file by its path.
  case file(String)
  /// An open file or pipe, read from where it stands and left open, with a name for messages.
  case descriptor(Int32, name: String)
  /// Text in memory, with a name for messages.
  case text(String, name: String = "text")

  /// A file, or standard input for `-`, as commands have it.
  public init(path: String) {
    self = path == "-" ? .standardInput : .file(path)
  }

  public static var standardInput: TableSource { .descriptor(0, name: "standard input") }

  /// What messages call it.
  public var name: String {
    switch self {
    case .file(let path): path
    case .descriptor(_, let name), .text(_, let name): name
    }
  }
}

/// An open file for reading, closed at the end of its life when this room opened it.
final class Input: ByteSource {
  let name: String
  let descriptor: Int32
  private let mustClose: Bool

  init(path: String) throws(TableError) {
    name = path
    mustClose = true
    guard !path.utf8.contains(0) else {
      descriptor = -1
      throw TableError(.cannotOpen, file: path, "the name holds a zero byte. Check the file's name.")
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw TableError(
        .cannotOpen, file: path, "can't be opened: \(reason(errno)). Check the name and the permissions.")
    }
    guard try status().st_mode & S_IFMT != S_IFDIR else {
      throw TableError(.cannotOpen, file: path, "is a folder; a file was expected. Name a file inside it.")
    }
  }

  init(descriptor: Int32, name: String) {
    self.name = name
    self.descriptor = descriptor
    mustClose = false
  }

  /// Whether a path leads to a regular file: others, such as pipes, must not be opened just to look at them.
  static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  deinit {
    if mustClose && descriptor >= 0 { _ = close(descriptor) }
  }

  /// The size of a regular file; nil for pipes and devices, and, unless told otherwise, for a file that is not read from
  /// its start.
  func size(fromStart: Bool = true) throws(TableError) -> Int? {
    let status = try status()
    guard status.st_mode & S_IFMT == S_IFREG, !fromStart || lseek(descriptor, 0, SEEK_CUR) == 0 else { return nil }
    return Int(status.st_size)
  }

  private func status() throws(TableError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
    return status
  }

  /// Reads at most `count` bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawPointer, count: Int) throws(TableError) -> Int {
    while true {
      #if canImport(Darwin)
        let got = Darwin.read(descriptor, buffer, count)
      #elseif canImport(Musl)
        let got = Musl.read(descriptor, buffer, count)
      #else
        let got = Glibc.read(descriptor, buffer, count)
      #endif
      if got >= 0 { return got }
      guard errno == EINTR else { throw failure(errno) }
    }
  }

  private func failure(_ code: Int32) -> TableError {
    // Nothing can be read from a descriptor that isn't open, and a folder says so only here when it came as one.
    let kind: TableError.Kind = code == EISDIR || code == EBADF ? .cannotOpen : .cannotRead
    return TableError(kind, file: name, "can't be read: \(reason(code)).")
  }
}

private func reason(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}
