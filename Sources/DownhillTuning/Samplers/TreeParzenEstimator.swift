internal import DownhillCompute

/// Draws points where good trials are dense in comparison with the others.
///
/// The best γ of the trials make a density l(x), the others one g(x); of some candidates drawn from l the one with the largest
/// l(x)/g(x) is proposed: that with the greatest expected improvement (Bergstra et al., "Algorithms for hyper-parameter
/// optimization", NeurIPS 2011). Settings follow Watanabe, "Tree-structured Parzen estimator" (arXiv 2304.11127).
public struct TreeParzenEstimator: Sendable, Equatable, Codable {
  /// Trials that are drawn at random before.
  public var startup = 12
  /// γ: the share of the trials that counts as good, of 25 at most.
  public var goodShare = 0.15
  /// How many points are drawn from l to choose from.
  public var candidates = 24
  /// Whether dimensions are drawn together, or each by itself.
  public var isMultivariate = true
  /// The probability with which a random trial has a setting as it usually is: what is known to be good is changed in some
  /// respects, not in all of them.
  public var usualShare = 0.8

  public init() {}

  func propose(
    in space: SearchSpace, knowing known: [SearchPoint], usual: SearchPoint?, using random: inout RandomStream
  ) -> SearchPoint {
    if known.count < startup { return start(in: space, usual: usual, using: &random) }
    let good = min(25, max(1, Int((goodShare * Double(known.count)).rounded(.up))))
    let l = ParzenMixture(Array(known.prefix(good)), in: space, isMultivariate: isMultivariate)
    let g = ParzenMixture(Array(known.dropFirst(good)), in: space, isMultivariate: isMultivariate)
    var best: (point: SearchPoint, ratio: Double)?
    for _ in 0..<max(1, candidates) {
      let point = l.draw(using: &random)
      let ratio = l.logDensity(point) - g.logDensity(point)
      if ratio > best?.ratio ?? -.infinity { best = (point, ratio) }
    }
    return best?.point ?? space.randomPoint(using: &random)
  }

  /// A random point, with some of the usual settings.
  private func start(in space: SearchSpace, usual: SearchPoint?, using random: inout RandomStream) -> SearchPoint {
    let other = space.dimensions.map { ($0.name, (random.uniform(), random.uniform())) }
    let numbers = Dictionary(uniqueKeysWithValues: other)
    return space.point { dimension in
      let (choice, place) = numbers[dimension.name]!
      if let value = usual?[dimension.name], choice < usualShare, dimension.domain.place(of: value) != nil {
        return value
      }
      return dimension.domain.value(at: place)
    }
  }
}
