import Glibc

@_silgen_name("memfd_create")
private func makeMemoryFile(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> CInt

/// A file in memory, which is what most readers read: a path, and a descriptor at its start.
final class MemoryFile {
  let descriptor: CInt
  var path: String { "/proc/self/fd/\(descriptor)" }

  init(_ bytes: [UInt8]) {
    descriptor = makeMemoryFile("input", 0)
    require(descriptor >= 0, "no file in memory")
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + sent, bytes.count - sent) }
      require(count > 0, "a file in memory can't be written")
      sent += count
    }
    rewind()
  }

  func rewind() { lseek(descriptor, 0, SEEK_SET) }

  deinit { close(descriptor) }
}
