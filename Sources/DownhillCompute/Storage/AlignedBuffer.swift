#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Contiguous floats on a 64-byte boundary (a cache line, and the widest vector register), zero at first.
package final class AlignedBuffer {
  package let base: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    precondition(count >= 0 && count <= Int.max / 8, "a buffer of \(count) floats can't be had")
    self.count = count
    var memory: UnsafeMutableRawPointer?
    let status = posix_memalign(&memory, 64, max(64, count * MemoryLayout<Float>.stride))
    guard status == 0, let memory else { preconditionFailure("out of memory: \(count) floats") }
    base = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    base.initialize(repeating: 0, count: count)
  }

  package convenience init(copying other: AlignedBuffer) {
    self.init(count: other.count)
    base.update(from: other.base, count: count)
  }

  deinit { free(base) }
}
