internal import CTables
internal import DownhillCompute

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
  private var source: (any ByteSource)?
  /// What the window moved away from was ASCII.
  private var wasASCII = true
  /// All that is unpacked must fit in so many bytes.
  private var limit = Int.max

  /// Bytes that outlive this window.
  init(_ bytes: UnsafeBufferPointer<UInt8>, isFinal: Bool) {
    base = bytes.baseAddress ?? UnsafePointer(bitPattern: 1)!
    count = bytes.count
    self.isFinal = isFinal
    memory = .borrowed
    source = nil
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
    source = nil
  }

  /// A window that moves along a source, reading about `capacity` bytes at a time.
  init(along source: any ByteSource, capacity: Int) {
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    base = UnsafePointer(buffer)
    count = 0
    isFinal = false
    memory = .buffer(buffer, capacity: capacity)
    self.source = source
  }

  /// A window that moves along an input, which is unpacked if need be.
  convenience init(alongUnpacked input: Input, capacity: Int) throws(TableError) {
    self.init(along: try UnpackedInput(input), capacity: capacity)
  }

  /// All of an input: mapped when it is a regular file, otherwise, and where it is to be unpacked, read to its end.
  convenience init(wholeOf input: Input) throws(TableError) {
    if let size = try input.size(), size > 0,
      let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, input.descriptor, 0), address != MAP_FAILED
    {
      if UnpackedInput.isPacked(UnsafeRawBufferPointer(start: address, count: size)) {
        munmap(address, size)
        try self.init(readingWhole: input)
        return
      }
      madvise(address, size, MADV_SEQUENTIAL)
      self.init(
        UnsafeBufferPointer(start: address.assumingMemoryBound(to: UInt8.self), count: size), isFinal: true)
      memory = .mapped(length: size)
    } else {
      try self.init(readingWhole: input)
    }
  }

  private convenience init(readingWhole input: Input) throws(TableError) {
    let source = try UnpackedInput(input)
    self.init(along: source, capacity: 1 << 16)
    // A few kilobytes may unpack to more than any memory holds.
    if source.isPacked { limit = physicalMemory / 2 }
    while !isFinal { try grow(keepingFrom: 0) }
  }

  deinit { giveBack() }

  private func giveBack() {
    switch memory {
    case .borrowed: break
    case .mapped(let length): munmap(UnsafeMutableRawPointer(mutating: base), length)
    case .buffer(let buffer, _): buffer.deallocate()
    }
  }

  /// Forgets the bytes before `start`, which becomes 0, and reads more. When what is kept fills half of the buffer, the
  /// buffer doubles: the time spent on one long record stays proportional to its length.
  func grow(keepingFrom start: Int) throws(TableError) {
    guard case .buffer(var buffer, var capacity) = memory, let source, !isFinal else { return }
    let kept = count - start
    wasASCII = wasASCII && dh_is_ascii(base, start) != 0
    if 2 * kept >= capacity {
      guard capacity <= limit / 2 else {
        throw TableError(
          .malformed, file: source.name,
          "the file unpacks to more than \(capacity >> 20) MB, which is all that this machine's memory has room for. "
            + "Cut it into several files.")
      }
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
      let more = try source.read(into: buffer + count, count: capacity - count)
      if more == 0 { isFinal = true }
      count += more
      got += more
    } while got < wanted && !isFinal
  }

  /// Reads until `wanted` bytes are here or the input ends.
  func fill(atLeast wanted: Int) throws(TableError) {
    while count < wanted && !isFinal { try grow(keepingFrom: 0) }
  }

  /// Whether all bytes before one of those here are ASCII, also those that the window has moved away from.
  func isASCII(before end: Int) -> Bool { wasASCII && dh_is_ascii(base, end) != 0 }

  /// Takes the bytes from `start` on, and all that come after, for Latin-1, and makes UTF-8 of them.
  func recodeLatin1(from start: Int) {
    let size = start + dh_latin1_size(base + start, count - start)
    let capacity = max(size, 1 << 16)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    buffer.update(from: base, count: start)
    _ = dh_latin1_to_utf8(base + start, count - start, buffer + start)
    giveBack()
    memory = .buffer(buffer, capacity: capacity)
    base = UnsafePointer(buffer)
    count = size
    source = source.map { Latin1Source($0) }
  }
}
