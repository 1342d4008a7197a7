internal import DownhillCompute

/// Half cosine waves from 1 down to `end`, one after the other: SGDR (Loshchilov and Hutter, "SGDR: stochastic gradient descent
/// with warm restarts", 2017). Each cycle is `growth` times as long as the one before; with 2 cycles double.
public struct CosineRestarts: Schedule {
  public static var kind: String { "cosine-restarts" }
  public var cycles: Int
  /// At least 1.
  public var growth: Double
  public var end: Double

  public init(cycles: Int = 3, growth: Double = 1, end: Double = 0) {
    self.cycles = cycles
    self.growth = growth
    self.end = end
  }

  public func factor(at progress: Double) -> Double {
    // Rounding may put the first step of a cycle a hair before it: the restart would come a step late.
    let tolerance = 1e-12
    var start = 0.0, length = growth == 1 ? 1 / Double(cycles) : (growth - 1) / (power(growth, Double(cycles)) - 1)
    if growth == 1 {
      start = length * (progress / length + tolerance).rounded(.down)
    } else {
      while start + length <= progress + tolerance {
        start += length
        length *= growth
      }
    }
    // The end of the last cycle is an end, no restart.
    if start > 1 - tolerance { return end }
    return cosineWave(from: 1, to: end, at: min(1, max(0, (progress - start) / length)))
  }

  public var objection: String? {
    guard cycles >= 1, cycles <= 1_000_000 else { return "cosine restarts take 1 to 1,000,000 cycles, not \(cycles)" }
    guard growth >= 1, power(growth, Double(cycles)) < 1e9 else {
      return growth >= 1
        ? "\(cycles) cycles, each \(growth) times as long as the one before, leave nothing to the first"
        : "the growth of cycles is at least 1, not \(growth)"
    }
    return ScheduleCheck.factor(end, "end")
  }

  public var description: String { "CosineRestarts(cycles: \(cycles), growth: \(growth), end: \(end))" }
}
