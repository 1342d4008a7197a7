/// What a JPEG file (ITU-T T.81) says before its pixels: the frame, and how it is to be turned.
struct JPEGFrame {
  let width: Int
  let height: Int
  let components: Int
  let bitsPerSample: Int
  let orientation: Orientation

  /// - Returns: nil where the bytes end before the frame.
  init?(_ bytes: UnsafeRawBufferPointer, file: String) throws(TableError) {
    func refuse(_ what: String) -> TableError {
      TableError(.malformed, file: file, "the JPEG file \(what). Is it damaged?")
    }
    var orientation = Orientation.upright
    var place = 2
    while true {
      guard place + 4 <= bytes.count else { return nil }
      guard bytes[place] == 0xFF else { throw refuse("has no marker where one was expected") }
      let marker = bytes[place + 1]
      // Fill bytes.
      if marker == 0xFF {
        place += 1
        continue
      }
      // Markers that stand alone.
      if marker == 0x01 || (0xD0...0xD7).contains(marker) {
        place += 2
        continue
      }
      let length = bytes.number(at: place + 2, bytes: 2)
      guard length >= 2 else { throw refuse("has a segment of \(length) bytes") }
      let segment = place + 4..<place + 2 + length
      switch marker {
      // Frames of all kinds; between them stand tables (C4, CC) and an extension (C8).
      case 0xC0...0xCF where ![0xC4, 0xC8, 0xCC].contains(marker):
        guard segment.lowerBound + 6 <= bytes.count else { return nil }
        guard segment.count >= 6 else { throw refuse("has a frame of \(segment.count) bytes") }
        bitsPerSample = Int(bytes[segment.lowerBound])
        height = bytes.number(at: segment.lowerBound + 1, bytes: 2)
        width = bytes.number(at: segment.lowerBound + 3, bytes: 2)
        components = Int(bytes[segment.lowerBound + 5])
        self.orientation = orientation
        return
      case 0xD9, 0xDA: throw refuse("has no frame before its pixels")
      case 0xE1:
        guard segment.upperBound <= bytes.count else { return nil }
        if let found = Orientation(segment: UnsafeRawBufferPointer(rebasing: bytes[segment])) { orientation = found }
      default: break
      }
      place = segment.upperBound
    }
  }
}
