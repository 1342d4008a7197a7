import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite("The conformance suite of metrics")
struct MetricConformanceTests {
  @Test("passes the package's metrics of classification", arguments: ClassificationCase.all)
  func classification(expected: ClassificationCase) {
    let samples = Samples(
      inputs: Matrix(rows: expected.truth.count, columns: 1), targets: .classes(expected.truth))
    for metric in [ClassificationMetric.accuracy, .balancedAccuracy, .macroF1, .logLoss] {
      #expect(checkConformance(of: metric, outputs: expected.matrix, samples: samples).isEmpty)
    }
  }

  private let values = Samples(
    inputs: Matrix(rows: 12, columns: 1),
    targets: .values(Matrix(rows: 12, columns: 1, elements: (0..<12).map { Float($0 * $0 % 7) })))
  private let outputs = Matrix(rows: 12, columns: 1, elements: (0..<12).map { Float($0) })

  @Test("passes the package's metrics of regression")
  func regression() {
    for kind in [RegressionMetric.Kind.rmse, .mae, .r2] {
      #expect(checkConformance(of: RegressionMetric(kind, unit: 3), outputs: outputs, samples: values).isEmpty)
    }
  }

  @Test("finds weights that are forgotten, an order that matters, and a direction that is wrong")
  func faults() {
    let found = checkConformance(of: LastError(), outputs: outputs, samples: values)
      .map(\.description).joined(separator: "\n")
    #expect(found.contains("another order"))
    #expect(found.contains("more is better"))
    let sum = checkConformance(of: SumOfErrors(), outputs: outputs, samples: values)
      .map(\.description).joined(separator: "\n")
    #expect(sum.contains("weights of 2") && sum.contains("weights of 0"))
  }
}

private struct LastError: Metric {
  var name: String { "last" }
  var higherIsBetter: Bool { true }
  func value(of outputs: Matrix, for samples: Samples) -> Double? {
    guard case .values(let targets) = samples.targets else { return nil }
    return Double(abs(outputs[outputs.rows - 1, 0] - targets[outputs.rows - 1, 0]) + 1)
  }
}

private struct SumOfErrors: Metric {
  var name: String { "sum" }
  var higherIsBetter: Bool { false }
  func value(of outputs: Matrix, for samples: Samples) -> Double? {
    guard case .values(let targets) = samples.targets else { return nil }
    return zip(outputs.elements, targets.elements).reduce(0) { $0 + Double(abs($1.0 - $1.1)) }
  }
}
