import ArgumentParser
import Downhill

/// What the result is compared with.
struct BaselineOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: """
      Compare the result with boosted trees. Of a table they are grown beside the network, on the rows that it learned \
      from, in no more than a quarter of its time or some seconds, and judged on the same rows; the network is the same \
      either way. By default on, but for --recipe fast.
      """)
  var baseline: Bool?

  /// Seconds that trees may take beside a training; nil: none are left.
  static func seconds(beside training: Double, limit: Double?) -> Double? {
    // A quarter as a power of two, so that the same training has the same, however busy the machine is, but by chance.
    let share = min(max(training / 4, 4), 60)
    let rounded = Double(sign: .plus, exponent: Int(share.exponent), significand: 1)
    guard let limit else { return rounded }
    let left = limit - training
    return left >= 0.5 ? min(left, rounded) : nil
  }
}

extension Train {
  /// Trees beside the network; nil: not asked for, not to be had, or there is no time.
  func compareWithTrees(_ learned: Learned, _ learning: Learning) -> TreeComparison? {
    guard baseline.baseline ?? (recipe.recipe.recipe.name != .fast), learned.ending != .interrupted,
      let seconds = BaselineOptions.seconds(beside: learned.seconds, limit: safekeeping.timeLimit?.seconds)
    else { return nil }
    // The model is saved: nothing that happens here may spoil that.
    guard let trees = try? learning.compareWithTrees(learned, seconds: seconds, stop: Interruption.stop) else {
      return nil
    }
    return Interruption.stop.isRequested ? nil : trees
  }
}
