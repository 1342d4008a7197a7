internal import DownhillCompute

/// What boosting goes down: the loss of scores, which trees add up to.
enum BoostingLoss {
  /// (s − y)² / 2
  case squaredError([Double])
  /// −log σ(±s): two classes and one score, that of the second.
  case logistic([Int32])
  /// −log softmax(s)_y: a score for each class.
  case softmax([Int32], classes: Int)

  init(_ target: TreeTarget) {
    switch target {
    case .values(let values): self = .squaredError(values)
    case .classes(let classes, let count) where count <= 2: self = .logistic(classes)
    case .classes(let classes, let count): self = .softmax(classes, classes: count)
    }
  }

  /// Scores of a row.
  var outputs: Int { if case .softmax(_, let classes) = self { classes } else { 1 } }

  /// The scores that go lowest where all rows have the same: the mean, or logarithms of shares.
  func start(_ weights: [Double]?) -> [Double] {
    func weight(_ row: Int) -> Double { weights?[row] ?? 1 }
    switch self {
    case .squaredError(let values):
      var sum = 0.0, total = 0.0
      for (row, value) in values.enumerated() { (sum, total) = (sum + weight(row) * value, total + weight(row)) }
      return [total > 0 ? sum / total : 0]
    case .logistic(let classes):
      let shares = Self.shares(classes, 2, weight)
      return [logarithm(shares[1]) - logarithm(shares[0])]
    case .softmax(let classes, let count): return Self.shares(classes, count, weight).map(logarithm)
    }
  }

  /// None is 0, so that each has a logarithm.
  private static func shares(_ classes: [Int32], _ count: Int, _ weight: (Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 1e-9, count: count)
    for (row, label) in classes.enumerated() { sums[Int(label)] += weight(row) }
    let total = sums.reduce(0, +)
    return sums.map { $0 / total }
  }

  /// What the loss of each row adds up to in the probability of each class: log Σ exp s; 0 where there is but one score.
  func normalisers(_ scores: Scores, _ workers: WorkerPool) -> [Double] {
    guard case .softmax(_, let classes) = self else { return [] }
    return workers.mapRows(scores.rows) { row in
      var most = scores[row, 0]
      for output in 1..<classes { most = max(most, scores[row, output]) }
      var sum = 0.0
      for output in 0..<classes { sum += exponential(scores[row, output] - most) }
      return most + logarithm(sum)
    }
  }

  /// The first and the second derivative of each row's loss with respect to its score for an output.
  func derivatives(
    _ output: Int, _ scores: Scores, normalisers: [Double], _ weights: [Double]?, _ workers: WorkerPool
  ) -> Derivatives {
    let pairs: [(Double, Double)] = workers.mapRows(scores.rows) { row in
      let score = scores[row, output], weight = weights?[row] ?? 1
      switch self {
      case .squaredError(let values): return (weight * (score - values[row]), weight)
      case .logistic(let classes):
        let p = 1 / (1 + exponential(-score))
        return (weight * (p - Double(classes[row])), weight * p * (1 - p))
      case .softmax(let classes, _):
        let p = exponential(score - normalisers[row])
        return (weight * (p - (Int(classes[row]) == output ? 1 : 0)), weight * max(0, p * (1 - p)))
      }
    }
    return Derivatives(gradients: pairs.map(\.0), hessians: pairs.map(\.1))
  }

  /// The weighted mean over the rows.
  func mean(_ scores: Scores, _ weights: [Double]?, _ workers: WorkerPool) -> Double {
    let normalisers = normalisers(scores, workers)
    let losses: [Double] = workers.mapRows(scores.rows) { row in
      switch self {
      case .squaredError(let values):
        let error = scores[row, 0] - values[row]
        return error * error / 2
      case .logistic(let classes):
        let score = classes[row] == 1 ? scores[row, 0] : -scores[row, 0]
        // log(1 + exp(−s)), without running over.
        return max(0, -score) + logarithm(1 + exponential(-abs(score)))
      case .softmax(let classes, _): return normalisers[row] - scores[row, Int(classes[row])]
      }
    }
    guard let weights else { return losses.reduce(0, +) / Double(max(1, losses.count)) }
    return zip(losses, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
}

extension WorkerPool {
  /// The results of `body` for each row: the same on any number of threads.
  func mapRows<Result>(_ rows: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: rows) { results, filled in
      let place = results.baseAddress
      forEachRange(of: rows, shortest: 1024) { range in
        for row in range { (place! + row).initialize(to: body(row)) }
      }
      filled = rows
    }
  }
}
