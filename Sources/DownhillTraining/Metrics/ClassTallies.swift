/// How often each class occurs, is predicted, and is predicted where it occurs: what accuracy, recall and F₁ are made
/// of. With sample weights each row counts by its weight.
struct ClassTallies: Sendable, Equatable {
  private(set) var occurrences: [Double]
  private(set) var predictions: [Double]
  private(set) var right: [Double]

  init(classes: Int) {
    occurrences = [Double](repeating: 0, count: classes)
    (predictions, right) = (occurrences, occurrences)
  }

  init(classes: Int, truth: [Int32], predicted: [Int32], weights: [Float]?) {
    self.init(classes: classes)
    for row in truth.indices {
      add(Double(weights?[row] ?? 1), truth: Int(truth[row]), predicted: Int(predicted[row]))
    }
  }

  mutating func add(_ weight: Double, truth: Int, predicted: Int) {
    occurrences[truth] += weight
    predictions[predicted] += weight
    if truth == predicted { right[truth] += weight }
  }

  var total: Double { occurrences.reduce(0, +) }

  /// NaN without rows, as the others.
  var accuracy: Double { right.reduce(0, +) / total }

  var balancedAccuracy: Double {
    mean(occurrences.indices.compactMap { occurrences[$0] > 0 ? right[$0] / occurrences[$0] : nil })
  }

  var macroF1: Double {
    mean(
      occurrences.indices.compactMap {
        let both = occurrences[$0] + predictions[$0]
        return both > 0 ? 2 * right[$0] / both : nil
      })
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
