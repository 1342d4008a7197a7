/// The bytes of a file in order, unpacked if they are compressed with gzip, as their first two bytes say.
final class UnpackedInput: ByteSource {
  var name: String { input.name }
  /// Whether there is something to unpack.
  var isPacked: Bool { inflater != nil }

  private let input: Input
  private let chunk: UnsafeMutableRawBufferPointer = .allocate(byteCount: 1 << 16, alignment: 16)
  private var packed: UnsafeRawBufferPointer
  private var inflater: Inflater?

  init(_ input: Input) throws(TableError) {
    self.input = input
    packed = UnsafeRawBufferPointer(start: chunk.baseAddress, count: 0)
    // Pipes may give one byte at a time.
    var got = 0
    while got < 2, case let more = try input.read(into: chunk.baseAddress! + got, count: chunk.count - got), more > 0 {
      got += more
    }
    packed = UnsafeRawBufferPointer(start: chunk.baseAddress, count: got)
    if Self.isPacked(packed) { inflater = try Inflater(file: input.name) }
  }

  deinit { chunk.deallocate() }

  static func isPacked(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  func read(into buffer: UnsafeMutableRawPointer, count: Int) throws(TableError) -> Int {
    let target = UnsafeMutableRawBufferPointer(start: buffer, count: count)
    guard let inflater else {
      if packed.isEmpty { return try input.read(into: buffer, count: count) }
      let got = min(packed.count, count)
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[..<got]))
      packed = UnsafeRawBufferPointer(rebasing: packed[got...])
      return got
    }
    while count > 0 {
      if packed.isEmpty {
        let got = try input.read(into: chunk.baseAddress!, count: chunk.count)
        packed = UnsafeRawBufferPointer(start: chunk.baseAddress, count: got)
      }
      if packed.isEmpty {
        // Only now is it known whether the compressed stream was complete.
        try inflater.checkComplete()
        break
      }
      let got = try inflater.inflate(&packed, into: target)
      if got > 0 { return got }
    }
    return 0
  }

  /// The next `count` bytes, or as many as there are. Memory grows with what has come, or with what the file's size makes
  /// likely, not with what was asked for.
  func bytes(_ count: Int) throws(TableError) -> [UInt8] {
    // Images in IDX files seldom shrink to less than an eighth.
    try bytes(count, likely: 8 * (input.size(fromStart: false) ?? 0))
  }
}
