package import DownhillCompute

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A density over a space: the mean of one kernel around each of some points, and of one that is wide.
///
/// A kernel is a product over dimensions of a normal distribution on the unit interval that stands for a range, or of a
/// distribution over choices. A dimension that takes no part in a kernel's point has the wide one's distribution in it.
/// - Multivariate: dimensions are drawn from one kernel together, so that what goes well together stays so. Deviations are those
///   of Scott's rule, 0.2 n^(−1/(d + 4)), in all dimensions.
/// - Independent: each dimension has a mixture of its own, in which a kernel reaches to its farther neighbour (Bergstra et al.,
///   "Algorithms for hyper-parameter optimization", NeurIPS 2011).
package struct ParzenMixture {
  private let space: SearchSpace
  private let isMultivariate: Bool
  /// By dimension, by kernel; the last is the wide one.
  private let kernels: [String: [Kernel]]
  private let count: Int

  private enum Kernel {
    case normal(TruncatedNormal)
    /// The probability of each choice.
    case choices([Double])
  }

  package init(_ points: [SearchPoint], in space: SearchSpace, isMultivariate: Bool) {
    (self.space, self.isMultivariate, count) = (space, isMultivariate, points.count + 1)
    let dimensions = max(1, space.dimensions.count)
    let scott = 0.2 * pow(Double(max(1, points.count)), -1 / Double(dimensions + 4))
    var kernels: [String: [Kernel]] = [:]
    for dimension in space.dimensions {
      let values = points.map { $0[dimension.name] }
      switch dimension.domain {
      case .choice(let choices):
        kernels[dimension.name] = (values + [nil]).map { Self.choices(choices, $0, kernels: points.count + 1) }
      case .range(let range):
        let places = values.map { $0?.number.flatMap(range.place) }
        // No kernel is narrower than what this many points can say.
        let least = 1 / Double(min(100, points.count + 2))
        let deviations =
          isMultivariate ? places.map { _ in scott } : Self.reaches(places).map { min(max($0, least), 1) }
        kernels[dimension.name] =
          zip(places, deviations).map { place, deviation in
            place.map { .normal(TruncatedNormal(mean: $0, deviation: max(deviation, least))) } ?? Self.wide
          } + [Self.wide]
      }
    }
    self.kernels = kernels
  }

  private static let wide = Kernel.normal(TruncatedNormal(mean: 0.5, deviation: 1))

  /// The observed choice has the weight 1, and all have that of one observation together, divided among the kernels.
  private static func choices(_ choices: [SearchValue], _ observed: SearchValue?, kernels: Int) -> Kernel {
    let prior = 1 / Double(kernels * choices.count)
    guard let place = observed.flatMap({ choices.firstIndex(of: $0) }) else {
      return .choices(choices.map { _ in 1 / Double(choices.count) })
    }
    let sum = 1 + prior * Double(choices.count)
    return .choices(choices.indices.map { (prior + ($0 == place ? 1 : 0)) / sum })
  }

  /// How far it is from each place to the farther of its neighbours, among which are the ends and the middle.
  private static func reaches(_ places: [Double?]) -> [Double] {
    let sorted = (places.compactMap { $0 } + [0.5]).sorted()
    return places.map { place in
      guard let place else { return 1 }
      let index = sorted.firstIndex(of: place)!
      let before = index > 0 ? sorted[index - 1] : 0
      let after = index + 1 < sorted.count ? sorted[index + 1] : 1
      return max(place - before, after - place)
    }
  }

  package func draw(using random: inout RandomStream) -> SearchPoint {
    let together = Int(random.below(UInt64(count)))
    let drawn = space.dimensions.map { dimension in
      let own = Int(random.below(UInt64(count)))
      return (dimension.name, value(of: dimension, kernel: isMultivariate ? together : own, random.uniform()))
    }
    let values = Dictionary(uniqueKeysWithValues: drawn)
    return space.point { values[$0.name]! }
  }

  private func value(of dimension: SearchDimension, kernel: Int, _ share: Double) -> SearchValue {
    switch kernels[dimension.name]![kernel] {
    case .normal(let normal): return dimension.domain.value(at: normal.quantile(share))
    case .choices(let probabilities):
      var sum = 0.0
      let index = probabilities.firstIndex { probability in
        sum += probability
        return share < sum
      }
      guard case .choice(let choices) = dimension.domain else { preconditionFailure("choices are of choices") }
      return choices[index ?? choices.count - 1]
    }
  }

  /// The logarithm of the density at a point, over the dimensions that take part in it; of whole numbers and choices, of their
  /// probability.
  package func logDensity(_ point: SearchPoint) -> Double {
    let active = space.dimensions.filter { point[$0.name] != nil }
    if isMultivariate {
      return logMean((0..<count).map { kernel in active.reduce(0) { $0 + logarithm($1, point, kernel) } })
    }
    return active.reduce(0) { sum, dimension in
      sum + logMean((0..<count).map { logarithm(dimension, point, $0) })
    }
  }

  private func logarithm(_ dimension: SearchDimension, _ point: SearchPoint, _ kernel: Int) -> Double {
    let value = point[dimension.name]!
    let density: Double
    switch (kernels[dimension.name]![kernel], dimension.domain) {
    case (.normal(let normal), .range(let range)):
      let number = value.number ?? .nan
      density =
        range.isWhole ? normal.probability(of: range.cell(of: number)) : normal.density(range.place(of: number) ?? .nan)
    case (.choices(let probabilities), .choice(let choices)):
      density = choices.firstIndex(of: value).map { probabilities[$0] } ?? 0
    default: preconditionFailure("kernels are of their domains")
    }
    return log(max(density, .leastNormalMagnitude))
  }

  private func logMean(_ logarithms: [Double]) -> Double {
    let most = logarithms.max()!
    return most + log(logarithms.reduce(0) { $0 + exp($1 - most) } / Double(logarithms.count))
  }
}
