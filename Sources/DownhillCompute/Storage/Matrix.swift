/// A matrix of floats, row-major, in aligned contiguous memory: rows are samples, columns are features.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  private var storage: Vector

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    storage = Vector(count: rows * columns)
  }

  /// A matrix that stands at the beginning of a file, and is read from there; a change makes a copy in memory.
  package init(rows: Int, columns: Int, _ file: FileMapping) {
    (self.rows, self.columns) = (rows, columns)
    storage = Vector(file, count: rows * columns)
  }

  /// The file that the matrix stands in; nil: it is in memory.
  package var file: FileMapping? { storage.file }

  /// Tells the system which rows of a matrix in a file will be read soon.
  package func prepare(_ rows: UnsafeBufferPointer<Int32>) {
    guard let file else { return }
    let size = columns * MemoryLayout<Float>.stride
    for row in rows { file.prepare(Int(row) * size, count: size) }
  }

  /// Hands over the matrix in views of some rows each, one after the other. Of a matrix in a file little is in memory at a
  /// time.
  package func forEachBlock(_ body: (MatrixView) -> Void) {
    guard let file, columns > 0 else { return body(view) }
    let step = max(1, (1 << 22) / columns)
    for first in stride(from: 0, to: rows, by: step) {
      body(view[rows: first..<min(rows, first + step)])
      file.giveBack()
    }
  }

  /// A matrix from its elements, row by row.
  public init(rows: Int, columns: Int, elements: some Collection<Float>) {
    precondition(
      elements.count == rows * columns, "\(elements.count) elements for a matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    storage = Vector(elements)
  }

  /// A matrix from rows of equal length.
  public init(_ rows: [[Float]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "rows of different lengths")
    self.init(rows: rows.count, columns: columns, elements: rows.flatMap { $0 })
  }

  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
      return storage[row * columns + column]
    }
    set {
      precondition(column >= 0 && column < columns, "column \(column) of \(columns)")
      storage[row * columns + column] = newValue
    }
  }

  /// The elements, row by row.
  public var elements: [Float] { storage.elements }

  /// One row as an array.
  public func row(_ index: Int) -> [Float] {
    precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
    return Array(UnsafeBufferPointer(start: storage.base + index * columns, count: columns))
  }

  /// The memory of the elements, for the duration of the call.
  package func withBytes<Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    try withExtendedLifetime(self) { () throws(Failure) in
      try body(UnsafeRawBufferPointer(start: storage.base, count: rows * columns * MemoryLayout<Float>.stride))
    }
  }

  /// A view of the whole matrix to read, for the duration of the call.
  public func withView<Result>(_ body: (MatrixView) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(view) }
  }

  /// A view of the whole matrix to write, for the duration of the call.
  public mutating func withMutableView<Result>(_ body: (MutableMatrixView) throws -> Result) rethrows -> Result {
    let view = mutableView()
    return try withExtendedLifetime(self) { try body(view) }
  }

  /// The whole matrix; valid while it lives unchanged.
  package var view: MatrixView {
    MatrixView(base: storage.base, rows: rows, columns: columns, rowStride: columns)
  }

  /// The whole matrix, to write; valid until the next copy or change.
  package mutating func mutableView() -> MutableMatrixView {
    MutableMatrixView(base: storage.uniqueBase(), rows: rows, columns: columns, rowStride: columns)
  }
}

extension Matrix: CustomStringConvertible {
  public var description: String {
    let shown = (0..<min(rows, 6)).map { "  \(row($0))" }.joined(separator: "\n")
    return "Matrix(\(rows) × \(columns)) [\n\(shown)\(rows > 6 ? "\n  …" : "")\n]"
  }
}
