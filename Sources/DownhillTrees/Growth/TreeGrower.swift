internal import DownhillCompute

/// Grows trees on the same rows, leaf by leaf: the leaf whose split gains most is split next (Shi, “Best-first decision tree
/// learning”, 2007; Ke et al., “LightGBM”, 2017).
///
/// Each column's sums are worked out by one thread, and the larger of two leaves has its by subtraction.
final class TreeGrower {
  private let rows: BinnedRows
  private let columns: [ColumnBins]
  private let options: GrowthOptions
  private let workers: WorkerPool
  /// Where each column's bins stand among the sums.
  private let ranges: [Range<Int>]
  /// The rows, those of a leaf side by side.
  private var order: [Int32]
  private var spare: [Int32]
  private var gathered: [BinSums.Sum]
  /// Sums that no leaf uses.
  private var free: [BinSums] = []

  private struct Leaf {
    var range: Range<Int>
    var sum: BinSums.Sum
    /// nil: it will not be split.
    var sums: BinSums?
    var split = LeafSplit()
    /// The node that leads here, and by which answer; nil: the root.
    var parent: (node: Int, isLeft: Bool)?
  }

  init(_ rows: BinnedRows, _ bins: TableBins, options: GrowthOptions, workers: WorkerPool) {
    precondition(rows.count <= BinSums.mostRows, "\(rows.count) rows for trees; at most \(BinSums.mostRows)")
    (self.rows, columns, self.options, self.workers) = (rows, bins.columns, options, workers)
    var ranges: [Range<Int>] = [], start = 0
    for count in bins.binCounts {
      ranges.append(start..<start + count)
      start += count
    }
    self.ranges = ranges
    order = [Int32](0..<Int32(rows.count))
    spare = order
    gathered = [BinSums.Sum](repeating: .zero, count: rows.count)
  }

  /// Grows a tree whose leaves have the values −rate · G / (H + λ), and hands over which rows are in which.
  func grow(_ derivatives: Derivatives, rate: Double, _ onLeaf: (_ rows: ArraySlice<Int32>, _ value: Double) -> Void)
    -> Tree
  {
    for row in order.indices { order[row] = Int32(row) }
    var tree = Tree()
    let all = 0..<rows.count
    var leaves = [Leaf(range: all, sum: derivatives.rows.reduce(.zero, &+))]
    if options.leaves > 1 { prepareRoot(&leaves[0], derivatives) }
    while leaves.count < options.leaves, let next = best(leaves) {
      let (left, right) = split(leaves[next], derivatives, isLast: leaves.count == options.leaves - 1)
      let node = tree.nodes.count
      tree.nodes.append(
        Tree.Node(column: leaves[next].split.column, left: leaves[next].split.left, whereTo: (0, 0)))
      connect(leaves[next], to: node, in: &tree)
      leaves[next] = left
      leaves[next].parent = (node, true)
      leaves.append(right)
      leaves[leaves.count - 1].parent = (node, false)
    }
    for (index, leaf) in leaves.enumerated() {
      connect(leaf, to: ~index, in: &tree)
      let hessian = derivatives.hessian(leaf.sum) + options.penalty
      let value = hessian > 0 ? -rate * derivatives.gradient(leaf.sum) / hessian : 0
      tree.values.append(value)
      onLeaf(order[leaf.range], value)
      if let sums = leaf.sums { free.append(sums) }
    }
    return tree
  }

  private func connect(_ leaf: Leaf, to place: Int, in tree: inout Tree) {
    guard let parent = leaf.parent else { return }
    if parent.isLeft {
      tree.nodes[parent.node].whereTo.left = place
    } else {
      tree.nodes[parent.node].whereTo.right = place
    }
  }

  /// The leaf whose split gains most, the first of equals; nil: none gains.
  private func best(_ leaves: [Leaf]) -> Int? {
    var best: Int?
    for (index, leaf) in leaves.enumerated() where leaf.split.gain > best.map({ leaves[$0].split.gain }) ?? 0 {
      best = index
    }
    return best
  }

