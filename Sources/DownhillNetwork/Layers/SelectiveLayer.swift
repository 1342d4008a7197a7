public import DownhillCompute

/// A layer that takes not just any numbers: codes, say. Where it reads a network's input, that is held against it once
/// before training or prediction, so that what can't be meant is an error and not a wrong answer.
public protocol SelectiveLayer: Layer {
  /// What is wrong with rows of input, and where; nil: nothing.
  func objection(to input: MatrixView) -> String?
}

extension Graph {
  /// The layers that read the network's input, or some columns of it, and don't take all of it.
  var selectiveLayers: [(layer: any SelectiveLayer, columns: Range<Int>, component: Int)] {
    // Which columns of the input a value is; nil: it is something else.
    var columns = [Range<Int>?](repeating: nil, count: shapes.count)
    columns[0] = 0..<shapes[0].count
    var found: [(layer: any SelectiveLayer, columns: Range<Int>, component: Int)] = []
    for node in nodes {
      guard let source = columns[node.inputs[0]] else { continue }
      switch node.work {
      case .columns(let range):
        columns[node.output] = source.lowerBound + range.lowerBound..<source.lowerBound + range.upperBound
      case .layer(let layer):
        if let layer = layer as? any SelectiveLayer { found.append((layer, source, node.path[0])) }
      case .sum, .concatenation: break
      }
    }
    return found
  }
}
