internal import DownhillCompute
internal import DownhillTables
internal import DownhillTabular
internal import DownhillTraining

/// What a network and trees say of the same rows, beside the right answers.
struct Answers {
  private let examples: Examples
  private let target: TargetEncoding
  private var rows: [Int32] = []
  /// Values, or the probability of each class, row by row.
  private var said: (network: [Double], trees: [Double]) = ([], [])
  private var probable: (network: [Float], trees: [Float]) = ([], [])

  init(_ examples: Examples, _ target: TargetEncoding) { (self.examples, self.target) = (examples, target) }

  mutating func add(_ rows: [Int32], network: Predictions, values: [Double], probabilities: Matrix) {
    self.rows += rows
    said.network += network.values
    said.trees += values
    probable.network += network.probabilities.elements
    probable.trees += probabilities.elements
  }

  var network: Evaluation { evaluation(said.network, probable.network) }
  var trees: Evaluation { evaluation(said.trees, probable.trees) }

  /// That of trees.
  var lead: PairedLead {
    guard case .value = target else {
      let truth = target.classes(of: examples.target, rows: rows)
      func right(_ elements: [Float]) -> [Bool] {
        zip(ClassificationMetrics.mostProbable(matrix(elements)), truth).map { $0 == $1 }
      }
      return .accuracy(right(probable.trees), over: right(probable.network))
    }
    let truth = truth
    return .rmse(zip(said.trees, truth).map { $0 - $1 }, over: zip(said.network, truth).map { $0 - $1 })
  }

  private func matrix(_ elements: [Float]) -> Matrix {
    Matrix(rows: rows.count, columns: target.labels.count, elements: elements)
  }

  private var truth: [Double] {
    guard case .numbers(let numbers) = examples.target.values else { return [] }
    return rows.map { numbers[Int($0)] }
  }

  private func evaluation(_ values: [Double], _ elements: [Float]) -> Evaluation {
    switch target {
    case .classes(let labels):
      let classes = target.classes(of: examples.target, rows: rows)
      let unknown = classes.count { $0 == labels.count }
      let probabilities = matrix(elements)
      // A label that was not learned has the probability 0.
      let metrics = ClassificationMetrics(
        probabilities: unknown == 0 ? probabilities : probabilities.withZeroColumn(), classes: classes)
      return Evaluation(scores: .classification(metrics), unknownLabels: unknown, unseen: [])
    case .value(let scaling):
      // Less the mean, which changes no metric and leaves floats enough digits for what remains.
      let metrics = RegressionMetrics(
        predictions: values.map { Float($0 - scaling.offset) }, targets: truth.map { Float($0 - scaling.offset) })
      return Evaluation(scores: .regression(metrics), unknownLabels: 0, unseen: [])
    }
  }
}
