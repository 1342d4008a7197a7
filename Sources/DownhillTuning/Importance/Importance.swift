internal import DownhillCompute

/// How much of the differences between trials is due to each dimension by itself.
///
/// Functional analysis of variance (Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing hyperparameter importance",
/// ICML 2014) of a forest of regression trees that are fitted to the trials' places in the order from the best to the worst. Their
/// places, not their scores: these would tell of the worst trials alone, and one that was stopped has none. What dimensions do
/// together only counts for none of them, so that shares sum to at most 1.
public struct Importance: Sendable, Equatable {
  /// By dimension, the most important first.
  public let shares: [(name: String, share: Double)]

  public static func == (a: Importance, b: Importance) -> Bool { a.shares.elementsEqual(b.shares) { $0 == $1 } }

  /// nil: the trials are too few to tell.
  public init?(_ trials: [Trial], in space: SearchSpace) {
    guard trials.count >= Self.fewest, !space.dimensions.isEmpty else { return nil }
    let ranked = trials.ranked
    let points = ranked.map { trial in
      space.dimensions.map { dimension in
        // One that takes no part is in the middle.
        trial.point[dimension.name].flatMap(dimension.domain.place) ?? 0.5
      }
    }
    let places = ranked.indices.map { Double($0) / Double(ranked.count - 1) }
    let shares = Self.shares(points, places)
    self.shares = zip(space.dimensions.map(\.name), shares).map { ($0, $1) }
      .sorted { ($1.share, $0.name) < ($0.share, $1.name) }
  }

  private static let fewest = 12
  private static let trees = 32

  /// Of a forest fitted to values at points of the unit cube: the mean over its trees of each dimension's share of the variance.
  package static func shares(_ points: [[Double]], _ values: [Double]) -> [Double] {
    let dimensions = points.first?.count ?? 0
    var sums = [Double](repeating: 0, count: dimensions)
    var counted = 0
    for tree in 0..<trees {
      var random = RandomStream(seed: 0, purpose: .search, index: tree, step: 1)
      let samples = points.indices.map { _ in Int(random.below(UInt64(points.count))) }
      let (whole, single) = RegressionTree(points, values, samples: samples).variances()
      guard whole > 0 else { continue }
      counted += 1
      for dimension in single.indices { sums[dimension] += single[dimension] / whole }
    }
    return sums.map { counted > 0 ? $0 / Double(counted) : 0 }
  }
}
