internal import DownhillCompute

/// The way down through a graph alone, as predicting takes it: what is done to a tile of rows one after the other, in as few
/// buffers as hold the values that are still to be read.
struct ForwardFlow {
  private(set) var steps: [ForwardStep] = []
  private(set) var buffers = 0

  init(_ resolution: Resolution) {
    let graph = resolution.graph
    let readers = graph.readers
    var places = [ForwardPlace](repeating: .inputs, count: graph.shapes.count)
    var free: [Int] = []
    var skipped: Set<Int> = []

    for (index, node) in graph.nodes.enumerated() where !skipped.contains(index) {
      // The last layer stays by itself: a loss may take its place.
      var output = node.output, activation = Elementwise.identity
      if let layer = node.work.layer, layer.fusesActivation, readers[output].count == 1,
        let next = readers[output].first,
        next < graph.nodes.count - 1, let function = (graph.nodes[next].work.layer as? any ElementwiseLayer)?.function
      {
        skipped.insert(next)
        (output, activation) = (graph.nodes[next].output, function)
      }
      if index == graph.nodes.count - 1 {
        places[output] = .outputs
      } else if let buffer = free.popLast() {
        places[output] = .buffer(buffer)
      } else {
        places[output] = .buffer(buffers)
        buffers += 1
      }
      func place(_ value: Int, _ columns: Range<Int>? = nil) -> ForwardStep.Columns {
        let count = graph.shapes[value].count
        return ForwardStep.Columns(place: places[value], width: count, range: columns ?? 0..<count)
      }
      switch node.work {
      case .layer(let layer):
        let operation = ForwardOperation(
          layer: layer, activation: activation, blocks: resolution.layout.blocks(of: index))
        steps.append(ForwardStep(work: .layer(operation), source: place(node.inputs[0]), target: place(output)))
      case .sum:
        for (position, input) in node.inputs.enumerated() {
          steps.append(
            ForwardStep(work: .move(position == 0 ? .copy : .add), source: place(input), target: place(output)))
        }
      case .concatenation:
        var start = 0
        for input in node.inputs {
          let range = start..<start + graph.shapes[input].count
          steps.append(ForwardStep(work: .move(.copy), source: place(input), target: place(output, range)))
          start = range.upperBound
        }
      case .columns(let range):
        steps.append(ForwardStep(work: .move(.copy), source: place(node.inputs[0], range), target: place(output)))
      }
      for input in Set(node.inputs).sorted() where readers[input].last == index {
        if case .buffer(let buffer) = places[input] { free.append(buffer) }
      }
    }
  }
}

/// Where a value stands while rows are predicted.
enum ForwardPlace {
  case inputs
  case outputs
  case buffer(Int)
}

struct ForwardStep {
  enum Work {
    case layer(ForwardOperation)
    case move(Move.Kind)
  }

  /// Some columns of a value that is `width` wide.
  struct Columns {
    let place: ForwardPlace
    let width: Int
    let range: Range<Int>
  }

  let work: Work
  let source: Columns
  let target: Columns
}

/// A layer that runs forward, with the function of an elementwise one that follows.
struct ForwardOperation {
  let layer: any Layer
  let activation: Elementwise
  let blocks: Range<Int>
}
