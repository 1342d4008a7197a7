internal import DownhillCompute
internal import DownhillNetwork
internal import DownhillTables

/// How numbers become places along an edge of a figure, from 0 to 1, and which of them are labelled.
struct Axis {
  /// Whole numbers have no labels between them.
  enum Kind { case linear, whole, logarithmic, date }

  let low: Double
  let high: Double
  let kind: Kind

  /// - Parameter padding: the share of the range that is left free at each end.
  init(_ values: [Double], kind: Kind = .linear, including: [Double] = [], padding: Double = 0.04) {
    let all = (values + including).filter { $0.isFinite && (kind != .logarithmic || $0 > 0) }
    let least = all.min() ?? (kind == .logarithmic ? 0.1 : 0), greatest = all.max() ?? 1
    self.kind = kind
    if kind == .logarithmic {
      let room = greatest > least ? power(greatest / least, padding) : 1.5
      (low, high) = (least / room, greatest * room)
    } else {
      let room = greatest > least ? padding * (greatest - least) : max(abs(least) * 0.1, 0.5)
      // What is included is an end of its own, such as 0 or 1.
      low = including.contains(least) && greatest > least ? least : least - room
      high = including.contains(greatest) && greatest > least ? greatest : greatest + room
    }
  }

  /// From 0 to 1 within the axis.
  func place(_ value: Double) -> Double {
    let share =
      kind == .logarithmic
      ? logarithm(max(value, low) / low) / logarithm(high / low) : (value - low) / (high - low)
    return share.isFinite ? min(max(share, -0.02), 1.02) : 0
  }

  /// Round numbers with their labels, about as many as asked for.
  func ticks(_ count: Int) -> [(value: Double, label: String)] {
    switch kind {
    case .linear, .whole: linearTicks(count)
    case .logarithmic: logarithmicTicks(count)
    case .date: dateTicks(min(count, 4))
    }
  }

  private func linearTicks(_ count: Int) -> [(value: Double, label: String)] {
    let least = (high - low) / Double(max(1, count))
    let step = kind == .whole ? max(1, Self.roundStep(least).rounded()) : Self.roundStep(least)
    guard step > 0, step.isFinite else { return [] }
    let decimals = Self.decimals(step)
    let first = (low / step - 1e-9).rounded(.up), last = (high / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 100 else { return [] }
    return stride(from: first, through: last, by: 1).map { index in
      let value = index * step
      return (value, Self.label(value == 0 ? 0 : value, decimals: decimals))
    }
  }

  /// The least of 1, 2, 2.5 and 5 times a power of ten that is no less.
  private static func roundStep(_ least: Double) -> Double {
    guard least > 0, least.isFinite else { return 0 }
    var size = 1.0
    while size > least { size /= 10 }
    while size * 10 <= least { size *= 10 }
    return [1, 2, 2.5, 5, 10].map { $0 * size }.first { $0 >= least * 0.999 } ?? least
  }

  private static func decimals(_ step: Double) -> Int {
    var decimals = 0, scaled = step
    while decimals < 9, abs(scaled - scaled.rounded()) > 1e-6 * step {
      scaled *= 10
      decimals += 1
    }
    return decimals
  }

  private static func label(_ value: Double, decimals: Int) -> String {
    if decimals == 0, abs(value) >= 10_000, abs(value) < 1e15 {
      let (size, unit) = abs(value) >= 1e9 ? (1e9, " bn") : abs(value) >= 1e6 ? (1e6, " m") : (1e3, ",000")
      let scaled = value / size
      if scaled == scaled.rounded() { return (value < 0 ? "−" : "") + "\(Int(abs(scaled)))\(unit)" }
      if size > 1e3, (scaled * 10) == (scaled * 10).rounded() { return Wording.number(scaled, digits: 2) + unit }
      return (value < 0 ? "−" : "") + grouped(Int(abs(value)))
    }
    let text = Format.fixed(value, decimals: decimals)
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  private func logarithmicTicks(_ count: Int) -> [(value: Double, label: String)] {
    var values: [Double] = []
    let decades = logarithm(high / low) / logarithm(10)
    let factors: [Double] = decades > 2.5 ? [1] : decades > 1 ? [1, 3] : [1, 2, 3, 5, 7]
    var size = power(10, (logarithm(low) / logarithm(10)).rounded(.down))
    while size <= high * 1.001, values.count < 200 {
      values += factors.map { $0 * size }.filter { $0 >= low * 0.999 && $0 <= high * 1.001 }
      size *= 10
    }
    let every = max(1, (values.count + count - 1) / max(1, count))
    return values.enumerated().filter { $0.offset % every == 0 }.map { ($0.element, Self.plain($0.element)) }
  }

  /// A power of ten, or a small multiple, without digits that say nothing.
  private static func plain(_ value: Double) -> String {
    if value >= 1 { return label(value.rounded(), decimals: 0) }
    if value < 0.9e-4 { return Format.number(value, digits: 1) }
    var decimals = 1
    while decimals < 6,
      abs(value * power(10, Double(decimals)) - (value * power(10, Double(decimals))).rounded()) > 1e-6
    {
      decimals += 1
    }
    return Format.fixed(value, decimals: decimals)
  }

  private func dateTicks(_ count: Int) -> [(value: Double, label: String)] {
    let year = 365.2425 * 86_400
    let length = high - low > 8 * year ? 4 : high - low > year ? 7 : 10
    return (0..<count).map { index in
      let value = low + (high - low) * (Double(index) + 0.5) / Double(count)
      return (value, String(dateText((value / 86_400).rounded() * 86_400).prefix(length)))
    }
  }
}
