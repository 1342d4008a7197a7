/// A tree that asks at each node whether the bin of one column is among some, and has a value in each leaf.
struct Tree: Sendable {
  /// The root is the first; a tree that is one leaf has none.
  var nodes: [Node] = []
  var values: [Double] = []

  struct Node: Sendable {
    let column: Int
    let left: BinSet
    /// Where each answer leads: a node, or a leaf as ~leaf.
    var whereTo: (left: Int, right: Int)
  }

  /// Adds each row's value to its score.
  func add(to scores: UnsafeMutableBufferPointer<Double>, rows: Range<Int>, of all: BinnedRows) {
    all.withCodes { codes in
      for row in rows {
        var place = nodes.isEmpty ? ~0 : 0
        while place >= 0 {
          let node = nodes[place]
          place =
            node.left.contains(Int(codes[node.column * all.count + row])) ? node.whereTo.left : node.whereTo.right
        }
        scores[row] += values[~place]
      }
    }
  }
}
