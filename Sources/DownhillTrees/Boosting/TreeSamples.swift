/// Rows to grow trees on, or to watch over that.
package struct TreeSamples: Sendable {
  package let rows: BinnedRows
  package let target: TreeTarget
  /// How much each row counts; nil: all the same.
  package let weights: [Double]?

  package init(_ rows: BinnedRows, _ target: TreeTarget, weights: [Double]? = nil) {
    precondition(target.count == rows.count && weights?.count ?? rows.count == rows.count, "one answer a row")
    (self.rows, self.target, self.weights) = (rows, target, weights)
  }
}

/// The right answers.
package enum TreeTarget: Sendable {
  case values([Double])
  /// Each from 0 to below `count`.
  case classes([Int32], count: Int)

  var count: Int {
    switch self {
    case .values(let values): values.count
    case .classes(let classes, _): classes.count
    }
  }
}
