#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file without a name, for what doesn't fit into memory: it is gone when it is closed, however the process ends.
package final class ScratchFile {
  package let descriptor: Int32
  /// Where it takes room on a disk, for messages.
  private let folder: String

  /// - Throws: `FileError` of kind `cannotCreate`.
  package init(in folder: String) throws(FileError) {
    self.folder = "a file without a name in " + (folder == "." ? "this folder" : folder)
    while true {
      let name = Folder(folder).file(".downhill-" + String(UInt64.random(in: 0 ... .max), radix: 36) + ".scratch")
      let place = TemporaryNames.remember(name)
      defer { TemporaryNames.forget(place) }
      switch uninterrupted({ Int(open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)) }) {
      case .failure(let error) where error.number == EEXIST: continue
      case .failure(let error): throw .cannotCreate(folder, error)
      case .success(let opened):
        _ = unlink(name)
        descriptor = Int32(opened)
      }
      return
    }
  }

  deinit { _ = close(descriptor) }

  /// Takes room on the disk, so that none is missing later.
  /// - Throws: `FileError` of kind `inputOutput`.
  package func reserve(_ bytes: Int) throws(FileError) { try reserveRoom(bytes, descriptor, path: folder) }

  /// Writes bytes at a place.
  /// - Throws: `FileError` of kind `inputOutput`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    try writeAll(bytes, at: offset, descriptor, path: folder)
  }

  /// Reads bytes from a place where they were written.
  /// - Throws: `FileError` of kind `inputOutput`.
  package func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) {
    var done = 0
    while done < target.count {
      let outcome = uninterrupted {
        pread(descriptor, target.baseAddress! + done, target.count - done, off_t(offset + done))
      }
      switch outcome {
      case .success(let count) where count > 0: done += count
      case .success: throw .cannotRead(folder, SystemError(number: EIO))
      case .failure(let error): throw .cannotRead(folder, error)
      }
    }
  }
}
