/// How an image that stands in a file is turned to be looked at, as cameras say it (Exif 2.32, tag 0x0112).
enum Orientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored, turnedAround, upsideDown, transposed, turnedRight, transposedAround, turnedLeft

  var swapsAxes: Bool { rawValue >= 5 }

  /// - Parameter segment: JPEG's: `Exif`, two zeros, and a TIFF directory.
  init?(segment: UnsafeRawBufferPointer) {
    guard segment.starts(with: "Exif\0\0".utf8) else { return nil }
    self.init(tiff: UnsafeRawBufferPointer(rebasing: segment[6...]))
  }

  /// - Returns: nil where the directory says nothing, or nothing that makes sense: then the image is as it stands.
  init?(tiff: UnsafeRawBufferPointer) {
    let isLittleEndian = tiff.starts(with: "II".utf8)
    guard isLittleEndian || tiff.starts(with: "MM".utf8) else { return nil }
    func number(_ place: Int, _ count: Int) -> Int? {
      place >= 0 && place + count <= tiff.count
        ? tiff.number(at: place, bytes: count, isLittleEndian: isLittleEndian) : nil
    }
    guard let directory = number(4, 4), let entries = number(directory, 2) else { return nil }
    for entry in 0..<entries {
      let place = directory + 2 + 12 * entry
      guard let tag = number(place, 2) else { return nil }
      if tag == 0x0112 {
        guard let value = number(place + 8, 2) else { return nil }
        self.init(rawValue: value)
        return
      }
    }
    return nil
  }
}

extension PixelGrid {
  /// As it is to be looked at.
  func turned(_ orientation: Orientation) -> PixelGrid {
    if orientation == .upright { return self }
    let (h, w) = orientation.swapsAxes ? (width, height) : (height, width)
    var turned = PixelGrid(width: w, height: h, channels: channels)
    for y in 0..<h {
      for x in 0..<w {
        let (row, column) =
          switch orientation {
          case .upright: (y, x)
          case .mirrored: (y, w - 1 - x)
          case .turnedAround: (h - 1 - y, w - 1 - x)
          case .upsideDown: (h - 1 - y, x)
          case .transposed: (x, y)
          case .turnedRight: (w - 1 - x, y)
          case .transposedAround: (w - 1 - x, h - 1 - y)
          case .turnedLeft: (x, h - 1 - y)
          }
        for channel in 0..<channels {
          turned.pixels[(y * w + x) * channels + channel] = pixels[(row * width + column) * channels + channel]
        }
      }
    }
    return turned
  }
}
