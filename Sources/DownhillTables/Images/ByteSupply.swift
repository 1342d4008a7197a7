/// The bytes of a file in order, unpacked if the file is compressed with gzip.
final class ByteSupply {
  private let input: Input
  private let chunk: UnsafeMutableRawBufferPointer = .allocate(byteCount: 1 << 16, alignment: 16)
  private var packed: UnsafeRawBufferPointer
  private var inflater: Inflater?
  /// How many bytes there may well be in all.
  private let likely: Int

  init(_ input: Input) throws(TableError) {
    self.input = input
    // Images in IDX files seldom shrink to less than an eighth.
    likely = try (input.size() ?? 0) * 8
    packed = UnsafeRawBufferPointer(start: chunk.baseAddress, count: 0)
    try refill()
    if packed.count < 2 {
      // Too short to tell: pipes may give one byte at a time, and then it isn't worth asking for gzip.
      inflater = nil
    } else if packed[0] == 0x1F && packed[1] == 0x8B {
      inflater = try Inflater(file: input.name)
    }
  }

  deinit { chunk.deallocate() }

  /// The next `count` bytes, or as many as there are. Memory grows with what has come, or with what the file's size
  /// makes likely, not with what was asked for.
  func read(_ count: Int) throws(TableError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(count, likely))
    let piece = 1 << 18
    while bytes.count < count {
      let filled = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: min(piece, count - filled)))
      var got = 0
      var failure: TableError?
      bytes.withUnsafeMutableBytes { all in
        do throws(TableError) {
          got = try fill(UnsafeMutableRawBufferPointer(rebasing: all[filled...]))
        } catch { failure = error }
      }
      if let failure { throw failure }
      if filled + got < bytes.count {
        bytes.removeLast(bytes.count - filled - got)
        break
      }
    }
    return bytes
  }

  /// Fills a buffer as far as the bytes reach.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(TableError) -> Int {
    var filled = 0
    while filled < buffer.count {
      if packed.isEmpty { try refill() }
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      if let inflater {
        let got = try inflater.inflate(&packed, into: rest)
        if got == 0 && packed.isEmpty {
          // Only now is it known whether the compressed stream was complete.
          try refill()
          if packed.isEmpty {
            try inflater.checkComplete()
            break
          }
        }
        filled += got
      } else {
        guard !packed.isEmpty else { break }
        let got = min(packed.count, rest.count)
        rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[..<got]))
        packed = UnsafeRawBufferPointer(rebasing: packed[got...])
        filled += got
      }
    }
    return filled
  }

  private func refill() throws(TableError) {
    let got = try input.read(into: chunk.baseAddress!, count: chunk.count)
    packed = UnsafeRawBufferPointer(start: chunk.baseAddress, count: got)
  }
}
