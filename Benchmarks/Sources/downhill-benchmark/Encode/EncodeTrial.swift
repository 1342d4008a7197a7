import Downhill

/// Times the road from a table to a matrix in turns with copies of the matrix.
struct EncodeTrial {
  private let table: Table
  private let encoder: TableEncoder
  private let scaling: NumberScaling.Kind
  private let workers: WorkerPool

  init(_ table: Table, scaling: NumberScaling.Kind, threads: Int) {
    self.table = table
    self.scaling = scaling
    workers = WorkerPool(threads: threads)
    encoder = TableEncoder(
      fitting: table, rows: [Int32](0..<Int32(table.rowCount)), target: nil, scaling: scaling, workers: workers)
  }

  /// Columns of normal numbers.
  static func table(rows: Int, columns: Int) -> Table {
    Table(
      (0..<columns).map { column in
        var random = RandomStream(seed: 1, purpose: .check, index: column)
        return Column(name: "x\(column)", kind: .numeric, values: .numbers((0..<rows).map { _ in random.normal() }))
      })
  }

  func time(turns: Int) throws -> EncodeResult {
    let rows = [Int32](0..<Int32(table.rowCount))
    let (matrix, _) = try encoder.encode(table, workers: workers)
    let elements = matrix.elements
    let bytes = 4 * matrix.rows * matrix.columns
    let warm = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { warm.deallocate() }
    var (encode, copy, warmCopy, fit) = (Double.infinity, Double.infinity, Double.infinity, Double.infinity)
    for _ in 0..<turns {
      encode = min(encode, try seconds { _ = try encoder.encode(table, workers: workers) })
      copy = min(copy, seconds { _ = Matrix(copying: matrix) })
      elements.withUnsafeBytes { source in
        warmCopy = min(warmCopy, seconds { warm.copyMemory(from: source.baseAddress!, byteCount: bytes) })
      }
      fit = min(
        fit,
        seconds { _ = TableEncoder(fitting: table, rows: rows, target: nil, scaling: scaling, workers: workers) })
    }
    let gigabytes = Double(bytes) / 1e9
    return EncodeResult(
      scaling: scaling.rawValue, threads: workers.threads, encode: gigabytes / encode, copy: gigabytes / copy,
      warmCopy: gigabytes / warmCopy, fit: fit)
  }
}

extension Matrix {
  /// The same elements in memory of their own.
  fileprivate init(copying matrix: Matrix) {
    self = matrix
    withMutableView { _ in }
  }
}
