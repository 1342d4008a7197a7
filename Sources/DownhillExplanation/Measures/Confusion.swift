internal import DownhillTabular
public import DownhillTraining

/// Which classes are taken for which.
public struct Confusion: Sendable, Equatable {
  /// Those of the model; behind them, where rows have labels that it doesn't know, one for these.
  public let labels: [String]
  public let matrix: ConfusionMatrix
  public let classes: [PerClass]
  /// The most frequent mistakes first.
  public let mistakes: [Mistake]

  public struct PerClass: Sendable, Equatable {
    public let label: String
    /// Rows of this class.
    public let rows: Int
    /// Of the rows that are taken for it the share that is of it; nil: none is.
    public let precision: Double?
    /// Of its rows the share that is taken for it; nil: it has none.
    public let recall: Double?
    /// 2 · right / (true + predicted).
    public let f1: Double?
  }

  public struct Mistake: Sendable, Equatable {
    public let truth: String
    public let predicted: String
    public let rows: Int
  }

  static let unknown = "(not known to the model)"
  private static let mostMistakes = 20

  init(_ labels: [String], _ matrix: ConfusionMatrix) {
    let all = labels + (matrix.classes > labels.count ? [Self.unknown] : [])
    self.labels = all
    self.matrix = matrix
    classes = all.indices.map { index in
      let right = matrix[index, index], truth = matrix.occurrences(index), taken = matrix.predictions(index)
      return PerClass(
        label: all[index], rows: Int(truth), precision: taken > 0 ? right / taken : nil,
        recall: truth > 0 ? right / truth : nil, f1: truth + taken > 0 ? 2 * right / (truth + taken) : nil)
    }
    // The counts of thousands of classes are many, and nearly all of them 0.
    var mistakes: [(place: Int, Mistake)] = []
    for (place, count) in matrix.counts.enumerated() where count > 0 && place / all.count != place % all.count {
      mistakes.append(
        (place, Mistake(truth: all[place / all.count], predicted: all[place % all.count], rows: Int(count))))
    }
    mistakes.sort { ($0.1.rows, $1.place) > ($1.1.rows, $0.place) }
    self.mistakes = mistakes.prefix(Self.mostMistakes).map(\.1)
  }
}
