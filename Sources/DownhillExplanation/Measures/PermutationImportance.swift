internal import DownhillCompute
internal import DownhillTables
internal import DownhillTabular

/// How much a model relies on each column: by how much it errs more where the column's values are handed out to the rows at
/// random, everything else staying (Breiman, "Random forests", 2001; Fisher, Rudin and Dominici, "All models are wrong, but many are
/// useful", JMLR 2019).
///
///     importanceⱼ = mean over repeats r of [ L(y, f(X with column j permuted by πᵣⱼ)) − L(y, f(X)) ]
///
/// It says what this model uses, not what is true of the world: of two columns that say the same, the model may use one, or
/// half of each. A column is one of the table, however many columns of the matrix it becomes.
public struct PermutationImportance: Sendable, Equatable {
  /// The most important column first.
  public let columns: [Column]
  /// Rows that it was worked out on.
  public let rows: Int
  public let repeats: Int
  /// On these rows, before anything is permuted.
  public let loss: Double
  public let metric: Double
  /// `logLoss` and `accuracy`, or `mse` and `rmse`.
  public let lossName: String
  public let metricName: String

  /// What people are shown: the rise of the log loss, or, of a regression, of the RMSE, which has the target's unit.
  public func shown(_ column: Column) -> Estimate { isOfRegression ? column.metric : column.loss }

  public var isOfRegression: Bool { metricName == "rmse" }

  public struct Column: Sendable, Equatable {
    public let name: String
    /// By how much the loss grows.
    public let loss: Estimate
    /// By how much the metric gets worse: the accuracy falls, or the RMSE grows.
    public let metric: Estimate
  }
}

extension PermutationImportance {
  /// - Parameters:
  ///   - table: some of the rows.
  ///   - places: their places in the judgement.
  init(
    _ judges: Judges, _ table: Table, places: [Int], answers: Answers, columns names: [String], repeats: Int,
    seed: UInt64
  ) throws {
    func errors(_ table: Table) throws -> (loss: Double, metric: Double) {
      let predictions = try judges.predict(.table(table), places: places)
      let losses = answers.losses(predictions), count = Double(losses.count)
      let loss = losses.reduce(0, +) / count
      // As an error, so that growing is worse for both.
      let hits = answers.hits(predictions)
      return (loss, hits.isEmpty ? loss.squareRoot() : Double(hits.count { !$0 }) / count)
    }
    let base = try errors(table)
    let found = table.placesByName
    var columns: [Column] = []
    for (index, name) in names.enumerated() {
      guard let place = found[name] else { continue }
      var losses: [Double] = [], metrics: [Double] = []
      for turn in 0..<repeats {
        var random = RandomStream(seed: seed, purpose: .explanation, index: 1 + index, step: turn)
        var permuted = table
        permuted.columns[place] = table.columns[place].select(rows: random.permutation(of: table.rowCount))
        let worse = try errors(permuted)
        losses.append(worse.loss - base.loss)
        metrics.append(worse.metric - base.metric)
      }
      columns.append(Column(name: name, loss: Estimate(losses), metric: Estimate(metrics)))
    }
    let isRegression = judges.model.task == .regression
    // Sorting is stable: columns that the model doesn't use stay in the order of the table.
    self.columns = columns.sorted { $0.loss.mean > $1.loss.mean }
    (rows, self.repeats, loss) = (table.rowCount, repeats, base.loss)
    metric = isRegression ? base.metric : 1 - base.metric
    (lossName, metricName) = isRegression ? ("mse", "rmse") : ("logLoss", "accuracy")
  }
}
