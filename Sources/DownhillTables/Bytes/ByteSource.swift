/// Bytes in their order, wherever they come from.
protocol ByteSource: AnyObject {
  /// What messages call it.
  var name: String { get }

  /// Reads at most `count` bytes, and at least one if there is one; 0 at the end.
  func read(into buffer: UnsafeMutableRawPointer, count: Int) throws(TableError) -> Int
}

extension ByteSource {
  /// The next `count` bytes, or as many as there are.
  /// - Parameter likely: that there are so many is likely: room is made for them. Otherwise memory grows with what has come.
  func bytes(_ count: Int, likely: Int = 0) throws(TableError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(count, likely))
    let piece = 1 << 18
    while bytes.count < count {
      let filled = bytes.count, wanted = min(piece, count - filled)
      bytes.append(contentsOf: repeatElement(0, count: wanted))
      var got = 0
      var failure: TableError?
      bytes.withUnsafeMutableBytes { all in
        do throws(TableError) { got = try read(into: all.baseAddress! + filled, count: wanted) } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      if got < wanted { bytes.removeLast(wanted - got) }
      if got == 0 { break }
    }
    return bytes
  }
}
