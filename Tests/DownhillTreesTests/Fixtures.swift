import DownhillCompute
import DownhillTables
import DownhillTrees
import Foundation
import Testing

/// What the files of `Tests/Fixtures/trees` hold, which Scripts/fixtures/tree_fixtures.py made.
func fixture<Value: Decodable>(_ name: String) -> Value {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/trees")
  do {
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appending(path: name)))
  } catch {
    preconditionFailure("Tests/Fixtures/trees/\(name): \(error)")
  }
}

/// Numbers in columns named a, b, c, …; nil is missing.
func table(_ columns: [[Double?]]) -> Table {
  Table(
    zip("abcdefghijkl", columns).map { name, numbers in
      Column(name: String(name), kind: .numeric, values: .numbers(numbers.map { $0 ?? .nan }))
    })
}

extension Table {
  var allRows: [Int32] { [Int32](0..<Int32(rowCount)) }
}

/// Trees on all rows of a table, and what they say of another's.
func predictions(
  _ table: Table, _ target: TreeTarget, of new: Table, weights: [Double]? = nil, options: BoostingOptions,
  workers: WorkerPool = WorkerPool(threads: 1)
) -> (values: [Double], probabilities: Matrix) {
  let bins = TableBins(fitting: table, rows: table.allRows, target: "", workers: workers)
  let samples = TreeSamples(bins.encode(table, rows: table.allRows, workers: workers), target, weights: weights)
  let trees = BoostedTrees(fitting: samples, bins, options: options, workers: workers)
  return BoostedTrees.predict([trees], [bins.encode(new, rows: new.allRows, workers: workers)], workers: workers)
}
