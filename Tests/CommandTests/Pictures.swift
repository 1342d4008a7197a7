/// PNG files (RFC 2083) and IDX files, written by the book.
enum Pictures {
  /// - Parameter pixels: rows × columns × channels; one channel is grey, three are colours.
  static func png(width: Int, height: Int, channels: Int = 1, _ pixels: [UInt8]) -> [UInt8] {
    let row = width * channels
    // Each row begins with the number of its filter: none.
    let rows = (0..<height).flatMap { [0] + pixels[$0 * row..<($0 + 1) * row] }
    // One stored block of deflate (RFC 1951) in zlib's wrapper (RFC 1950).
    let length = UInt16(rows.count)
    let packed: [UInt8] =
      [0x78, 1, 1] + little(length) + little(~length) + rows + big(adler(rows))
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, channels == 1 ? 0 : 2, 0, 0, 0])
      + chunk("IDAT", packed) + chunk("IEND", [])
  }

  static func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)] + dimensions.flatMap { big(UInt32($0)) } + bytes
  }

  private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + body
    return big(UInt32(body.count)) + named + big(checksum(named))
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
  private static func little(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return b << 16 | a
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
  }
}

/// Images of 8 × 8 pixels whose left (class 0) or right half is bright, with noise of their own.
struct Halves {
  let count: Int
  var classes: [UInt8] { (0..<count).map { UInt8($0 * 2 / count) } }

  func pixels(_ image: Int) -> [UInt8] {
    (0..<64).map { place in
      let isBright = (place % 8 < 4) == (classes[image] == 0)
      return UInt8((isBright ? 150 : 20) + (place * 37 + image * 101 + place * image * 13) % 80)
    }
  }

  var idx: [UInt8] { Pictures.idx([count, 8, 8], (0..<count).flatMap(pixels)) }
  var labels: [UInt8] { Pictures.idx([count], classes) }

  /// Writes them as PNG files, one folder a class.
  func write(to path: String, in folder: Folder, names: [String] = ["0", "1"]) {
    for image in 0..<count {
      folder.write(
        Pictures.png(width: 8, height: 8, pixels(image)),
        to: "\(path)/\(names[Int(classes[image])])/\(image < 10 ? "0" : "")\(image).png")
    }
  }
}
