public import Downhill
import Foundation

/// The mean over the K outputs of log cosh d, with d = ŷᵢₖ − yᵢₖ: squared near the target and straight far from it, as Huber's loss
/// is, but smooth everywhere.
///
/// ∂lᵢ/∂ŷᵢₖ = (1/K) tanh d
public struct LogCosh: Loss {
  public static var kind: String { "log-cosh" }

  public init() {}

  public func evaluate(_ pass: LossPass) -> Double {
    guard case .values(let targets) = pass.target else { return .nan }
    let share = 1 / Float(pass.prediction.columns)
    var sum = 0.0
    for row in 0..<pass.prediction.rows {
      let weight = share * pass.weight(row)
      for k in 0..<pass.prediction.columns {
        let d = pass.prediction[row, k] - targets[row, k]
        // log cosh d = |d| + log(1 + e^(−2|d|)) − log 2, which doesn't overflow.
        sum += Double(weight) * (Double(abs(d)) + log1p(exp(-2 * Double(abs(d)))) - log(2))
        pass.error?[row, k] = pass.scale * weight * tanh(d)
      }
    }
    return sum
  }

  /// Worked out from predictions as they are: there is no last activation to be fused with.
  public func fused(with last: any Layer) -> (any Loss)? { last is Identity ? self : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    if case .classes = targets { return "log cosh takes numbers as targets, not classes" }
    return nil
  }

  public var description: String { "LogCosh()" }
}
