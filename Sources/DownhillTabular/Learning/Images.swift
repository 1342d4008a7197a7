public import DownhillTables

/// Images of one size, with one byte a pixel and channel, in reading order.
public struct Images: Sendable, Equatable {
  /// Of one image: `[28, 28]`.
  public let dimensions: [Int]
  public let count: Int
  /// What messages call them.
  public let source: String
  /// Whether they were scaled to this size.
  public let areResized: Bool
  /// The file of each image; empty: they have none of their own.
  public internal(set) var files: [String] = []
  /// Image after image.
  let bytes: [UInt8]
  /// Bytes of one image.
  let size: Int

  /// - Parameter bytes: image after image.
  /// - Throws: `LearningError` where the bytes are not a whole number of images.
  public init(
    dimensions: [Int], bytes: [UInt8], source: String = "images", areResized: Bool = false
  ) throws(LearningError) {
    let size = dimensions.reduce(1, *)
    guard size > 0, bytes.count % size == 0 else {
      throw LearningError("\(source): \(bytes.count) bytes are no whole number of images of \(dimensions)")
    }
    (self.dimensions, self.bytes, self.source, self.size) = (dimensions, bytes, source, size)
    self.areResized = areResized
    count = bytes.count / size
  }

  /// The images of an IDX file: its first dimension counts them.
  /// - Throws: `LearningError` where it holds no images.
  public init(_ array: IDXArray, source: String) throws(LearningError) {
    guard array.dimensions.count >= 2 else {
      throw LearningError("\(source) holds labels, one byte each; a file of images was expected")
    }
    try self.init(dimensions: Array(array.dimensions.dropFirst()), bytes: array.values, source: source)
  }

  /// The images of an array of unsigned bytes with three dimensions or more: the first counts them.
  /// - Throws: `LearningError` where it is another array.
  public init(_ array: NumberArray, source: String) throws(LearningError) {
    guard array.dimensions.count >= 3, let bytes = array.uint8 else {
      throw LearningError("\(source) holds no images: an array of unsigned bytes, count × height × width, was expected")
    }
    try self.init(dimensions: Array(array.dimensions.dropFirst()), bytes: bytes, source: source)
  }

  private init(_ images: Images, rows: [Int32]) {
    (dimensions, source, size, count) = (images.dimensions, images.source, images.size, rows.count)
    areResized = images.areResized
    files = images.files.isEmpty ? [] : rows.map { images.files[Int($0)] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * size)
    for row in rows { bytes += images.pixels(Int(row)) }
    self.bytes = bytes
  }

  /// The pixels of one image.
  public func pixels(_ image: Int) -> ArraySlice<UInt8> { bytes[image * size..<(image + 1) * size] }

  /// Some of the images, in the order given.
  public func select(rows: [Int32]) -> Images { Images(self, rows: rows) }
}
