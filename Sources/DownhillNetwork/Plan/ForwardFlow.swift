internal import DownhillCompute

/// The way down through a graph alone, as predicting takes it: what is done to a tile of rows one after the other, in as few
/// buffers as hold the values that are still to be read.
struct ForwardFlow {
  private(set) var steps: [ForwardStep] = []
  private(set) var operations: [ForwardOperation] = []
  private(set) var buffers = 0

  init(_ resolution: Resolution) {
    let graph = resolution.graph
    let last = graph.nodes.count - 1
    // Dropout and Flatten do nothing here: their output is their input. The last layer stays by itself: a loss may take its place.
    var same = Array(graph.shapes.indices)
    var readers = [[Int]](repeating: [], count: graph.shapes.count)
    for (index, node) in graph.nodes.enumerated() {
      if index < last, node.work.layer is any PassesUnchanged {
        same[node.output] = same[node.inputs[0]]
      } else {
        for input in node.inputs { readers[same[input]].append(index) }
      }
    }

    var places = [ForwardPlace](repeating: .inputs, count: graph.shapes.count)
    var free: [Int] = []
    func columns(_ value: Int, _ range: Range<Int>? = nil) -> ForwardStep.Columns {
      let count = graph.shapes[value].count
      return ForwardStep.Columns(place: places[value], width: count, range: range ?? 0..<count)
    }

    var done: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where same[node.output] == node.output && !done.contains(index) {
      let inputs = node.inputs.map { same[$0] }
      var output = node.output, activation = Elementwise.identity
      if node.work.layer?.fusesActivation == true, readers[output].count == 1, readers[output][0] < last,
        let layer = graph.nodes[readers[output][0]].work.layer as? any ElementwiseLayer
      {
        done.insert(readers[output][0])
        (output, activation) = (graph.nodes[readers[output][0]].output, layer.function)
      }
      if index == last {
        places[output] = .outputs
      } else if let buffer = free.popLast() {
        places[output] = .buffer(buffer)
      } else {
        places[output] = .buffer(buffers)
        buffers += 1
      }
      switch node.work {
      case .layer(let layer):
        steps.append(
          ForwardStep(work: .layer(operations.count), source: columns(inputs[0]), target: columns(output)))
        operations.append(
          ForwardOperation(
            layer: layer, activation: activation, blocks: resolution.layout.blocks(of: index),
            image: ImageShape(graph.shapes[node.inputs[0]])))
      case .sum:
        for (position, input) in inputs.enumerated() {
          let kind = position == 0 ? Move.Kind.copy : .add
          steps.append(ForwardStep(work: .move(kind), source: columns(input), target: columns(output)))
        }
      case .concatenation:
        var start = 0
        for input in inputs {
          let range = start..<start + graph.shapes[input].count
          steps.append(ForwardStep(work: .move(.copy), source: columns(input), target: columns(output, range)))
          start = range.upperBound
        }
      case .columns(let range):
        steps.append(ForwardStep(work: .move(.copy), source: columns(inputs[0], range), target: columns(output)))
      }
      for input in Set(inputs).sorted() where readers[input].last == index {
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
    /// An operation, by its index.
    case layer(Int)
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
  let image: ImageShape?
}
