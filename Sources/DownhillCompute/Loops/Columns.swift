internal import CKernels

extension MutableMatrixView {
  /// y = x ⊙ scale, `scale` being one row for all rows. The input may be this very view.
  package func scaleColumns(of x: MatrixView, by scale: MatrixView) {
    checkShape(x)
    scale.checkRow(columns)
    kernels.scale_columns(x.base, x.rowStride, scale.base, base, rowStride, rows, columns)
  }

  /// This one row becomes Σ x ⊙ y over the rows, each column added from the first row to the last.
  package func productSums(of x: MatrixView, _ y: MatrixView) {
    checkSums(of: x, y)
    kernels.product_sums(x.base, x.rowStride, y.base, y.rowStride, x.rows, columns, base)
  }

  /// y = x where x > 0, else slope · x, with a slope for each column or one for all.
  package func prelu(of x: MatrixView, slope: MatrixView) {
    checkShape(x)
    slope.checkRow(slope.columns == 1 ? 1 : columns)
    kernels.prelu(x.base, x.rowStride, slope.base, slope.columns == 1 ? 1 : 0, base, rowStride, rows, columns)
  }

  /// dx = dy where x > 0, else slope · dy.
  package func preluDerivative(input x: MatrixView, outputError dy: MatrixView, slope: MatrixView) {
    checkShape(x)
    checkShape(dy)
    slope.checkRow(slope.columns == 1 ? 1 : columns)
    kernels.prelu_derivative(
      x.base, x.rowStride, dy.base, dy.rowStride, slope.base, slope.columns == 1 ? 1 : 0, base, rowStride, rows, columns
    )
  }

  /// This one row becomes Σ dy min(x, 0) over the rows, of each column or, where it has but one, of all.
  package func preluSums(input x: MatrixView, outputError dy: MatrixView) {
    precondition(
      rows == 1 && (columns == 1 || columns == x.columns) && x.rows == dy.rows && x.columns == dy.columns
        && x.columnStride == 1 && dy.columnStride == 1)
    kernels.prelu_sums(x.base, x.rowStride, dy.base, dy.rowStride, columns == 1 ? 1 : 0, base, x.rows, x.columns)
  }

  /// s ← s − x, and y = x + share ⊙ s, `share` being one row for all rows. The input may be this very view.
  package func blend(_ x: MatrixView, with s: MutableMatrixView, share: MatrixView) {
    checkShape(x)
    checkShape(s.readable)
    share.checkRow(columns)
    kernels.blend(x.base, x.rowStride, s.base, s.rowStride, share.base, base, rowStride, rows, columns)
  }

  /// dx = dy ⊙ (1 + share ⊙ (slope − 1)).
  package func blendDerivative(outputError dy: MatrixView, slope: MatrixView, share: MatrixView) {
    checkShape(dy)
    checkShape(slope)
    share.checkRow(columns)
    kernels.blend_derivative(
      dy.base, dy.rowStride, slope.base, slope.rowStride, share.base, base, rowStride, rows, columns)
  }

  /// y = the largest of some pieces of each row, which stand one after the other: max over p of x[p · columns + j].
  package func maxout(of x: MatrixView, pieces: Int) {
    precondition(x.rows == rows && x.columns == pieces * columns && x.columnStride == 1)
    kernels.maxout(x.base, x.rowStride, pieces, base, rowStride, rows, columns)
  }

  /// dx is dy where x is the first that is the largest of its pieces, else 0.
  package func maxoutDerivative(input x: MatrixView, output y: MatrixView, outputError dy: MatrixView, pieces: Int) {
    checkShape(x)
    precondition(y.rows == rows && dy.rows == rows && y.columns == dy.columns && columns == pieces * y.columns)
    kernels.maxout_derivative(
      x.base, x.rowStride, y.base, y.rowStride, dy.base, dy.rowStride, pieces, base, rowStride, rows, y.columns)
  }
}
