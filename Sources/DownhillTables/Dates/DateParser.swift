/// How a column writes its dates.
public enum DateOrder: String, Sendable, Codable, CaseIterable {
  /// `2026-11-24` or `2026/11/24`.
  case yearFirst
  /// `24.11.2026`
  case dayFirst
}

/// Reads dates, with or without a time of day: `2026-11-24`, `2026-11-24T10:00`, `2026-11-24 10:00:30.5+01:00`,
/// `2026/11/24`, `24.11.2026 10:00`.
///
/// The value is in seconds from 1970-01-01, UTC. A time without a zone counts as UTC: within a column that is a shift, and
/// no more.
struct DateParser {
  private var cursor: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ order: DateOrder) -> Double? {
    guard bytes.count <= 40, let start = bytes.baseAddress else { return nil }
    var parser = DateParser(cursor: start, end: start + bytes.count)
    return parser.read { parser in order == .yearFirst ? parser.yearFirst() : parser.dayFirst() }
  }

  /// The same with the month before the day, `11.24.2026`: nobody writes that with points, but who can tell `11.12.2026`?
  static func couldBeMonthFirst(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count <= 40, let start = bytes.baseAddress else { return false }
    var parser = DateParser(cursor: start, end: start + bytes.count)
    return parser.read { parser in parser.dayFirst().map { ($0.year, month: $0.day, day: $0.month) } } != nil
  }

  private typealias Day = (year: Int, month: Int, day: Int)

  private mutating func read(_ day: (inout DateParser) -> Day?) -> Double? {
    guard let date = day(&self), date.year > 0, (1...12).contains(date.month),
      (1...Calendar.dayCount(year: date.year, month: date.month)).contains(date.day)
    else { return nil }
    let days = Calendar.days(year: date.year, month: date.month, day: date.day)
    guard let time = timeOfDay() else { return nil }
    return Double(days) * 86_400 + time
  }

  private mutating func yearFirst() -> Day? {
    guard let year = number(4...4) else { return nil }
    if take("-") {
      guard let month = number(2...2), take("-"), let day = number(2...2) else { return nil }
      return (year, month, day)
    }
    guard take("/"), let month = number(1...2), take("/"), let day = number(1...2) else { return nil }
    return (year, month, day)
  }

  private mutating func dayFirst() -> Day? {
    guard let day = number(1...2), take("."), let month = number(1...2), take("."), let year = number(4...4) else {
      return nil
    }
    return (year, month, day)
  }

  /// Seconds after midnight, UTC; 0 where the text ends here.
  private mutating func timeOfDay() -> Double? {
    if cursor == end { return 0 }
    guard take("T") || take("t") || take(" ") else { return nil }
    guard let hour = number(1...2), hour < 24, take(":"), let minute = number(2...2), minute < 60 else { return nil }
    var seconds = Double(hour * 3600 + minute * 60)
    if take(":") {
      // 60 is a leap second.
      guard let second = number(2...2), second <= 60 else { return nil }
      seconds += Double(second)
      if take(".") || take(",") {
        guard let fraction = fraction() else { return nil }
        seconds += fraction
      }
    }
    if cursor == end { return seconds }
    _ = take(" ")
    if take("Z") || take("z") { return cursor == end ? seconds : nil }
    let isEast = take("+")
    guard isEast || take("-"), let hours = number(2...2), hours < 24 else { return nil }
    var minutes = 0
    if cursor != end {
      _ = take(":")
      guard let read = number(2...2), read < 60 else { return nil }
      minutes = read
    }
    let offset = Double(hours * 3600 + minutes * 60)
    return cursor == end ? (isEast ? seconds - offset : seconds + offset) : nil
  }

  /// A number of so many digits.
  private mutating func number(_ widths: ClosedRange<Int>) -> Int? {
    var value = 0, count = 0
    while cursor < end, count < widths.upperBound, case let digit = cursor.pointee &- 0x30, digit <= 9 {
      value = 10 * value + Int(digit)
      count += 1
      cursor += 1
    }
    return widths.contains(count) ? value : nil
  }

  private mutating func fraction() -> Double? {
    var value = 0.0, unit = 1.0, count = 0
    while cursor < end, case let digit = cursor.pointee &- 0x30, digit <= 9 {
      value = 10 * value + Double(digit)
      unit *= 10
      count += 1
      cursor += 1
    }
    return (1...15).contains(count) ? value / unit : nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard cursor < end, cursor.pointee == UInt8(ascii: character) else { return false }
    cursor += 1
    return true
  }
}

/// What the texts of a column are as dates.
struct DateColumn {
  let order: DateOrder
  /// For each distinct text its moment; infinite: it is no date.
  let moments: [Double]
  /// Whether every text is a date.
  var isWhole: Bool { !moments.contains(.infinity) }
  /// Day and month could be taken for each other in all of the texts.
  let isAmbiguous: Bool

  init(_ texts: TextTable, order: DateOrder) {
    self.order = order
    moments = (0..<texts.count).map { DateParser.read(texts.bytes($0), order) ?? .infinity }
    isAmbiguous =
      order == .dayFirst && (0..<texts.count).allSatisfy { DateParser.couldBeMonthFirst(texts.bytes($0)) }
  }

  /// In the order that most of the texts have; nil: none is a date.
  init?(_ texts: TextTable) {
    let found = DateOrder.allCases.map { DateColumn(texts, order: $0) }
      .max { $0.moments.count(where: \.isFinite) < $1.moments.count(where: \.isFinite) }!
    guard found.moments.contains(where: \.isFinite) else { return nil }
    self = found
  }
}
