package import DownhillCompute

/// Where the points of trials come from.
public enum Sampler: Sendable, Equatable, Codable {
  /// Each value of each dimension equally likely, on its scale.
  case random
  /// Where good trials are dense in comparison with others.
  case tpe(TreeParzenEstimator)

  /// The point of a new trial.
  /// - Parameters:
  ///   - known: finished trials, the best first.
  ///   - usual: a point that is known to be good before any trial; nil: none is.
  ///   - random: the trial's own.
  package func propose(
    in space: SearchSpace, knowing known: [SearchPoint], usual: SearchPoint?, using random: inout RandomStream
  ) -> SearchPoint {
    switch self {
    case .random: space.randomPoint(using: &random)
    case .tpe(let estimator): estimator.propose(in: space, knowing: known, usual: usual, using: &random)
    }
  }
}

extension SearchSpace {
  /// Each value equally likely, on its dimension's scale. Every dimension takes a number of the stream, whether it takes part or
  /// not.
  package func randomPoint(using random: inout RandomStream) -> SearchPoint {
    let places = dimensions.map { _ in random.uniform() }
    let named = Dictionary(uniqueKeysWithValues: zip(dimensions.map(\.name), places))
    return point { $0.domain.value(at: named[$0.name]!) }
  }
}
