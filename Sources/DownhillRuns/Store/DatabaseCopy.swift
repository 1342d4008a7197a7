internal import DownhillFiles

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A copy of a database that stands where nothing can be written: even to read, SQLite wants a file for locks beside it.
final class DatabaseCopy: Sendable {
  private let folder: String
  let path: String

  private static let name = "runs.sqlite", parts = ["", "-wal"]

  /// - Returns: nil where its folder can be written to, and nothing stands in the way.
  /// - Throws: `FileError`.
  init?(of original: String) throws(FileError) {
    let parent = original.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    if access(parent.isEmpty ? (original.hasPrefix("/") ? "/" : ".") : parent, W_OK) == 0 { return nil }
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array(Folder(temporary).file("downhill-runs-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = Folder(folder).file(Self.name)
    for part in Self.parts where SystemFile.exists(original + part) {
      try AtomicFile.write(try FileContents.read(original + part, limit: 1 << 32), to: path + part)
    }
  }

  deinit {
    for part in Self.parts + ["-shm"] { Folder(folder).remove(Self.name + part) }
    rmdir(folder)
  }
}
