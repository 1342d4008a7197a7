internal import CKernels

/// Tables that codes are looked up in, one after the other in one matrix: one for all columns or one for each.
package struct CodeTables: Sendable, Equatable {
  /// Rows of each table.
  package let counts: [Int32]
  /// Where each begins.
  let starts: [Int32]
  package let isShared: Bool

  /// - Parameter counts: of one table a column, or of the only one.
  package init(counts: [Int], isShared: Bool) {
    var start: Int32 = 0
    // What doesn't fit is refused elsewhere; it must not trap here.
    self.counts = counts.map { Int32(clamping: $0) }
    starts = self.counts.map { count in
      defer { start = start.addingReportingOverflow(max(0, count)).partialValue }
      return start
    }
    self.isShared = isShared
  }

  func check(columns: Int) { precondition(counts.count == (isShared ? 1 : columns), "a table a column, or one") }
}

extension MutableMatrixView {
  /// Each code of a row of `x` becomes the row of its table. Codes that the table doesn't have become its row 0.
  package func embed(_ x: MatrixView, in table: MatrixView, _ tables: CodeTables) {
    tables.check(columns: x.columns)
    precondition(x.rows == rows && columns == x.columns * table.columns && x.columnStride == 1)
    kernels.embed(
      x.base, x.rowStride, table.base, tables.starts, tables.counts, tables.isShared ? 1 : 0, table.columns, base,
      rowStride, rows, x.columns)
  }

  /// These become the sums of `dy` over where the rows `range` of the tables were taken.
  package func embedSums(input x: MatrixView, outputError dy: MatrixView, _ tables: CodeTables, rows range: Range<Int>)
  {
    tables.check(columns: x.columns)
    precondition(rows == range.count && isContiguous && dy.columns == x.columns * columns && dy.rows == x.rows)
    kernels.embed_sums(
      x.base, x.rowStride, dy.base, dy.rowStride, tables.starts, tables.counts, tables.isShared ? 1 : 0,
      range.lowerBound, range.upperBound, columns, base, x.rows, x.columns)
  }

  /// y = cos(2π f x + b) for each frequency f and phase b of each column, and −sin of that into `slopes`, where it has columns.
  package func periodic(
    of x: MatrixView, frequencies: MatrixView, phases: MatrixView, slopes: MutableMatrixView
  ) {
    precondition(
      x.rows == rows && x.columnStride == 1 && frequencies.rows == x.columns && phases.rows == x.columns
        && frequencies.columns == phases.columns && columns == x.columns * phases.columns
        && (slopes.columns == 0 || (slopes.columns == columns && slopes.rows == rows)))
    kernels.periodic(
      x.base, x.rowStride, frequencies.base, phases.base, phases.columns, base, rowStride,
      slopes.columns > 0 ? slopes.base : nil, slopes.rowStride, rows, x.columns)
  }

  /// dx = 2π Σ dy ⊙ slopes ⊙ frequencies over those of each column.
  package func periodicDerivative(outputError dy: MatrixView, slopes: MatrixView, frequencies: MatrixView) {
    precondition(
      dy.rows == rows && slopes.rows == rows && frequencies.rows == columns && dy.columns == slopes.columns
        && dy.columns == columns * frequencies.columns)
    kernels.periodic_derivative(
      dy.base, dy.rowStride, slopes.base, slopes.rowStride, frequencies.base, frequencies.columns, base, rowStride,
      rows,
      columns)
  }

  /// The gradient of frequencies: 2π Σ dy ⊙ slopes · x over the rows.
  package func periodicSums(input x: MatrixView, outputError dy: MatrixView, slopes: MatrixView) {
    precondition(
      rows == x.columns && isContiguous && x.rows == dy.rows && x.rows == slopes.rows && dy.columns == slopes.columns
        && dy.columns == rows * columns && x.columnStride == 1)
    kernels.periodic_sums(
      x.base, x.rowStride, dy.base, dy.rowStride, slopes.base, slopes.rowStride, columns, base, x.rows, x.columns)
  }

  /// The gradient of phases: Σ dy ⊙ slopes over the rows.
  package func periodicPhaseSums(outputError dy: MatrixView, slopes: MatrixView) {
    precondition(isContiguous)
    MutableMatrixView(base: base, rows: 1, columns: rows * columns, rowStride: rows * columns).productSums(
      of: dy, slopes)
  }

  /// How far x is in each bin of its column: (x − edge) · scale, held within 0 and 1, but for the outer ends.
  package func piecewise(of x: MatrixView, edges: [Float], scales: [Float], bins: [Int32]) {
    precondition(
      x.rows == rows && x.columns == bins.count && columns == edges.count && columns == scales.count
        && x.columnStride == 1)
    kernels.piecewise(x.base, x.rowStride, edges, scales, bins, base, rowStride, rows, x.columns)
  }

  /// dx = Σ dy · scale over the bins that rise at x.
  package func piecewiseDerivative(
    input x: MatrixView, outputError dy: MatrixView, edges: [Float], scales: [Float], bins: [Int32]
  ) {
    checkShape(x)
    precondition(columns == bins.count && dy.rows == rows && dy.columns == edges.count && dy.columns == scales.count)
    kernels.piecewise_derivative(
      x.base, x.rowStride, dy.base, dy.rowStride, edges, scales, bins, base, rowStride, rows, columns)
  }
}
