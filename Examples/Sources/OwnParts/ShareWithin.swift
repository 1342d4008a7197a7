public import Downhill

/// The share of the rows whose values are all predicted to within a tolerance, in the units of the network: standard deviations,
/// where targets are standardised.
public struct ShareWithin: Metric {
  public let tolerance: Float

  public init(_ tolerance: Float) { self.tolerance = tolerance }

  public var name: String { "share within \(tolerance)" }
  public var higherIsBetter: Bool { true }

  public func value(of outputs: Matrix, for samples: Samples) -> Double? {
    guard case .values(let targets) = samples.targets else { return nil }
    var near = 0.0, all = 0.0
    for row in 0..<outputs.rows {
      let weight = Double(samples.weights?[row] ?? 1)
      let isNear = (0..<outputs.columns).allSatisfy { abs(outputs[row, $0] - targets[row, $0]) <= tolerance }
      near += isNear ? weight : 0
      all += weight
    }
    return all > 0 ? near / all : nil
  }
}
