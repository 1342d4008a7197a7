internal import CKernels

extension MutableMatrixView {
  /// C = A · B, plus `bias` (one row, added to every row of the product) where it is given.
  ///
  /// Each element is summed over the inner dimension in one order, which depends on that dimension alone:
  /// computing some rows or columns of a product gives the same bits as computing all of them.
  /// - Parameters:
  ///   - a: m × k, or the transpose of a k × m view.
  ///   - b: k × n, likewise.
  public func product(
    _ a: MatrixView, _ b: MatrixView, bias: MatrixView? = nil, activation: Elementwise = .identity,
    derivative: MutableMatrixView? = nil
  ) {
    defer { if activation != .identity { apply(activation, to: readable, derivative: derivative) } }
    if let bias {
      precondition(bias.rows == 1 && bias.columns == columns && bias.columnStride == 1, "a bias is one row")
    }
    multiply(a, b, bias: bias?.base, accumulate: false)
  }

  public func product(_ a: MatrixView, _ b: MatrixView, columnSums: MutableMatrixView?) {
    product(a, b)
    columnSums?.columnSums(of: b)
  }

  /// C += A · B.
  public func addProduct(_ a: MatrixView, _ b: MatrixView) {
    multiply(a, b, bias: nil, accumulate: true)
  }

  private func multiply(_ a: MatrixView, _ b: MatrixView, bias: UnsafePointer<Float>?, accumulate: Bool) {
    precondition(
      a.rows == rows && b.columns == columns && a.columns == b.rows,
      "\(a.rows) × \(a.columns) times \(b.rows) × \(b.columns) into \(rows) × \(columns)")
    var product = dh_product(
      m: rows, n: columns, k: a.columns, a: a.base, a_row: a.rowStride, a_col: a.columnStride, b: b.base,
      b_row: b.rowStride, b_col: b.columnStride, bias: bias, c: base, c_row: rowStride, accumulate: accumulate ? 1 : 0)
    kernels.product(&product, dh_thread_scratch())
  }
}
