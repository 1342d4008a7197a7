/// A tree that predicts numbers from points of the unit cube: each split halves a box where that lowers the squared error most
/// (Breiman et al., "Classification and regression trees", 1984).
package struct RegressionTree {
  /// A box of the cube, and what is predicted in it.
  package struct Leaf {
    package var low: [Double]
    package var high: [Double]
    package var value: Double
  }

  package private(set) var leaves: [Leaf] = []
  /// A leaf has no fewer samples.
  private let smallest: Int

  /// - Parameters:
  ///   - samples: some of the rows of `points`, a row possibly several times.
  ///   - features: those that a split may look at.
  package init(_ points: [[Double]], _ values: [Double], samples: [Int], smallest: Int = 3) {
    self.smallest = max(1, smallest)
    guard let dimensions = points.first?.count, !samples.isEmpty else { return }
    let cube = Leaf(
      low: Array(repeating: 0, count: dimensions), high: Array(repeating: 1, count: dimensions), value: 0)
    grow(points, values, samples, cube, depth: 0)
  }

  private static let deepest = 24

  private mutating func grow(_ points: [[Double]], _ values: [Double], _ samples: [Int], _ box: Leaf, depth: Int) {
    var box = box
    let sum = samples.reduce(0.0) { $0 + values[$1] }
    box.value = sum / Double(samples.count)
    guard depth < Self.deepest, let (feature, place) = bestSplit(points, values, samples, sum) else {
      leaves.append(box)
      return
    }
    var (left, right) = (box, box)
    (left.high[feature], right.low[feature]) = (place, place)
    grow(points, values, samples.filter { points[$0][feature] < place }, left, depth: depth + 1)
    grow(points, values, samples.filter { points[$0][feature] >= place }, right, depth: depth + 1)
  }

  /// The split that makes Σ nᵢ ȳᵢ² of both sides largest; nil: none makes it larger.
  private func bestSplit(
    _ points: [[Double]], _ values: [Double], _ samples: [Int], _ sum: Double
  ) -> (feature: Int, place: Double)? {
    guard samples.count >= 2 * smallest else { return nil }
    let whole = sum * sum / Double(samples.count)
    var best: (gain: Double, feature: Int, place: Double)?
    for feature in points[0].indices {
      let sorted = samples.sorted { (points[$0][feature], $0) < (points[$1][feature], $1) }
      var left = 0.0
      for count in 1..<sorted.count {
        left += values[sorted[count - 1]]
        let (before, after) = (points[sorted[count - 1]][feature], points[sorted[count]][feature])
        guard count >= smallest, sorted.count - count >= smallest, before < after else { continue }
        let right = sum - left
        let gain = left * left / Double(count) + right * right / Double(sorted.count - count) - whole
        if gain > 1e-12 * max(1, abs(whole)), gain > best?.gain ?? 0 { best = (gain, feature, (before + after) / 2) }
      }
    }
    return best.map { ($0.feature, $0.place) }
  }

  /// The variance of what the tree predicts over the cube, and the part of it that is due to each dimension by itself.
  ///
  /// That of dimension j is the variance of the mean prediction at a place of j over all other dimensions: with leaves' boxes and
  /// values it is a sum, exactly (Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing hyperparameter importance",
  /// ICML 2014).
  package func variances() -> (whole: Double, single: [Double]) {
    guard let dimensions = leaves.first?.low.count else { return (0, []) }
    let volumes = leaves.map { leaf in (0..<dimensions).reduce(1.0) { $0 * (leaf.high[$1] - leaf.low[$1]) } }
    let mean = zip(leaves, volumes).reduce(0.0) { $0 + $1.0.value * $1.1 }
    let whole = zip(leaves, volumes).reduce(0.0) { $0 + ($1.0.value - mean) * ($1.0.value - mean) * $1.1 }
    let single = (0..<dimensions).map { dimension in
      // The mean prediction is constant between the borders of leaves.
      let borders = Set(leaves.flatMap { [$0.low[dimension], $0.high[dimension]] }).sorted()
      return zip(borders, borders.dropFirst()).reduce(0.0) { variance, stretch in
        let (low, high) = stretch
        let here = zip(leaves, volumes).reduce(0.0) { sum, leaf in
          guard leaf.0.low[dimension] <= low, leaf.0.high[dimension] >= high else { return sum }
          return sum + leaf.0.value * leaf.1 / (leaf.0.high[dimension] - leaf.0.low[dimension])
        }
        return variance + (here - mean) * (here - mean) * (high - low)
      }
    }
    return (whole, single)
  }
}
