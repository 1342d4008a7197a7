/// What the beginning of an image file declares. It is read before anything is decoded, so that no file makes memory be taken
/// for pixels that it doesn't have.
public struct ImageHeader: Sendable, Equatable {
  public enum Format: String, Sendable { case png = "PNG", jpeg = "JPEG" }

  public let format: Format
  /// As the image is to be looked at, in pixels.
  public let width: Int
  public let height: Int
  /// 1: grey; 3: red, green and blue. What is transparent will be laid on white.
  public let channels: Int
  /// How the pixels in the file are turned.
  let orientation: Orientation

  /// As the pixels stand in the file.
  var storedWidth: Int { orientation.swapsAxes ? height : width }
  var storedHeight: Int { orientation.swapsAxes ? width : height }

  /// Larger images are refused.
  static let mostPixels = 1 << 27

  /// Whether a file's first bytes are those of a format that is known here.
  static func format(of bytes: some Collection<UInt8>) -> Format? {
    if bytes.starts(with: png) { return .png }
    return bytes.starts(with: [0xFF, 0xD8, 0xFF]) ? .jpeg : nil
  }

  private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// - Parameter bytes: the beginning of the file, or all of it.
  /// - Returns: nil where the bytes end before all is said.
  /// - Throws: `TableError` where this is no image that can be read.
  init?(_ bytes: UnsafeRawBufferPointer, file: String) throws(TableError) {
    func refuse(_ message: String) -> TableError { TableError(.malformed, file: file, message) }
    let width: Int, height: Int
    switch Self.format(of: bytes) {
    case .png?:
      guard let header = try PNGHeader(bytes, file: file) else { return nil }
      (format, channels, orientation) = (.png, header.hasColour ? 3 : 1, header.orientation)
      (width, height) = orientation.swapsAxes ? (header.height, header.width) : (header.width, header.height)
    case .jpeg?:
      guard let frame = try JPEGFrame(bytes, file: file) else { return nil }
      switch frame.components {
      case 1, 3: channels = frame.components
      case 4:
        throw refuse(
          "the JPEG file holds inks (CMYK) instead of colours of light. Convert it to RGB, with \"convert in.jpg "
            + "-colorspace sRGB out.jpg\" say.")
      default: throw refuse("the JPEG file has \(frame.components) components; 1 (grey) or 3 (colour) were expected.")
      }
      guard frame.bitsPerSample == 8 else {
        throw refuse("the JPEG file has \(frame.bitsPerSample) bits a sample; 8 were expected. Convert it.")
      }
      (format, orientation) = (.jpeg, frame.orientation)
      (width, height) = orientation.swapsAxes ? (frame.height, frame.width) : (frame.width, frame.height)
    case nil:
      throw refuse(
        "the file is neither PNG nor JPEG by its first bytes, whatever its name says. Convert it, or remove it.")
    }
    guard width > 0, height > 0 else { throw refuse("the file declares \(width) × \(height) pixels. Is it damaged?") }
    guard width <= Self.mostPixels, height <= Self.mostPixels, width * height <= Self.mostPixels else {
      throw refuse(
        "the file declares \(width) × \(height) pixels; more than \(Self.mostPixels) are refused. Scale it down, or is its "
          + "header damaged?")
    }
    (self.width, self.height) = (width, height)
  }

  /// Reads the beginning of a file, and all of it where that is not enough.
  public init(contentsOf path: String) throws(TableError) {
    let file = try Input(path: path)
    var bytes: [UInt8] = []
    for count in [1 << 12, 1 << 16, ImageFile.longest] {
      bytes += try file.bytes(count - bytes.count)
      let header = try bytes.asBytes { raw throws(TableError) in try ImageHeader(raw, file: path) }
      if let header {
        self = header
        return
      }
      if bytes.count < count { break }
    }
    throw TableError(.malformed, file: path, "the file ends within its header. Is it cut short? Fetch it again.")
  }
}

extension [UInt8] {
  /// The bytes in place; unlike `withUnsafeBytes`, with the error's type.
  func asBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(TableError) -> Result
  ) throws(TableError) -> Result {
    let result: Swift.Result<Result, TableError> = withUnsafeBytes { raw in
      do throws(TableError) { return .success(try body(raw)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

extension UnsafeRawBufferPointer {
  /// A whole number of so many bytes, the most significant first unless told otherwise.
  func number(at place: Int, bytes count: Int, isLittleEndian: Bool = false) -> Int {
    (0..<count).reduce(0) { $0 << 8 | Int(self[place + (isLittleEndian ? count - 1 - $1 : $1)]) }
  }
}
