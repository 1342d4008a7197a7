/// A protocol buffers message in its wire format, field after field; what has its default value is left out.
struct Message {
  private(set) var bytes: [UInt8] = []

  private enum Wire: UInt8 { case varint = 0, eight = 1, counted = 2, four = 5 }

  mutating func add(_ value: Int64, as field: UInt8) {
    if value == 0 { return }
    key(field, .varint)
    varint(UInt64(bitPattern: value))
  }

  mutating func add(_ value: Double, as field: UInt8) {
    if value.bitPattern == 0 { return }
    key(field, .eight)
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
    }
  }

  /// A number that is one of several things that there may be, so that 0 is written too.
  mutating func add(choice value: Float, as field: UInt8) {
    key(field, .four)
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
    }
  }

  mutating func add(_ text: String, as field: UInt8) { add(Array(text.utf8), as: field) }
  mutating func add(_ message: Message, as field: UInt8) { add(message.bytes, as: field) }

  private mutating func add(_ content: [UInt8], as field: UInt8) {
    key(field, .counted)
    varint(UInt64(content.count))
    bytes += content
  }

  /// - Parameter field: below 16.
  private mutating func key(_ field: UInt8, _ wire: Wire) { bytes.append(field << 3 | wire.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
