internal import DownhillCompute

/// A period that moments are seen in, as an angle: its sine and cosine bring its end and its beginning together.
public enum DateCycle: String, Sendable, Codable, CaseIterable {
  /// Of the calendar, from 1 January on.
  case year
  /// From Monday on.
  case week
  case day

  /// What it measures, for people.
  var name: String {
    switch self {
    case .year: "time of year"
    case .week: "time of week"
    case .day: "time of day"
    }
  }

  var loop: CycleLoop {
    switch self {
    case .year: .year
    case .week: .week
    case .day: .day
    }
  }

  private var seconds: Double {
    switch self {
    case .year: 365 * 86_400
    case .week: 7 * 86_400
    case .day: 86_400
    }
  }

  /// The cycles that moments vary in: they reach over half a period at least, else the trend tells as much, and don't all
  /// stand at the same place in it, as the times of day of mere dates do.
  static func found(in moments: some Population) -> [DateCycle] {
    guard let first = moments.first else { return [] }
    let (earliest, latest) = moments.extremes
    return allCases.filter { cycle in
      guard latest - earliest >= cycle.seconds / 2 else { return false }
      let place = cycle.loop.angle(first)
      return moments.someSatisfy { cycle.loop.angle($0) != place }
    }
  }
}
