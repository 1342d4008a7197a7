internal import CKernels

extension MutableMatrixView {
  /// C = f(A · B + bias), f a function of one number; the bias, one row for all rows of the product, may be left out.
  ///
  /// Each element is summed over the inner dimension in one order, which depends on the operands' columns and on which of
  /// them is transposed: computing some rows of a product gives the same bits as computing all of them. f is taken while
  /// its arguments are in a register or in the nearest cache.
  /// - Parameters:
  ///   - a: m × k, or the transpose of a k × m view.
  ///   - b: k × n, likewise.
  ///   - derivative: gets f′ of what f is applied to.
  ///   - scale: what A · B is multiplied with, before the bias is added.
  ///   - wholeRows: how many rows the product has of which these may be some, where that is known. Few rows are summed in
  ///     another, faster order where `b` is transposed.
  public func product(
    _ a: MatrixView, _ b: MatrixView, bias: MatrixView? = nil, activation: Elementwise = .identity,
    derivative: MutableMatrixView? = nil, scale: Float = 1, wholeRows: Int? = nil
  ) {
    if let bias {
      precondition(bias.rows == 1 && bias.columns == columns && bias.columnStride == 1, "a bias is one row")
    }
    if let derivative {
      precondition(derivative.rows == rows && derivative.columns == columns, "a derivative for each element")
    }
    var product = product(of: a, b)
    product.most_rows = wholeRows ?? 0
    if scale == 1 { product.bias = bias?.base } else { (product.scale, product.offset) = (scale, bias?.base) }
    product.activation = activation.kernel
    (product.derivative, product.derivative_row) = (derivative?.base, derivative?.rowStride ?? 0)
    run(&product)
  }

  /// C = scale · A · B, and the sums of the columns of B, each added from the first row to the last, into `columnSums`,
  /// which is one row.
  public func product(_ a: MatrixView, _ b: MatrixView, scale: Float = 1, columnSums: MutableMatrixView?) {
    var product = product(of: a, b)
    if scale != 1 { product.scale = scale }
    if let columnSums {
      precondition(columnSums.rows == 1 && columnSums.columns == columns && b.columnStride == 1, "sums are one row")
      product.b_sums = columnSums.base
    }
    run(&product)
  }

  /// C += A · B.
  public func addProduct(_ a: MatrixView, _ b: MatrixView) {
    var product = product(of: a, b)
    product.accumulate = 1
    run(&product)
  }

  private func product(of a: MatrixView, _ b: MatrixView) -> dh_product {
    precondition(
      a.rows == rows && b.columns == columns && a.columns == b.rows,
      "\(a.rows) × \(a.columns) times \(b.rows) × \(b.columns) into \(rows) × \(columns)")
    var product = dh_product()
    (product.m, product.n, product.k) = (rows, columns, a.columns)
    (product.a, product.a_row, product.a_col) = (a.base, a.rowStride, a.columnStride)
    (product.b, product.b_row, product.b_col) = (b.base, b.rowStride, b.columnStride)
    (product.c, product.c_row) = (base, rowStride)
    return product
  }

  private func run(_ product: inout dh_product) { kernels.product(&product, dh_thread_scratch()) }
}
