/// A rectangle of floats in memory that someone else owns, to read: what a layer sees of a batch or of its parameters.
///
/// A view is valid only inside the call that it was handed to.
public struct MatrixView {
  @usableFromInline package let base: UnsafePointer<Float>
  public let rows: Int
  public let columns: Int
  @usableFromInline package let rowStride: Int
  @usableFromInline package let columnStride: Int

  // Inlined, as some below, in the rooms above: a step of a small network makes some thirty views.
  @inlinable
  package init(base: UnsafePointer<Float>, rows: Int, columns: Int, rowStride: Int, columnStride: Int = 1) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  public subscript(row: Int, column: Int) -> Float {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(rows) × \(columns)")
    return base[row * rowStride + column * columnStride]
  }

  /// Rows exchanged with columns: no element moves.
  @inlinable public var transposed: MatrixView {
    MatrixView(base: base, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride)
  }

  /// Some of the rows.
  public subscript(rows range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return MatrixView(
      base: base + range.lowerBound * rowStride, rows: range.count, columns: columns, rowStride: rowStride,
      columnStride: columnStride)
  }

  /// Some of the columns.
  public subscript(columns range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    return MatrixView(
      base: base + range.lowerBound * columnStride, rows: rows, columns: range.count, rowStride: rowStride,
      columnStride: columnStride)
  }

  /// One row as a span, for the duration of the call. Not for a transposed view, whose rows are not contiguous.
  public func withRow<Result>(_ row: Int, _ body: (Span<Float>) throws -> Result) rethrows -> Result {
    precondition(row >= 0 && row < rows && columnStride == 1, "row \(row) of \(rows)")
    return try body(UnsafeBufferPointer(start: base + row * rowStride, count: columns).span)
  }

  /// Whether all elements stand in one run of memory.
  package var isContiguous: Bool { columnStride == 1 && (rowStride == columns || rows <= 1) }
}

/// A rectangle of floats in memory that someone else owns, to write.
///
/// A view is valid only inside the call that it was handed to.
public struct MutableMatrixView {
  @usableFromInline package let base: UnsafeMutablePointer<Float>
  public let rows: Int
  public let columns: Int
  @usableFromInline package let rowStride: Int

  @inlinable
  package init(base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, rowStride: Int) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
  }

  /// The same rectangle, to read.
  @inlinable public var readable: MatrixView {
    MatrixView(base: UnsafePointer(base), rows: rows, columns: columns, rowStride: rowStride)
  }

  public subscript(row: Int, column: Int) -> Float {
    get { readable[row, column] }
    nonmutating set {
      precondition(
        row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(rows) × \(columns)")
      base[row * rowStride + column] = newValue
    }
  }

  /// Some of the rows.
  public subscript(rows range: Range<Int>) -> MutableMatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return MutableMatrixView(
      base: base + range.lowerBound * rowStride, rows: range.count, columns: columns, rowStride: rowStride)
  }

  /// Some of the columns.
  public subscript(columns range: Range<Int>) -> MutableMatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    return MutableMatrixView(base: base + range.lowerBound, rows: rows, columns: range.count, rowStride: rowStride)
  }

  /// One row as a span, for the duration of the call.
  public func withMutableRow<Result>(
    _ row: Int, _ body: (inout MutableSpan<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    var span = UnsafeMutableBufferPointer(start: base + row * rowStride, count: columns).mutableSpan
    return try body(&span)
  }

  package var isContiguous: Bool { rowStride == columns || rows <= 1 }
}
