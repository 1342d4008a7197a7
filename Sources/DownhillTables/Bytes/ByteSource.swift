/// Bytes in their order, wherever they come from.
protocol ByteSource: AnyObject {
  /// What messages call it.
  var name: String { get }

  /// Reads at most `count` bytes, and at least one if there is one; 0 at the end.
  func read(into buffer: UnsafeMutableRawPointer, count: Int) throws(TableError) -> Int
}
