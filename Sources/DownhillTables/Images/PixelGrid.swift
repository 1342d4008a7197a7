internal import CImages

/// An image in memory, one byte a pixel and channel, in reading order.
public struct PixelGrid: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// 1: grey; 3: red, green and blue.
  public let channels: Int
  public internal(set) var pixels: [UInt8]

  /// A black one.
  init(width: Int, height: Int, channels: Int) {
    (self.width, self.height, self.channels) = (width, height, channels)
    pixels = [UInt8](repeating: 0, count: width * height * channels)
  }

  /// In so many channels: grey becomes three times the same, and of colours the luma of ITU-R BT.601 stays, 0.299 R + 0.587 G
  /// + 0.114 B.
  public func converted(channels wanted: Int) -> PixelGrid {
    if wanted == channels { return self }
    var converted = PixelGrid(width: width, height: height, channels: wanted)
    for pixel in 0..<width * height {
      if channels == 1 {
        for channel in 0..<3 { converted.pixels[3 * pixel + channel] = pixels[pixel] }
      } else {
        let (red, green, blue) = (Int(pixels[3 * pixel]), Int(pixels[3 * pixel + 1]), Int(pixels[3 * pixel + 2]))
        // In 65,536ths, rounded.
        converted.pixels[pixel] = UInt8((red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16)
      }
    }
    return converted
  }

  /// In another size: along each axis the mean over the area of each pixel where it shrinks, and straight lines between the
  /// middles of pixels where it grows. Worked out in float and rounded once.
  public func scaled(width newWidth: Int, height newHeight: Int) -> PixelGrid {
    if (newWidth, newHeight) == (width, height) { return self }
    var scaled = PixelGrid(width: newWidth, height: newHeight, channels: channels)
    let outcome = scaled.pixels.withUnsafeMutableBufferPointer { scaled in
      pixels.withUnsafeBufferPointer { pixels in
        dh_image_scale(
          pixels.baseAddress, Int32(width), Int32(height), Int32(channels), scaled.baseAddress, Int32(newWidth),
          Int32(newHeight))
      }
    }
    precondition(outcome == 0, "no memory to scale an image of \(width) × \(height)")
    return scaled
  }
}
