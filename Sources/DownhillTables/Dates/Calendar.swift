/// The Gregorian calendar, also before it was introduced, in days from 1970-01-01 (Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms").
enum Calendar {
  /// The years begin with March, so that the leap day is the last.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
  }

  static func dayCount(year: Int, month: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}

/// A moment as text, from seconds after 1970-01-01, UTC: `2026-11-24`, or `2026-11-24T10:00:00` where it is not midnight.
package func dateText(_ seconds: Double) -> String {
  guard abs(seconds) < 1e12 else { return "\(seconds)" }
  let days = Int((seconds / 86_400).rounded(.down))
  let rest = seconds - Double(days) * 86_400
  let (year, month, day) = Calendar.date(days)
  func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  let date = "\(padded(year, 4))-\(padded(month))-\(padded(day))"
  if rest == 0 { return date }
  let whole = Int(rest), fraction = rest - Double(whole)
  let thousandths = min(999, Int((fraction * 1000).rounded()))
  return date + "T\(padded(whole / 3600)):\(padded(whole / 60 % 60)):\(padded(whole % 60))"
    + (thousandths > 0 ? ".\(padded(thousandths, 3))" : "")
}
