internal import CKernels

// x̂ = (x − mean) / √(variance + ε) throughout.

extension MutableMatrixView {
  /// The logarithm of each row's softmax: yⱼ = xⱼ − log Σ exp xₗ. The input may be this very view.
  public func logSoftmax(of x: MatrixView) {
    checkShape(x)
    kernels.log_softmax(x.base, x.rowStride, base, rowStride, rows, columns)
  }

  /// The derivative of log-softmax with respect to its input, from its output: dx = dy − exp y · Σ dy, row by row.
  public func logSoftmaxDerivative(output y: MatrixView, outputError dy: MatrixView) {
    checkShape(y)
    checkShape(dy)
    kernels.log_softmax_derivative(y.base, y.rowStride, dy.base, dy.rowStride, base, rowStride, rows, columns)
  }

  /// y = γ ⊙ x̂ + β, with mean and variance of each row; mean and 1 / √(variance + ε) go to `kept`, which has two columns,
  /// where it has any.
  package func layerNorm(
    of x: MatrixView, scale: MatrixView?, shift: MatrixView?, epsilon: Float, kept: MutableMatrixView
  ) {
    checkShape(x)
    scale?.checkRow(columns)
    shift?.checkRow(columns)
    precondition((scale == nil) == (shift == nil) && (kept.columns == 0 || (kept.columns == 2 && kept.rows == rows)))
    kernels.layer_norm(
      x.base, x.rowStride, scale?.base, shift?.base, epsilon, base, rowStride, kept.columns > 0 ? kept.base : nil,
      kept.rowStride, rows, columns)
  }

  /// dx = (g − mean g − x̂ mean(g x̂)) / √(variance + ε), with g = γ ⊙ dy, row by row.
  package func layerNormDerivative(
    input x: MatrixView, outputError dy: MatrixView, kept: MatrixView, scale: MatrixView?
  ) {
    checkShape(x)
    checkShape(dy)
    scale?.checkRow(columns)
    precondition(kept.rows == rows && kept.columns == 2)
    kernels.layer_norm_derivative(
      x.base, x.rowStride, dy.base, dy.rowStride, kept.base, kept.rowStride, scale?.base, base, rowStride, rows, columns
    )
  }

  /// This row becomes Σ dy ⊙ x̂ over the rows, and `sums` Σ dy, for a normalisation of rows.
  package func layerNormSums(input x: MatrixView, outputError dy: MatrixView, kept: MatrixView, sums: MutableMatrixView)
  {
    checkSums(of: x, dy)
    readable.checkRow(sums.columns)
    precondition(kept.rows == x.rows && kept.columns == 2 && sums.rows == 1)
    kernels.layer_norm_sums(
      x.base, x.rowStride, dy.base, dy.rowStride, kept.base, kept.rowStride, base, sums.base, x.rows, columns)
  }

  /// The first of these two rows becomes the mean of each column of `x`, the second the mean square of what is left of it
  /// without that.
  package func columnMoments(of x: MatrixView) {
    precondition(rows == 2 && columns == x.columns && x.columnStride == 1, "two moments a column")
    kernels.column_moments(x.base, x.rowStride, base, base + rowStride, x.rows, columns)
  }

  /// y = γ ⊙ x̂ + β, each column with a mean and a variance of its own.
  package func batchNorm(
    of x: MatrixView, mean: MatrixView, variance: MatrixView, scale: MatrixView?, shift: MatrixView?, epsilon: Float
  ) {
    checkShape(x)
    mean.checkRow(columns)
    variance.checkRow(columns)
    scale?.checkRow(columns)
    shift?.checkRow(columns)
    kernels.batch_norm(
      x.base, x.rowStride, mean.base, variance.base, scale?.base, shift?.base, epsilon, base, rowStride, rows, columns)
  }

  /// This row becomes Σ dy ⊙ x̂ over the rows, and `sums` Σ dy, for a normalisation of columns.
  package func batchNormSums(
    input x: MatrixView, outputError dy: MatrixView, mean: MatrixView, variance: MatrixView, epsilon: Float,
    sums: MutableMatrixView
  ) {
    checkSums(of: x, dy)
    mean.checkRow(columns)
    variance.checkRow(columns)
    precondition(sums.rows == 1 && sums.columns == columns)
    kernels.batch_norm_sums(
      x.base, x.rowStride, dy.base, dy.rowStride, mean.base, variance.base, epsilon, base, sums.base, x.rows, columns)
  }

  /// dx = γ / √(variance + ε) ⊙ (dy − mean dy − x̂ mean(dy x̂)), means over the rows; mean and variance are those of `x`.
  package func batchNormDerivative(
    input x: MatrixView, outputError dy: MatrixView, mean: MatrixView, variance: MatrixView, scale: MatrixView?,
    epsilon: Float
  ) {
    checkShape(x)
    checkShape(dy)
    mean.checkRow(columns)
    variance.checkRow(columns)
    scale?.checkRow(columns)
    kernels.batch_norm_derivative(
      x.base, x.rowStride, dy.base, dy.rowStride, mean.base, variance.base, scale?.base, epsilon, base, rowStride, rows,
      columns)
  }

  /// Whether this one row can hold sums over the rows of two matrices.
  func checkSums(of x: MatrixView, _ dy: MatrixView) {
    precondition(
      rows == 1 && x.columns == columns && dy.columns == columns && x.rows == dy.rows && x.columnStride == 1
        && dy.columnStride == 1, "sums over the rows are one row")
  }
}

extension MatrixView {
  func checkRow(_ count: Int) {
    precondition(rows == 1 && columns == count && columnStride == 1, "\(rows) × \(columns), not one row of \(count)")
  }
}
