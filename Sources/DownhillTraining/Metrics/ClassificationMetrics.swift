public import DownhillCompute

/// How good predicted probabilities of classes are. The definitions are scikit-learn's.
public struct ClassificationMetrics: Sendable, Equatable, Codable {
  public let rows: Int
  /// The part of the rows whose most probable class is the right one.
  public let accuracy: Double
  /// The mean recall of the classes that occur in truth.
  public let balancedAccuracy: Double
  /// The mean F₁ of the classes that occur, in truth or in prediction.
  public let macroF1: Double
  /// −Σ wᵢ log p̂ᵢ / Σ wᵢ, natural, where p̂ᵢ is the predicted probability of row i's class.
  ///
  /// Probabilities are clipped to [2⁻²³, 1 − 2⁻²³], as scikit-learn does with Float32, and not scaled to sum to 1.
  public let logLoss: Double
  /// The area under the ROC curve of class 1's probability. Nil unless there are two classes and both occur.
  public let auc: Double?
  public let confusion: ConfusionMatrix

  /// Compares probabilities with the true classes. The predicted class is the most probable, the first of equals.
  ///
  /// Without rows, or without weight, the means are NaN.
  ///
  /// - Parameters:
  ///   - probabilities: rows × classes; or rows × 1 for two classes: the probability of class 1, as a sigmoid gives it.
  ///   - classes: the true class of each row.
  ///   - weights: one a row, 0 or above; nil: all 1.
  public init(probabilities: Matrix, classes truth: [Int32], weights: [Float]? = nil) {
    precondition(probabilities.rows == truth.count, "\(probabilities.rows) rows, \(truth.count) classes")
    precondition(probabilities.columns > 0, "probabilities of no class")
    precondition(weights == nil || weights?.count == truth.count, "one weight a row")
    let count = max(2, probabilities.columns)
    rows = truth.count
    confusion = ConfusionMatrix(
      classes: count, truth: truth, predicted: Self.predictedClasses(probabilities), weights: weights)
    accuracy = confusion.accuracy
    balancedAccuracy = confusion.balancedAccuracy
    macroF1 = confusion.macroF1
    logLoss = Self.logLoss(probabilities, truth, weights)
    auc = count == 2 ? Self.auc(probabilities, truth, weights) : nil
  }

  /// The most probable class of each row, the first of equals.
  public static func mostProbable(_ probabilities: Matrix) -> [Int32] {
    probabilities.withView { probabilities in
      (0..<probabilities.rows).map { row in
        let probabilities = probabilities.row(row)
        guard var highest = probabilities.first else { return 0 }
        var best = 0
        for (index, probability) in probabilities.enumerated() where probability > highest {
          (highest, best) = (probability, index)
        }
        return Int32(best)
      }
    }
  }

  /// The same, where one column may stand for two classes.
  static func predictedClasses(_ probabilities: Matrix) -> [Int32] {
    probabilities.columns > 1 ? mostProbable(probabilities) : probabilities.elements.map { $0 > 1 - $0 ? 1 : 0 }
  }

  static func logLoss(_ probabilities: Matrix, _ truth: [Int32], _ weights: [Float]?) -> Double {
    let smallest = Float.ulpOfOne
    var sum = 0.0
    var total = 0.0
    probabilities.withView { probabilities in
      for (row, right) in truth.enumerated() {
        let probability = probabilities.probability(of: Int(right), row: row)
        // By comparisons that leave NaN as it is: a broken prediction shall not pass for an unlikely one.
        let clipped = probability < smallest ? smallest : probability > 1 - smallest ? 1 - smallest : probability
        let weight = Double(weights?[row] ?? 1)
        total += weight
        if weight > 0 { sum -= weight * logarithm(Double(clipped)) }
      }
    }
    return sum / total
  }

  /// Of probabilities of two classes.
  static func auc(_ probabilities: Matrix, _ truth: [Int32], _ weights: [Float]?) -> Double? {
    let scores = probabilities.withView { probabilities in
      (0..<probabilities.rows).map { probabilities.probability(of: 1, row: $0) }
    }
    return areaUnderROC(scores: scores, truth: truth, weights: weights)
  }
}

extension MatrixView {
  /// A row as it stands in memory.
  fileprivate func row(_ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: base + index * rowStride, count: columns)
  }

  /// Of a class; a single column holds that of class 1.
  fileprivate func probability(of label: Int, row: Int) -> Float {
    precondition(label >= 0 && label < max(2, columns), "row \(row): class \(label)")
    if columns > 1 { return base[row * rowStride + label] }
    return label == 1 ? base[row * rowStride] : 1 - base[row * rowStride]
  }
}
