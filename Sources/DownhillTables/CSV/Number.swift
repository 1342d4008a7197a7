internal import CTables

/// Reads a decimal number: `-12`, `3.25`, `.5`, `5.`, `6.02e23`. Nothing else is a number: no thousands separators,
/// decimal commas, underscores, hexadecimal, `inf`, units or spaces; nor what is too large for a `Double`.
///
/// The result is the `Double` nearest to the decimal value (ties to even).
func parseNumber(_ start: UnsafePointer<UInt8>, count: Int) -> Double? {
  var number = 0.0
  switch dh_parse_number(start, start + count, &number) {
  case dh_number_found: return number
  case dh_number_none: return nil
  default: break
  }
  // Digits that are nearly halfway between two doubles: by the standard library, which looks at all of them.
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else { return nil }
  return number
}

/// The number that a text is, if it is one.
func number(_ text: String) -> Double? {
  var text = text
  return text.withUTF8 { bytes in bytes.baseAddress.flatMap { parseNumber($0, count: bytes.count) } }
}

/// The shortest text that reads back as the number; whole numbers without a point: `3`, `-0.5`, `1e+300`.
package func shortText(of number: Double) -> String {
  if number == number.rounded(), abs(number) < 0x1p53 { return String(Int64(number)) }
  return number.description
}
