internal import DownhillCompute

/// The scores of rows, output after output.
struct Scores {
  let rows: Int
  private var values: [Double]

  init(rows: Int, start: [Double]) {
    self.rows = rows
    values = start.flatMap { [Double](repeating: $0, count: rows) }
  }

  subscript(row: Int, output: Int) -> Double { values[output * rows + row] }

  /// Adds a value to the scores of some rows.
  mutating func add(_ value: Double, to some: ArraySlice<Int32>, output: Int) {
    values.withUnsafeMutableBufferPointer { values in
      for row in some { values[output * rows + Int(row)] += value }
    }
  }

  /// Adds what a tree says of each row.
  mutating func add(_ tree: Tree, _ all: BinnedRows, output: Int, _ workers: WorkerPool) {
    let start = output * rows
    values.withUnsafeMutableBufferPointer { values in
      let target = UnsafeMutableBufferPointer(rebasing: values[start..<start + rows])
      workers.forEachRange(of: rows, shortest: 1024) { tree.add(to: target, rows: $0, of: all) }
    }
  }
}
