import DownhillCompute
import DownhillTraining
import Foundation
import Testing

/// A case as scikit-learn computed it: Scripts/fixtures/metrics_fixtures.py.
struct RegressionCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let outputs: Int
  let truth, predictions: [Float]
  let weights: [Float]?
  let rmse, mae: Double
  let r2: Double?

  var testDescription: String { name }
  static let all: [RegressionCase] = fixture("metrics/regression.json")
}

@Suite("Metrics of regression")
struct RegressionMetricsTests {
  @Test("agree with scikit-learn", arguments: RegressionCase.all)
  func agree(expected: RegressionCase) throws {
    let rows = expected.truth.count / expected.outputs
    let metrics = RegressionMetrics(
      predictions: Matrix(rows: rows, columns: expected.outputs, elements: expected.predictions),
      targets: Matrix(rows: rows, columns: expected.outputs, elements: expected.truth), weights: expected.weights)
    #expect(metrics.rows == rows)
    #expect(close(metrics.rmse, expected.rmse))
    #expect(close(metrics.mae, expected.mae))
    #expect((metrics.r2 == nil) == (expected.r2 == nil))
    if let r2 = metrics.r2, let right = expected.r2 { #expect(close(r2, right)) }
    if expected.outputs == 1 {
      let same = RegressionMetrics(
        predictions: expected.predictions, targets: expected.truth, weights: expected.weights)
      #expect(same == metrics)
    }
    #expect(try JSONDecoder().decode(RegressionMetrics.self, from: JSONEncoder().encode(metrics)) == metrics)
  }

  @Test("a constant target has no spread, whatever its weights")
  func constant() {
    let weights: [Float] = [0.1, 0.3, 0.7, 1.1]
    let targets = [Float](repeating: 0.3, count: 4)
    #expect(RegressionMetrics(predictions: targets, targets: targets, weights: weights).r2 == 1)
    #expect(RegressionMetrics(predictions: [0, 0, 0, 0], targets: targets, weights: weights).r2 == 0)
  }

  @Test("no rows give no numbers")
  func empty() {
    let metrics = RegressionMetrics(predictions: [], targets: [])
    #expect(metrics.rows == 0 && metrics.rmse.isNaN && metrics.mae.isNaN && metrics.r2 == nil)
  }
}
