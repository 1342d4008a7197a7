#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The part of an input that is in memory: all of it (mapped, or read whole), or a window that moves along.
final class ByteWindow {
  private(set) var base: UnsafePointer<UInt8>
  private(set) var count: Int
  /// No bytes come after these.
  private(set) var isFinal: Bool

  private enum Memory {
    case borrowed
    case mapped(length: Int)
    case buffer(UnsafeMutablePointer<UInt8>, capacity: Int)
  }
  private var memory: Memory
  private let input: Input?

  /// Bytes that outlive this window.
  init(_ bytes: UnsafeBufferPointer<UInt8>, isFinal: Bool) {
    base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!
    count = bytes.count
    self.isFinal = isFinal
    memory = .borrowed
    input = nil
  }

  /// A copy of some text.
  init(copying text: String) {
    let bytes = Array(text.utf8)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
    bytes.withUnsafeBufferPointer { if let source = $0.baseAddress { buffer.update(from: source, count: $0.count) } }
    base = UnsafePointer(buffer)
    count = bytes.count
    isFinal = true
    memory = .buffer(buffer, capacity: max(1, bytes.count))
    input = nil
  }

  /// A window that moves along an input, reading about `capacity` bytes at a time.
  init(along input: Input, capacity: Int) {
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    base = UnsafePointer(buffer)
    count = 0
    isFinal = false
    memory = .buffer(buffer, capacity: capacity)
    self.input = input
  }

  /// All of an input: mapped when it is a regular file, otherwise read to its end.
  convenience init(wholeOf input: Input) throws(TableError) {
    if let size = try input.size(), size > 0,
      let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, input.descriptor, 0), address != MAP_FAILED
    {
      madvise(address, size, MADV_SEQUENTIAL)
      self.init(
        UnsafeBufferPointer(start: address.assumingMemoryBound(to: UInt8.self), count: size), isFinal: true)
      memory = .mapped(length: size)
    } else {
      self.init(along: input, capacity: 1 << 16)
      while !isFinal { try grow(keepingFrom: 0) }
    }
  }

  deinit {
    switch memory {
    case .borrowed: break
    case .mapped(let length): munmap(UnsafeMutableRawPointer(mutating: base), length)
    case .buffer(let buffer, _): buffer.deallocate()
    }
  }

  /// Forgets the bytes before `start`, which becomes 0, and reads more. When what is kept fills half of the buffer, the
  /// buffer doubles: the time spent on one long record stays proportional to its length.
  func grow(keepingFrom start: Int) throws(TableError) {
    guard case .buffer(var buffer, var capacity) = memory, let input, !isFinal else { return }
    let kept = count - start
    if 2 * kept >= capacity {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * capacity)
      larger.update(from: base + start, count: kept)
      buffer.deallocate()
      (buffer, capacity) = (larger, 2 * capacity)
      memory = .buffer(buffer, capacity: capacity)
    } else if start > 0 {
      memmove(buffer, base + start, kept)
    }
    base = UnsafePointer(buffer)
    count = kept
    // A long record is scanned again after each call, so each call must bring a good share of its length.
    let wanted = kept < 1 << 16 ? 1 : kept / 2
    var got = 0
    repeat {
      let more = try input.read(into: buffer + count, count: capacity - count)
      if more == 0 { isFinal = true }
      count += more
      got += more
    } while got < wanted && !isFinal
  }

  /// Reads until `wanted` bytes are here or the input ends.
  func fill(atLeast wanted: Int) throws(TableError) {
    while count < wanted && !isFinal { try grow(keepingFrom: 0) }
  }
}
