internal import DownhillFiles

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Small files that the system or another program keeps, and that may be missing.
enum SystemFile {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func text(_ path: String) -> String? {
    (try? FileContents.read(path, limit: 1 << 22)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The first line.
  static func line(_ path: String) -> String? {
    text(path)?.split(whereSeparator: \.isNewline).first.map(String.init)
  }
}
