#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Contiguous floats on a 64-byte boundary (a cache line, and the widest vector register), zero at first; or those of a file.
package final class AlignedBuffer {
  package let base: UnsafeMutablePointer<Float>
  package let count: Int
  /// nil: those of a file.
  private let memory: UnsafeMutableRawPointer?
  /// The file that the floats stand in; nil: they are in memory.
  package let file: FileMapping?

  private static let alignment = 64

  package init(count: Int) {
    precondition(count >= 0 && count <= Int.max / 8, "a buffer of \(count) floats can't be had")
    self.count = count
    // Of large buffers the system hands out zeros as they are first touched: nobody writes them twice.
    guard let memory = calloc(count * MemoryLayout<Float>.stride + Self.alignment, 1) else {
      preconditionFailure("out of memory: \(count) floats")
    }
    self.memory = memory
    file = nil
    base = memory.alignedUp(toMultipleOf: Self.alignment).bindMemory(to: Float.self, capacity: max(count, 1))
  }

  /// The first floats of a file, which nobody writes any more.
  package init(_ file: FileMapping, count: Int) {
    precondition(count * MemoryLayout<Float>.stride <= file.count, "a file of \(file.count) bytes for \(count) floats")
    (self.count, self.file, memory) = (count, file, nil)
    base = file.base.bindMemory(to: Float.self, capacity: count)
  }

  package convenience init(copying other: AlignedBuffer) {
    self.init(count: other.count)
    base.update(from: other.base, count: count)
  }

  deinit { free(memory) }
}
