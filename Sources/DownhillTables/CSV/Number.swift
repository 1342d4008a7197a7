/// Reads a decimal number: `-12`, `3.25`, `.5`, `5.`, `6.02e23`. Nothing else is a number: no thousands separators,
/// decimal commas, underscores, hexadecimal, `inf`, units or spaces; nor what is too large for a `Double`.
///
/// The result is the `Double` nearest to the decimal value (ties to even). Up to 19 digits and powers of ten between
/// −27 and 27 go through one 64-bit division or multiplication with its exact remainder; the rest through the standard
/// library, which is exact too and takes longer.
func parseNumber(_ start: UnsafePointer<UInt8>, count: Int) -> Double? {
  let end = start + count
  var cursor = start
  guard cursor < end else { return nil }
  let isNegative = cursor.pointee == UInt8(ascii: "-")
  if isNegative || cursor.pointee == UInt8(ascii: "+") { cursor += 1 }

  var digits: UInt64 = 0
  var significant = 0
  var written = 0
  var exponent = 0
  while cursor < end, case let digit = cursor.pointee &- 48, digit < 10 {
    digits = digits &* 10 &+ UInt64(digit)
    if digits != 0 { significant &+= 1 }
    written &+= 1
    cursor += 1
  }
  if cursor < end, cursor.pointee == UInt8(ascii: ".") {
    cursor += 1
    let fraction = cursor
    while cursor < end, case let digit = cursor.pointee &- 48, digit < 10 {
      digits = digits &* 10 &+ UInt64(digit)
      if digits != 0 { significant &+= 1 }
      cursor += 1
    }
    exponent = fraction - cursor
    written &-= exponent
  }
  guard written > 0 else { return nil }
  if cursor < end, cursor.pointee | 0x20 == UInt8(ascii: "e") {
    cursor += 1
    guard cursor < end else { return nil }
    let isDivided = cursor.pointee == UInt8(ascii: "-")
    if isDivided || cursor.pointee == UInt8(ascii: "+") { cursor += 1 }
    guard cursor < end else { return nil }
    var power = 0
    while cursor < end, case let digit = cursor.pointee &- 48, digit < 10 {
      power = min(power &* 10 &+ Int(digit), 1_000_000)
      cursor += 1
    }
    exponent += isDivided ? -power : power
  }
  guard cursor == end else { return nil }

  // Up to 19 digits fit in 64 bits.
  if significant <= 19 {
    let magnitude: Double? =
      if digits >> 53 == 0 && exponent == 0 {
        Double(digits)
      } else if digits >> 53 == 0 && abs(exponent) <= 22 {
        // Both factors are exact, so the one rounding is the right one (Clinger, 1990).
        exponent < 0 ? Double(digits) / powersOfTen[-exponent] : Double(digits) * powersOfTen[exponent]
      } else {
        scaled(digits, byPowerOfTen: exponent)
      }
    if let magnitude { return isNegative ? -magnitude : magnitude }
  }
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  guard let number = Double(text), number.isFinite else { return nil }
  return number
}

/// The number that a text is, if it is one.
func number(_ text: String) -> Double? {
  var text = text
  return text.withUTF8 { bytes in bytes.baseAddress.flatMap { parseNumber($0, count: bytes.count) } }
}

/// digits · 10ᵉ, rounded once; nil when e is out of this method's reach.
///
/// 10ᵉ = 5ᵉ · 2ᵉ and 5²⁷ < 2⁶³. So the quotient (or product) with 5ᵉ has 64 leading bits that come exactly from one
/// 128-bit operation, and what is left over tells whether anything lies below them.
private func scaled(_ digits: UInt64, byPowerOfTen exponent: Int) -> Double? {
  guard abs(exponent) <= 27 else { return nil }
  guard digits != 0 else { return 0 }
  let digitShift = digits.leadingZeroBitCount
  let top = digits << digitShift
  let power = powersOfFive[abs(exponent)]
  let powerShift = power.leadingZeroBitCount
  let scale = power << powerShift

  var leading: UInt64
  let hasRest: Bool
  var binaryExponent: Int
  if exponent < 0 {
    // top / scale lies between 1/2 and 2; halved where it must be, for a quotient of exactly 64 bits.
    let isHalved = top >= scale
    let dividend: (UInt64, UInt64) = isHalved ? (top >> 1, top << 63) : (top, 0)
    let (quotient, remainder) = scale.dividingFullWidth(dividend)
    leading = quotient
    hasRest = remainder != 0
    binaryExponent = powerShift - digitShift + exponent - (isHalved ? 63 : 64)
  } else {
    let product = top.multipliedFullWidth(by: scale)
    let isFull = product.high >> 63 == 1
    leading = isFull ? product.high : product.high << 1 | product.low >> 63
    hasRest = (isFull ? product.low : product.low << 1) != 0
    binaryExponent = exponent - digitShift - powerShift + (isFull ? 64 : 63)
  }
  // 64 bits to 53, half to even.
  let below = leading & 0x7FF
  leading >>= 11
  binaryExponent += 11
  if below > 0x400 || below == 0x400 && (hasRest || leading & 1 == 1) { leading += 1 }
  return Double(leading) * Double(bitPattern: UInt64(1023 + binaryExponent) << 52)
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

private let powersOfFive: [UInt64] = (0...27).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 5 } }

/// The shortest text that reads back as the number; whole numbers without a point: `3`, `-0.5`, `1e+300`.
package func shortText(of number: Double) -> String {
  if number == number.rounded(), abs(number) < 0x1p53 { return String(Int64(number)) }
  return number.description
}
