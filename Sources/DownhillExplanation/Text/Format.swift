/// Numbers for people.
package enum Format {
  /// So many digits that count, without an exponent where it can be helped: `0.01234`, `12.3`, `123456`.
  package static func number(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let size = magnitude(abs(value))
    if size < -5 || size > 12 { return scientific(value, size: size) }
    return fixed(value, decimals: max(0, digits - 1 - size))
  }

  /// `1.1e-09` as `1.1e-9`.
  private static func scientific(_ value: Double, size: Int) -> String {
    var mantissa = value
    for _ in 0..<abs(size) { mantissa = size < 0 ? mantissa * 10 : mantissa / 10 }
    return "\(fixed(mantissa, decimals: 1))e\(size)"
  }

  /// So many decimals.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e18 else { return "\(value)" }
    let digits = String(UInt64(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = padded.dropLast(decimals), rest = padded.suffix(decimals)
    return (value < 0 && scaled != 0 ? "-" : "") + whole + (decimals > 0 ? "." + rest : "")
  }

  /// `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  package static func duration(_ seconds: Double) -> String {
    if seconds < 9.95 { return "\(fixed(seconds, decimals: 1)) s" }
    let whole = Int(min(seconds, 1e9).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// The exponent of the first digit: 0 for 1 to below 10.
  private static func magnitude(_ value: Double) -> Int {
    var exponent = 0
    var rest = value
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    while rest < 1 {
      rest *= 10
      exponent -= 1
    }
    return exponent
  }
}
