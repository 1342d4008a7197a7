public import DownhillCompute
public import DownhillNetwork
internal import DownhillTables

/// How features become rows of a matrix.
public enum FeatureEncoder: Sendable, Codable, Equatable {
  case table(TableEncoder)
  case images(ImageEncoder)

  public var width: Int {
    switch self {
    case .table(let encoder): encoder.width
    case .images(let encoder): encoder.width
    }
  }

  /// The shape of a row: a vector, or an image of [height, width, channels].
  public var shape: Shape {
    switch self {
    case .table(let encoder): Shape([encoder.width])
    case .images(let encoder): encoder.shape
    }
  }

  /// Whether it has forms that the first version of the model file's format had not.
  var hasNewForms: Bool {
    guard case .table(let encoder) = self else { return false }
    return encoder.columns.contains { column in
      switch column.form {
      case .number, .boolean, .oneHot, .date: false
      case .skewed, .codes, .valueCodes, .words: true
      }
    }
  }

  /// Fitted to the training rows.
  public init(
    fitting examples: Examples, rows: [Int32], scaling: NumberScaling.Kind, mostOneHot: Int? = nil,
    mostWords: Int = 0, ranksSkewed: Bool = false, areGrouped: Bool = false,
    workers: WorkerPool = WorkerPool(threads: 1)
  ) {
    self.init(
      fitting: examples, rows: rows, scaling: scaling, mostOneHot: mostOneHot, mostWords: mostWords,
      ranksSkewed: ranksSkewed, roughFor: nil, areGrouped: areGrouped, workers: workers)
  }

  init(
    fitting examples: Examples, rows: [Int32], scaling: NumberScaling.Kind, mostOneHot: Int?, mostWords: Int,
    ranksSkewed: Bool, roughFor answers: RowAnswers?, areGrouped: Bool, workers: WorkerPool
  ) {
    switch examples.features {
    case .table(let table):
      self = .table(
        TableEncoder(
          fitting: table, rows: rows, target: examples.target.name, scaling: scaling, mostOneHot: mostOneHot,
          mostWords: mostWords, ranksSkewed: ranksSkewed, roughFor: answers, areGrouped: areGrouped, workers: workers))
    case .images(let images):
      self = .images(ImageEncoder(fitting: images, rows: rows, scaling: scaling, workers: workers))
    }
  }

  /// What is to be said of columns of texts that nothing is learned from.
  func notes(onTextsOf table: Table, takesTexts: Bool) -> [String] {
    guard case .table(let encoder) = self else { return [] }
    let learned = Set(encoder.columns.map(\.column))
    return table.columns.filter { $0.kind == .text && !learned.contains($0.name) }.map { column in
      "the texts of “\(column.name)” are left out: "
        + (takesTexts ? "no word of theirs is in enough of the rows" : "this recipe doesn't learn from words")
    }
  }

  /// - Throws: `LearningError` where the features are not what this was fitted to.
  public func encode(
    _ features: Examples.Features, workers: WorkerPool = WorkerPool(threads: 1)
  ) throws(LearningError) -> (Matrix, TableEncoder.Report) {
    var rows = try FeatureRows(self, features)
    return (rows.matrix(features.rows, workers: workers), rows.report)
  }
}
