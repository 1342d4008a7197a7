public import DownhillCompute

/// How good predicted numbers are. The definitions are scikit-learn's; with several outputs each metric is the mean of
/// the outputs' own.
public struct RegressionMetrics: Sendable, Equatable, Codable {
  public let rows: Int
  /// √(Σ wᵢ (yᵢ − ŷᵢ)² / Σ wᵢ), in the target's unit.
  public let rmse: Double
  /// Σ wᵢ |yᵢ − ŷᵢ| / Σ wᵢ, in the target's unit.
  public let mae: Double
  /// 1 − Σ wᵢ (yᵢ − ŷᵢ)² / Σ wᵢ (yᵢ − ȳ)²: 1 is perfect, 0 as good as always saying the mean.
  ///
  /// For a target that is constant: 1 when all predictions are right and 0 otherwise. Nil for fewer than two rows.
  public let r2: Double?

  /// Compares predictions with targets of one output. Without rows, or without weight, RMSE and MAE are NaN.
  ///
  /// - Parameter weights: one a row, 0 or above; nil: all 1.
  public init(predictions: [Float], targets: [Float], weights: [Float]? = nil) {
    self = predictions.withUnsafeBufferPointer { predictions in
      targets.withUnsafeBufferPointer {
        RegressionMetrics(predictions: predictions, targets: $0, outputs: 1, weights: weights)
      }
    }
  }

  /// Compares predictions with targets, both rows × outputs.
  ///
  /// - Parameter weights: one a row, 0 or above; nil: all 1.
  public init(predictions: Matrix, targets: Matrix, weights: [Float]? = nil) {
    precondition(
      predictions.columns == targets.columns, "\(predictions.columns) outputs, \(targets.columns) target columns")
    self = predictions.withView { predictions in
      targets.withView {
        RegressionMetrics(
          predictions: predictions.elements, targets: $0.elements, outputs: $0.columns, weights: weights)
      }
    }
  }

  private init(
    predictions: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, outputs: Int, weights: [Float]?
  ) {
    precondition(
      outputs > 0 && predictions.count == targets.count, "\(predictions.count) predictions, \(targets.count) targets")
    rows = targets.count / outputs
    precondition(weights == nil || weights?.count == rows, "one weight a row")
    var sums = (rmse: 0.0, mae: 0.0, r2: 0.0)
    for output in 0..<outputs {
      let column = Column(predictions, targets, output, of: outputs, weights)
      sums.rmse += (column.squares / column.weight).squareRoot()
      sums.mae += column.absolutes / column.weight
      sums.r2 += column.r2
    }
    rmse = sums.rmse / Double(outputs)
    mae = sums.mae / Double(outputs)
    r2 = rows < 2 ? nil : sums.r2 / Double(outputs)
  }

  /// The weighted sums over the rows of one output.
  private struct Column {
    var weight = 0.0
    var squares = 0.0
    var absolutes = 0.0
    /// Of the targets around their mean.
    var spread = 0.0

    init(
      _ predictions: UnsafeBufferPointer<Float>, _ targets: UnsafeBufferPointer<Float>, _ output: Int, of outputs: Int,
      _ weights: [Float]?
    ) {
      let places = stride(from: output, to: targets.count, by: outputs)
      // Deviations from the first target, not from zero: they are exactly 0 when the target is constant.
      let first = Double(targets.isEmpty ? 0 : targets[output])
      var sum = 0.0
      for (row, place) in places.enumerated() {
        let rowWeight = Double(weights?[row] ?? 1)
        let error = Double(targets[place]) - Double(predictions[place])
        weight += rowWeight
        squares += rowWeight * error * error
        absolutes += rowWeight * error.magnitude
        sum += rowWeight * (Double(targets[place]) - first)
      }
      let mean = sum / weight
      for (row, place) in places.enumerated() {
        let deviation = Double(targets[place]) - first - mean
        spread += Double(weights?[row] ?? 1) * deviation * deviation
      }
    }

    var r2: Double { spread != 0 ? 1 - squares / spread : squares == 0 ? 1 : 0 }
  }
}

extension MatrixView {
  /// All elements of a whole matrix, row by row.
  fileprivate var elements: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: base, count: rows * columns) }
}
