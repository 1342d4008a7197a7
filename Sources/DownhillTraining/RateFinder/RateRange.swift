internal import DownhillCompute

/// Which learning rates a range test tries: from the lowest to the highest, each step by the same factor more than the one before.
public struct RateRange: Sendable, Codable, Equatable {
  public var lowest: Double
  public var highest: Double
  /// At least 10.
  public var steps: Int

  public init(from lowest: Double = 1e-6, to highest: Double = 10, steps: Int = 300) {
    self.lowest = lowest
    self.highest = highest
    self.steps = steps
  }

  /// The rate of a step, from 0.
  public func rate(ofStep step: Int) -> Double { lowest * power(highest / lowest, Double(step) / Double(steps - 1)) }

  var objection: String? {
    if !(lowest > 0 && Float(lowest) > 0) { return "the lowest rate of a range test is above 0, not \(lowest)" }
    if !(highest > lowest && Float(highest).isFinite) {
      return
        "the highest rate of a range test is above the lowest, \(lowest), and fits a 32-bit float, unlike \(highest)"
    }
    return (10...1_000_000).contains(steps) ? nil : "a range test takes from 10 to 1,000,000 steps, not \(steps)"
  }
}

/// The schedule of a range test, whose progress is that of the epochs that it may touch.
struct RangeTest: Schedule {
  let range: RateRange
  /// Of all these epochs.
  let totalSteps: Int

  func factor(at progress: Double) -> Double {
    let step = min(progress * Double(totalSteps), Double(range.steps - 1))
    return power(range.highest / range.lowest, step / Double(range.steps - 1))
  }

  var description: String { "RangeTest(\(range.lowest) to \(range.highest) in \(range.steps) steps)" }
}
