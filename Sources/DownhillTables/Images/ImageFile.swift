internal import CImages

/// PNG and JPEG files.
public enum ImageFile {
  /// Bytes of a file, at most.
  static let longest = 1 << 30

  /// Whether a file begins like an image; false of what is no regular file, which can be read only once.
  public static func isOne(_ path: String) -> Bool {
    guard path != "-", Input.isRegularFile(path), let start = try? Input(path: path).bytes(8) else { return false }
    return ImageHeader.format(of: start) != nil
  }

  /// Whether a name is that of an image file, by its ending.
  static func hasItsName(_ name: String) -> Bool {
    [".png", ".jpg", ".jpeg"].contains { name.lowercased().hasSuffix($0) }
  }

  /// Decodes an image as it is to be looked at: turned as its camera says, what is transparent laid on white, 16 bits rounded
  /// to 8.
  ///
  /// Profiles of colours are not looked at.
  /// - Throws: `TableError`: the file can't be read, is damaged or of a kind that isn't read, or the library that decodes it
  ///   is not installed.
  public static func decode(_ path: String) throws(TableError) -> PixelGrid {
    let bytes = try Input(path: path).bytes(longest)
    return try bytes.asBytes { raw throws(TableError) in
      guard let header = try ImageHeader(raw, file: path) else {
        throw TableError(.malformed, file: path, "the file ends within its header. Is it cut short? Fetch it again.")
      }
      return try decode(raw, header, file: path).turned(header.orientation)
    }
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, _ header: ImageHeader, file: String
  ) throws(TableError) -> PixelGrid {
    var grid = PixelGrid(width: header.storedWidth, height: header.storedHeight, channels: header.channels)
    let (width, height, channels) = (Int32(grid.width), Int32(grid.height), Int32(grid.channels))
    let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    var message = [CChar](repeating: 0, count: Int(DH_IMAGE_MESSAGE))
    let outcome = grid.pixels.withUnsafeMutableBufferPointer { pixels in
      let decode = header.format == .png ? dh_png_decode : dh_jpeg_decode
      return decode(start, bytes.count, width, height, channels, pixels.baseAddress, &message)
    }
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    switch outcome {
    case dh_image_decoded: return grid
    case dh_image_no_library:
      let (library, package) =
        header.format == .png
        ? ("libpng", "libpng16-16") : ("libjpeg-turbo", "libturbojpeg0\"; Ubuntu: \"apt install libturbojpeg")
      throw TableError(
        .missingLibrary, file: file,
        "the file is a \(header.format.rawValue) image, and \(library), which would decode it, is not installed (\(text) was "
          + "looked for). Install it (Debian: \"apt install \(package)\").")
    default:
      throw TableError(.malformed, file: file, "the image is damaged (\(text)). Fetch it again, or remove it.")
    }
  }
}
