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
}
