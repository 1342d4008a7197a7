import DownhillFiles
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Reading whole files")
struct FileContentsTests {
  let folder = Folder()

  @Test("gives all bytes of a file", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
  func content(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try AtomicFile.write(bytes, to: folder["file"])
    #expect(try FileContents.read(folder["file"], limit: count) == bytes)
  }

  @Test("reads what has no size beforehand")
  func noSize() throws {
    #expect(try FileContents.read("/dev/null", limit: 10).isEmpty)
  }

  @Test("stops at the limit, also where there is no end", arguments: [0, 1, 100_000])
  func limit(limit: Int) throws {
    try AtomicFile.write([UInt8](repeating: 1, count: limit + 1), to: folder["file"])
    for path in [folder["file"], "/dev/zero"] {
      let error = #expect(throws: FileError.self) { try FileContents.read(path, limit: limit) }
      #expect(error?.kind == .malformed)
      #expect(error?.description.contains("at most \(limit) expected") == true)
    }
  }

  @Test("says that a file is missing")
  func missing() {
    let error = #expect(throws: FileError.self) { try FileContents.read(folder["absent"], limit: 10) }
    #expect(error?.exitCode == 66)
    #expect(
      error?.description
        == "can't open \(folder["absent"]): no such file or directory. Check the name and the folder.")
  }

  @Test("says that a folder is none to read")
  func directory() {
    let error = #expect(throws: FileError.self) { try FileContents.read(folder.path, limit: 10) }
    #expect(error?.exitCode == 66)
    #expect(error?.problem == "it is a folder")
  }

  @Test("says that a file is not for this user", .enabled(if: geteuid() != 0, "root may read everything"))
  func unreadable() throws {
    try AtomicFile.write([1], to: folder["secret"])
    chmod(folder["secret"], 0)
    let error = #expect(throws: FileError.self) { try FileContents.read(folder["secret"], limit: 10) }
    #expect(error?.problem == "permission denied")
  }

  @Test("says that a link leads in a circle")
  func circle() {
    symlink(folder["b"], folder["a"])
    symlink(folder["a"], folder["b"])
    let error = #expect(throws: FileError.self) { try FileContents.read(folder["a"], limit: 10) }
    #expect(error?.kind == .cannotOpen)
  }
}
