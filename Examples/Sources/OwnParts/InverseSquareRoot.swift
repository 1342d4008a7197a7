public import Downhill

/// A straight line up to 1 over the first share w of training, then √(w / progress) (Vaswani et al., "Attention is all you need", 2017,
/// with progress in place of steps).
public struct InverseSquareRoot: Schedule {
  public static var kind: String { "inverse-square-root" }
  public var warmUp: Double

  public init(warmUp: Double = 0.05) { self.warmUp = warmUp }

  public func factor(at progress: Double) -> Double {
    progress < warmUp ? progress / warmUp : (warmUp / progress).squareRoot()
  }

  /// Where the step ends: the first step of a warm-up would be lost on a factor of 0.
  public func factor(from start: Double, to end: Double) -> Double { factor(at: end) }

  public var objection: String? {
    warmUp > 0 && warmUp <= 1 ? nil : "the warm-up takes a share above 0 and at most 1, not \(warmUp)"
  }

  public var description: String { "InverseSquareRoot(warmUp: \(warmUp))" }
}
