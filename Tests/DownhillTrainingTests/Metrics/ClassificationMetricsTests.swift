import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Foundation
import Testing

/// A case as scikit-learn computed it: Scripts/fixtures/metrics_fixtures.py.
struct ClassificationCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let classes: Int
  let truth: [Int32]
  let probabilities: [Float]
  let weights: [Float]?
  let accuracy, balancedAccuracy, macroF1, logLoss: Double
  let auc: Double?
  let confusion: [Double]

  var testDescription: String { name }
  var matrix: Matrix { Matrix(rows: truth.count, columns: classes, elements: probabilities) }
  static let all: [ClassificationCase] = fixture("metrics/classification.json")
}

@Suite("Metrics of classification")
struct ClassificationMetricsTests {
  @Test("agree with scikit-learn", arguments: ClassificationCase.all)
  func agree(expected: ClassificationCase) throws {
    let metrics = ClassificationMetrics(
      probabilities: expected.matrix, classes: expected.truth, weights: expected.weights)
    #expect(metrics.rows == expected.truth.count)
    #expect(metrics.confusion.classes == expected.classes)
    #expect(metrics.confusion.counts == expected.confusion)
    #expect(close(metrics.accuracy, expected.accuracy))
    #expect(close(metrics.balancedAccuracy, expected.balancedAccuracy))
    #expect(close(metrics.macroF1, expected.macroF1))
    #expect(close(metrics.logLoss, expected.logLoss))
    #expect((metrics.auc == nil) == (expected.auc == nil))
    if let auc = metrics.auc, let right = expected.auc { #expect(close(auc, right)) }
    #expect(try JSONDecoder().decode(ClassificationMetrics.self, from: JSONEncoder().encode(metrics)) == metrics)
  }

  @Test("worked out one by one they are the same", arguments: ClassificationCase.all)
  func oneByOne(of expected: ClassificationCase) {
    let samples = Samples(
      inputs: Matrix(rows: expected.truth.count, columns: 1), targets: .classes(expected.truth),
      weights: expected.weights)
    func value(_ metric: ClassificationMetric) -> Double? { metric.value(of: expected.matrix, for: samples) }
    for (metric, right) in [
      (ClassificationMetric.accuracy, expected.accuracy), (.balancedAccuracy, expected.balancedAccuracy),
      (.macroF1, expected.macroF1), (.logLoss, expected.logLoss),
    ] {
      #expect(value(metric).map { close($0, right) } == true, "\(metric)")
    }
    #expect((value(.auc) == nil) == (expected.auc == nil))
    if let auc = value(.auc), let right = expected.auc { #expect(close(auc, right)) }
  }

  @Test("weights of 1 change nothing, and rows of weight 0 are not there", arguments: ClassificationCase.all)
  func unitWeights(of expected: ClassificationCase) {
    let plain = ClassificationMetrics(probabilities: expected.matrix, classes: expected.truth)
    let count = expected.truth.count
    let ones = [Float](repeating: 1, count: count)
    #expect(ClassificationMetrics(probabilities: expected.matrix, classes: expected.truth, weights: ones) == plain)
    let twice = ClassificationMetrics(
      probabilities: Matrix(
        rows: 2 * count, columns: expected.classes,
        elements: expected.probabilities + expected.probabilities.reversed()),
      classes: expected.truth + expected.truth, weights: ones + [Float](repeating: 0, count: count))
    #expect(twice.confusion == plain.confusion)
    #expect(twice.macroF1 == plain.macroF1 && twice.balancedAccuracy == plain.balancedAccuracy)
    #expect(twice.logLoss == plain.logLoss)
    #expect(twice.auc == plain.auc)
  }

  @Test("one column is the probability of class 1")
  func oneColumn() {
    let truth: [Int32] = [0, 1, 1, 0, 1]
    let scores: [Float] = [0.25, 0.75, 0.5, 0.625, 0.875]
    let one = ClassificationMetrics(probabilities: Matrix(rows: 5, columns: 1, elements: scores), classes: truth)
    let two = ClassificationMetrics(probabilities: Matrix(scores.map { [1 - $0, $0] }), classes: truth)
    #expect(one == two)
    #expect(one.accuracy == 0.6)
  }

  @Test("a prediction that is not a number shows")
  func notANumber() {
    let broken = Matrix([[.nan, .nan], [0.5, 0.5]])
    let metrics = ClassificationMetrics(probabilities: broken, classes: [1, 0])
    #expect(metrics.logLoss.isNaN)
    #expect(metrics.auc == nil)
  }

  @Test("no rows give no numbers")
  func empty() {
    let metrics = ClassificationMetrics(probabilities: Matrix(rows: 0, columns: 3), classes: [])
    #expect(metrics.rows == 0 && metrics.accuracy.isNaN && metrics.macroF1.isNaN && metrics.logLoss.isNaN)
  }
}
