internal import CKernels

extension MatrixView {
  /// Σ wᵢ · cross-entropy of softmax(zᵢ) with a class, this view being the logits z; and
  /// scale · wᵢ · (softmax(zᵢ) − one-hot) into `error`.
  package func softmaxCrossEntropy(
    classes: UnsafePointer<Int32>, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    for row in 0..<rows {
      precondition(classes[row] >= 0 && classes[row] < columns, "class \(classes[row]) of \(columns)")
    }
    return kernels.softmax_cross_entropy(
      base, rowStride, classes, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  /// The same for labels that are distributions.
  package func softmaxCrossEntropy(
    distributions y: MatrixView, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    precondition(y.rows == rows && y.columns == columns && y.columnStride == 1)
    return kernels.softmax_cross_entropy_soft(
      base, rowStride, y.base, y.rowStride, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  /// Σ wᵢ · mean over the columns of (ŷ − y)², this view being the prediction ŷ; and its derivative times `scale` into `error`.
  package func meanSquaredError(
    _ target: MatrixView, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    checkTarget(target)
    return kernels.mean_squared_error(
      base, rowStride, target.base, target.rowStride, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  /// Σ wᵢ · mean over the columns of the binary cross-entropy of the sigmoid of z and y, this view being the logits z; and its
  /// derivative times `scale` into `error`.
  package func sigmoidCrossEntropy(
    _ target: MatrixView, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    checkTarget(target)
    return kernels.binary_cross_entropy(
      base, rowStride, target.base, target.rowStride, nil, weights, scale, error?.base, error?.rowStride ?? 0, rows,
      columns)
  }

  /// The same for one column, where the targets are the classes 0 and 1.
  package func sigmoidCrossEntropy(
    classes: UnsafePointer<Int32>, weights: UnsafePointer<Float>?, scale: Float, error: MutableMatrixView?
  ) -> Double {
    precondition(columns == 1, "classes 0 and 1 take one column, not \(columns)")
    return kernels.binary_cross_entropy(
      base, rowStride, nil, 0, classes, weights, scale, error?.base, error?.rowStride ?? 0, rows, columns)
  }

  private func checkTarget(_ target: MatrixView) {
    precondition(
      target.rows == rows && target.columns == columns && target.columnStride == 1,
      "targets of \(target.rows) × \(target.columns) for \(rows) × \(columns)")
  }
}