  private func prepareRoot(_ root: inout Leaf, _ derivatives: Derivatives) {
    let sums = takeSums(), search = SplitSearch(derivatives: derivatives, options: options, total: root.sum)
    let splits = onColumns(work: rows.count) { [self] column in
      rows.withColumn(column) { codes in
        order.withUnsafeBufferPointer { order in
          derivatives.rows.withUnsafeBufferPointer {
            sums.sum(ranges[column], codes: codes, rows: order, derivatives: $0)
          }
        }
      }
      return search.best(in: column, columns[column], sums[ranges[column]])
    }
    root.sums = sums
    root.split = Self.best(splits)
  }

  /// Parts a leaf by its split, and finds those of its parts.
  private func split(_ leaf: Leaf, _ derivatives: Derivatives, isLast: Bool) -> (left: Leaf, right: Leaf) {
    let count = part(leaf)
    let middle = leaf.range.lowerBound + count
    var left = Leaf(range: leaf.range.lowerBound..<middle, sum: leaf.split.leftSum)
    var right = Leaf(range: middle..<leaf.range.upperBound, sum: leaf.sum &- leaf.split.leftSum)
    let larger = leaf.sums!
    if isLast || max(left.range.count, right.range.count) < 2 * options.leafRows {
      free.append(larger)
      return (left, right)
    }
    let leftIsSmaller = left.range.count <= right.range.count
    let smaller = takeSums(), few = leftIsSmaller ? left.range : right.range
    gather(few, derivatives)
    let searches = [left, right].map { SplitSearch(derivatives: derivatives, options: options, total: $0.sum) }
    let splits = onColumns(work: few.count) { [self] column in
      let range = ranges[column]
      rows.withColumn(column) { codes in
        order.withUnsafeBufferPointer { order in
          gathered.withUnsafeBufferPointer {
            smaller.sum(range, codes: codes, rows: UnsafeBufferPointer(rebasing: order[few]), derivatives: $0)
          }
        }
      }
      larger.subtract(range, smaller, from: larger)
      let sums = leftIsSmaller ? (smaller, larger) : (larger, smaller)
      return (
        searches[0].best(in: column, columns[column], sums.0[range]),
        searches[1].best(in: column, columns[column], sums.1[range])
      )
    }
    (left.sums, right.sums) = leftIsSmaller ? (smaller, larger) : (larger, smaller)
    (left.split, right.split) = (Self.best(splits.map(\.0)), Self.best(splits.map(\.1)))
    return (left, right)
  }

  /// Puts the rows of a leaf that go left before the others.
  /// - Returns: how many they are.
  private func part(_ leaf: Leaf) -> Int {
    let isLeft = leaf.split.left.flags(count: 256)
    return rows.withColumn(leaf.split.column) { codes in
      order.withUnsafeMutableBufferPointer { order in
        spare.withUnsafeMutableBufferPointer { spare in
          isLeft.withUnsafeBufferPointer {
            partition(
              UnsafeMutableBufferPointer(rebasing: order[leaf.range]), codes: codes, isLeft: $0, spare: spare)
          }
        }
      }
    }
  }

  /// Puts the derivatives of some rows side by side.
  private func gather(_ range: Range<Int>, _ derivatives: Derivatives) {
    gathered.withUnsafeMutableBufferPointer { gathered in
      order.withUnsafeBufferPointer { order in
        derivatives.rows.withUnsafeBufferPointer { all in
          for index in 0..<range.count { gathered[index] = all[Int(order[range.lowerBound + index])] }
        }
      }
    }
  }

  private func takeSums() -> BinSums { free.popLast() ?? BinSums(bins: ranges.last?.upperBound ?? 0) }

  /// Calls `body` for each column, by several threads where there is enough to do.
  private func onColumns<Result>(work rows: Int, _ body: (Int) -> Result) -> [Result] {
    let isLarge = (rows + 512) * columns.count > 1 << 15
    return isLarge ? workers.map(columns.count, body) : columns.indices.map(body)
  }

  /// The split that gains most, in the first of the columns where several do.
  private static func best(_ splits: [LeafSplit]) -> LeafSplit {
    splits.reduce(LeafSplit()) { $1.gain > $0.gain ? $1 : $0 }
  }
}
