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
    let given = probabilities.columns == 1 ? Self.withBothClasses(probabilities) : probabilities
    let predicted = Self.mostProbable(given)

    rows = truth.count
    confusion = ConfusionMatrix(classes: count, truth: truth, predicted: predicted, weights: weights)
    accuracy = confusion.accuracy
    balancedAccuracy = confusion.balancedAccuracy
    macroF1 = confusion.macroF1
    logLoss = Self.logLoss(given, truth, weights)
    auc =
      count == 2
      ? areaUnderROC(scores: (0..<given.rows).map { given[$0, 1] }, truth: truth, weights: weights) : nil
  }

  /// The most probable class of each row, the first of equals.
  public static func mostProbable(_ probabilities: Matrix) -> [Int32] {
    (0..<probabilities.rows).map { row in
      var best = 0
      for column in 1..<max(1, probabilities.columns) where probabilities[row, column] > probabilities[row, best] {
        best = column
      }
      return Int32(best)
    }
  }

  private static func withBothClasses(_ probabilities: Matrix) -> Matrix {
    Matrix(
      rows: probabilities.rows, columns: 2, elements: probabilities.elements.flatMap { [1 - $0, $0] })
  }

  private static func logLoss(_ probabilities: Matrix, _ truth: [Int32], _ weights: [Float]?) -> Double {
    let smallest = Float.ulpOfOne
    var sum = 0.0
    var total = 0.0
    for row in truth.indices {
      let weight = Double(weights?[row] ?? 1)
      let probability = probabilities[row, Int(truth[row])]
      // By comparisons that leave NaN as it is: a broken prediction shall not pass for an unlikely one.
      let clipped = probability < smallest ? smallest : probability > 1 - smallest ? 1 - smallest : probability
      total += weight
      if weight > 0 { sum -= weight * logarithm(Double(clipped)) }
    }
    return sum / total
  }
}
