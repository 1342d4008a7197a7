internal import CKernels

extension MutableMatrixView {
  /// Softmax of each row: yⱼ = exp(xⱼ − max x) / Σ exp(xₗ − max x). The input may be this very view.
  public func softmax(of x: MatrixView) {
    checkShape(x)
    kernels.softmax(x.base, x.rowStride, base, rowStride, rows, columns)
  }

  /// The derivative of softmax with respect to its input, from its output: dx = y ⊙ (dy − Σ y dy), row by row.
  public func softmaxDerivative(output y: MatrixView, outputError dy: MatrixView) {
    checkShape(y)
    checkShape(dy)
    kernels.softmax_derivative(y.base, y.rowStride, dy.base, dy.rowStride, base, rowStride, rows, columns)
  }

  /// This one row becomes the sums of the columns of `x`, each added from the first row to the last.
  public func columnSums(of x: MatrixView) {
    precondition(rows == 1 && columns == x.columns && x.columnStride == 1, "column sums are one row")
    kernels.column_sums(x.base, x.rowStride, x.rows, columns, base, 0)
  }

  /// y = (x − offset) · scale, column by column. The input may be this very view.
  public func standardize(_ x: MatrixView, offset: Vector, scale: Vector) {
    checkShape(x)
    precondition(offset.count == columns && scale.count == columns, "one offset and scale a column")
    kernels.standardize(x.base, x.rowStride, offset.base, scale.base, base, rowStride, rows, columns)
  }

  /// This view becomes the transpose of `x`.
  package func transpose(of x: MatrixView) {
    precondition(x.rows == columns && x.columns == rows && x.columnStride == 1)
    kernels.transpose(x.base, x.rowStride, x.rows, x.columns, base, rowStride)
  }

  /// Row i becomes row `indices[i]` of `source`. One that stands in a large file is read from there without being mapped, so that
  /// memory stays as it is; rows that can't be read become NaN, and the file is broken.
  package func gather(from source: Matrix, rows indices: UnsafePointer<Int32>) {
    guard let file = source.file, file.isLarge else { return gather(source.view, rows: indices) }
    precondition(source.columns == columns && rowStride == columns)
    let size = columns * MemoryLayout<Float>.stride
    var row = 0
    while row < rows {
      // Rows that follow each other are read together.
      var count = 1
      while row + count < rows, indices[row + count] == indices[row] + Int32(count) { count += 1 }
      let target = base + row * columns
      if !file.read(at: Int(indices[row]) * size, into: target, count: count * size) {
        for index in 0..<count * columns { target[index] = .nan }
      }
      row += count
    }
  }

  /// Row i becomes row `indices[i]` of `source`.
  package func gather(_ source: MatrixView, rows indices: UnsafePointer<Int32>) {
    precondition(source.columns == columns && source.columnStride == 1)
    kernels.gather(source.base, source.rowStride, indices, base, rowStride, rows, columns)
  }
}
