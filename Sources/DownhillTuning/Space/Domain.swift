#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The values that a dimension may have.
public enum Domain: Sendable, Equatable {
  case range(NumberRange)
  /// One of several, without an order among them.
  case choice([SearchValue])
}

/// Numbers from one to another, both included.
public struct NumberRange: Sendable, Equatable {
  public enum Scale: String, Sendable, Codable, CaseIterable {
    /// Equal differences are equally far apart.
    case linear
    /// Equal factors are: for rates and widths.
    case log
  }

  public let low: Double
  public let high: Double
  public let scale: Scale
  /// Whole numbers only.
  public let isWhole: Bool

  public init(_ low: Double, _ high: Double, scale: Scale = .linear, isWhole: Bool = false) {
    (self.low, self.high, self.scale, self.isWhole) = (low, high, scale, isWhole)
  }

  /// What is wrong with it; nil: nothing.
  var objection: String? {
    if !low.isFinite || !high.isFinite { return "its ends are numbers, not \(low) and \(high)" }
    if low > high { return "from \(SearchValue.number(low)) to \(SearchValue.number(high)) there is nothing" }
    if isWhole, low != low.rounded() || high != high.rounded() { return "its ends are whole numbers" }
    if scale == .log, !(low > 0) { return "a logarithmic range begins above 0, not at \(SearchValue.number(low))" }
    return nil
  }

  // MARK: The unit interval

  /// A whole number has the stretch of half a number to both sides, so that all of them are equally likely on a linear scale.
  private var edges: (low: Double, high: Double) {
    let (low, high) = isWhole ? (low - 0.5, high + 0.5) : (low, high)
    return scale == .log ? (log(low), log(high)) : (low, high)
  }

  /// The number at a place in 0 … 1 that stands for the range on its scale.
  func value(at place: Double) -> Double {
    let (first, last) = edges
    let there = first + min(max(place, 0), 1) * (last - first)
    let number = scale == .log ? exp(there) : there
    return min(max(isWhole ? number.rounded() : number, low), high)
  }

  /// The place of a number; nil: it is outside.
  func place(of number: Double) -> Double? {
    guard number >= low, number <= high, !isWhole || number == number.rounded() else { return nil }
    return position(number)
  }

  /// The stretch of places that stand for a number: a point, but for whole numbers.
  func cell(of number: Double) -> ClosedRange<Double> {
    guard isWhole else { return position(number)...position(number) }
    return position(number - 0.5)...position(number + 0.5)
  }

  private func position(_ number: Double) -> Double {
    let (first, last) = edges
    guard last > first else { return 0.5 }
    return min(max(((scale == .log ? log(number) : number) - first) / (last - first), 0), 1)
  }
}

extension Domain {
  /// The value at a place in 0 … 1; choices have stretches of equal length.
  package func value(at place: Double) -> SearchValue {
    switch self {
    case .range(let range): .number(range.value(at: place))
    case .choice(let choices): choices[min(max(Int(place * Double(choices.count)), 0), choices.count - 1)]
    }
  }

  /// The place of a value, that of a choice in the middle of its stretch; nil: it is none of the domain's.
  package func place(of value: SearchValue) -> Double? {
    switch self {
    case .range(let range): value.number.flatMap(range.place)
    case .choice(let choices):
      choices.firstIndex(of: value).map { (Double($0) + 0.5) / Double(choices.count) }
    }
  }

  /// How many values there are; nil: more than can be counted.
  package var count: Int? {
    switch self {
    case .range(let range): range.low == range.high ? 1 : range.isWhole ? Int(exactly: range.high - range.low + 1) : nil
    case .choice(let choices): choices.count
    }
  }

  /// What is wrong with it; nil: nothing.
  var objection: String? {
    switch self {
    case .range(let range): range.objection
    case .choice(let choices):
      if choices.isEmpty {
        "there is nothing to choose from"
      } else if Set(choices).count < choices.count {
        "a choice stands there twice"
      } else {
        nil
      }
    }
  }
}
