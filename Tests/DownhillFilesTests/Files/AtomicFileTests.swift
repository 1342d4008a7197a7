import DownhillFiles
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Files written whole or not at all")
struct AtomicFileTests {
  let folder = Folder()

  private func text(_ name: String) throws -> String {
    String(decoding: try FileContents.read(folder[name], limit: 1 << 24), as: UTF8.self)
  }

  @Test(
    "a new file holds what was written, in any pieces",
    arguments: [[0], [3], [65_536], [1, 65_535, 1], [40_000, 40_000, 200_000]])
  func pieces(counts: [Int]) throws {
    var file = try AtomicFile(folder["new"])
    var expected: [UInt8] = []
    for (index, count) in counts.enumerated() {
      let piece = [UInt8](repeating: UInt8(index + 1), count: count)
      try file.write(piece)
      expected += piece
    }
    try file.commit()
    #expect(try FileContents.read(folder["new"], limit: 1 << 24) == expected)
    #expect(folder.names == ["new"])
  }

  @Test("nothing is to be seen of it before it is committed, and nothing stays if it never is")
  func uncommitted() throws {
    try AtomicFile.write(Array("old".utf8), to: folder["file"])
    do {
      var file = try AtomicFile(folder["file"])
      try file.write(String(repeating: "new", count: 100_000))
      #expect(try text("file") == "old")
      #expect(folder.names.count == 2)
    }
    #expect(try text("file") == "old")
    #expect(folder.names == ["file"])
  }

  @Test("a new file has the mode that the umask gives")
  func newMode() throws {
    close(open(folder["usual"], O_CREAT | O_WRONLY, 0o666))
    try AtomicFile.write([1], to: folder["ours"])
    #expect(folder.mode("ours") == folder.mode("usual"))
  }

  @Test("a replaced file keeps its mode", arguments: [0o600, 0o640, 0o666, 0o755] as [mode_t])
  func keptMode(mode: mode_t) throws {
    try AtomicFile.write([1], to: folder["file"])
    chmod(folder["file"], mode)
    try AtomicFile.write([2], to: folder["file"])
    #expect(folder.mode("file") == mode)
    #expect(try FileContents.read(folder["file"], limit: 9) == [2])
  }

  @Test("a symbolic link stays, and its target is replaced, be it there or not", arguments: [true, false])
  func link(exists: Bool) throws {
    if exists { try AtomicFile.write(Array("old".utf8), to: folder["target"]) }
    symlink("target", folder["second"])
    symlink(folder["second"], folder["first"])
    try AtomicFile.write(Array("new".utf8), to: folder["first"])
    #expect(try text("target") == "new")
    #expect(folder.mode("first") == 0o777 && folder.mode("second") == 0o777)
    #expect(folder.names == ["first", "second", "target"])
  }

  @Test("a pipe is written directly")
  func pipe() throws {
    mkfifo(folder["pipe"], 0o600)
    // Open for both, so that neither end waits for the other.
    let reader = open(folder["pipe"], O_RDWR)
    defer { close(reader) }
    try AtomicFile.write(Array("through".utf8), to: folder["pipe"])
    var bytes = [UInt8](repeating: 0, count: 7)
    #expect(read(reader, &bytes, 7) == 7)
    #expect(String(decoding: bytes, as: UTF8.self) == "through")
    #expect(folder.names == ["pipe"])
  }

  @Test("an open stream is continued, even when it is a regular file")
  func stream() throws {
    let descriptor = open(folder["log"], O_CREAT | O_RDWR, 0o600)
    defer { close(descriptor) }
    #expect(write(descriptor, "first ", 6) == 6)
    try AtomicFile.write(Array("second".utf8), to: "/dev/fd/\(descriptor)")
    #expect(try text("log") == "first second")
  }

  @Test("a full device is an I/O error", .enabled(if: access("/dev/full", W_OK) == 0))
  func full() throws {
    let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: "/dev/full") }
    #expect(error?.exitCode == 74)
    #expect(error?.problem == "writing failed: no space left on device")
  }

  @Test(
    "what can't be created is refused before anything is written",
    arguments: ["absent/file", "file/inside", "", "folder", "folder/", "circle", "trailing/"])
  func refused(name: String) throws {
    try AtomicFile.write([1], to: folder["file"])
    mkdir(folder["folder"], 0o700)
    symlink("circle", folder["circle"])
    let before = folder.names
    let error = #expect(throws: FileError.self) { _ = try AtomicFile(name.isEmpty ? "" : folder[name]) }
    #expect(error?.exitCode == 73)
    #expect(error?.advice.isEmpty == false)
    #expect(folder.names == before)
  }

  @Test("a write-protected file is not replaced", .enabled(if: geteuid() != 0, "root may write everything"))
  func protected() throws {
    try AtomicFile.write([1], to: folder["file"])
    chmod(folder["file"], 0o444)
    let error = #expect(throws: FileError.self) { try AtomicFile.write([2], to: folder["file"]) }
    #expect(error?.kind == .cannotCreate)
    #expect(try FileContents.read(folder["file"], limit: 9) == [1])
  }

  @Test("a commit that fails removes the temporary file")
  func failedCommit() throws {
    var file = try AtomicFile(folder["file"])
    try file.write([1])
    mkdir(folder["file"], 0o700)
    do {
      try file.commit()
      Issue.record("a folder was replaced")
    } catch {
      #expect(error.kind == .cannotCreate)
    }
    #expect(folder.names == ["file"])
  }
}
