/// What a PNG file (W3C, "Portable Network Graphics", 3rd edition) says before its pixels.
struct PNGHeader {
  let width: Int
  let height: Int
  /// Palettes are colour too.
  let hasColour: Bool
  let orientation: Orientation

  /// - Returns: nil where the bytes end before the pixels.
  init?(_ bytes: UnsafeRawBufferPointer, file: String) throws(TableError) {
    // The signature; then the first chunk: its length, its name, width, height, bit depth, colour type, three bytes more.
    guard bytes.count >= 33 else { return nil }
    guard bytes.name(at: 12) == "IHDR", bytes.number(at: 8, bytes: 4) == 13 else {
      throw TableError(.malformed, file: file, "the PNG file doesn't begin with a header. Is it damaged?")
    }
    width = bytes.number(at: 16, bytes: 4)
    height = bytes.number(at: 20, bytes: 4)
    hasColour = bytes[25] & 2 != 0
    var orientation = Orientation.upright
    var place = 33
    while true {
      guard place + 8 <= bytes.count else { return nil }
      let length = bytes.number(at: place, bytes: 4), name = bytes.name(at: place + 4)
      // What comes behind the pixels would be too late.
      if name == "IDAT" || name == "IEND" { break }
      if name == "eXIf" {
        guard place + 8 + length <= bytes.count else { return nil }
        let tiff = UnsafeRawBufferPointer(rebasing: bytes[place + 8..<place + 8 + length])
        orientation = Orientation(tiff: tiff) ?? orientation
      }
      // The name, the length and a checksum stand around what the chunk holds.
      place += 12 + length
    }
    self.orientation = orientation
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func name(at place: Int) -> String { String(decoding: self[place..<place + 4], as: UTF8.self) }
}
