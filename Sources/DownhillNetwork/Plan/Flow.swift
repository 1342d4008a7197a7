internal import DownhillCompute

/// The flow of values down through a graph and of errors back, each given a place in the arena: how a plan begins.
///
/// A value may have several readers (the input of a residual's layers is added to their output). Its error is the sum of
/// what each of them carries back.
struct Flow {
  private let graph: Graph
  /// The nodes that run. A last layer that is fused into the loss is not among them.
  private let nodes: ArraySlice<Graph.Node>
  private let readers: [[Int]]
  /// Which parameters are a node's.
  private let blocks: [Range<Int>]
  private let parameterBlocks: [ParameterBlock]
  /// Whether a node has parameters that follow a gradient.
  private let learns: [Bool]
  /// Whether the error of a value is wanted: something that it was made from learns.
  private let carriesError: [Bool]
  /// The value that the loss reads.
  let prediction: Int

  private(set) var arena: ArenaLayout
  private(set) var values: [Slot] = []
  private(set) var errors: [Slot?]
  /// For each node: what its layer keeps, and where its input derivative goes.
  private var kept: [Slot] = []
  private var keptOfBatch: [Slot] = []
  private var inputErrors: [Slot?]
  /// For each node: what is moved to make its value, and to share out its error or complete that of its input.
  private var movesDown: [[Move]]
  private var movesUp: [[Move]]

  init(_ resolution: Resolution, dropsLast: Bool, batchSize: Int, keepsInputError: Bool) {
    graph = resolution.graph
    nodes = dropsLast ? graph.nodes.dropLast() : graph.nodes[...]
    let last = graph.nodes[graph.nodes.count - 1]
    prediction = dropsLast ? last.inputs[0] : last.output
    blocks = graph.nodes.indices.map(resolution.layout.blocks(of:))
    parameterBlocks = resolution.layout.blocks
    learns = blocks.map { [parameterBlocks] in parameterBlocks[$0].contains(where: \.isTrained) }
    readers = graph.readers.map { [nodes] in $0.filter(nodes.indices.contains) }
    var carries = [Bool](repeating: false, count: graph.shapes.count)
    carries[0] = keepsInputError
    for index in nodes.indices {
      carries[nodes[index].output] = learns[index] || nodes[index].inputs.contains { carries[$0] }
    }
    carriesError = carries
    arena = ArenaLayout(rows: batchSize)
    errors = Array(repeating: nil, count: graph.shapes.count)
    inputErrors = Array(repeating: nil, count: graph.nodes.count)
    movesDown = Array(repeating: [], count: graph.nodes.count)
    movesUp = Array(repeating: [], count: graph.nodes.count)
  }

  private func columns(_ value: Int) -> Int { graph.shapes[value].count }

  // MARK: Values, on the way down

  /// A layer writes over its input where nobody reads that again.
  mutating func placeValues() {
    values = Array(repeating: Slot(offset: 0, columns: 0), count: graph.shapes.count)
    values[0] = arena.slot(columns: columns(0))
    for index in nodes.indices {
      let node = nodes[index], first = node.inputs[0]
      let mayOverwrite =
        first != 0 && readers[first].count == 1 && columns(first) == columns(node.output) && !isReadOnTheWayBack(first)
      let inPlace = mayOverwrite && node.work.runsInPlace
      let output = inPlace ? values[first] : arena.slot(columns: columns(node.output))
      values[node.output] = output
      switch node.work {
      case .layer: break
      case .sum:
        if !inPlace { movesDown[index].append(.copy(values[first].all, to: output.all)) }
        for other in node.inputs.dropFirst() { movesDown[index].append(.add(values[other].all, to: output.all)) }
      case .concatenation:
        for (input, range) in ranges(of: node) {
          movesDown[index].append(.copy(values[input].all, to: Place(slot: output, columns: range)))
        }
      case .columns(let range):
        movesDown[index].append(.copy(Place(slot: values[first], columns: range), to: output.all))
      }
    }
    for index in graph.nodes.indices {
      let layer = nodes.indices.contains(index) ? nodes[index].work.layer : nil
      let shape = graph.shapes[graph.nodes[index].inputs[0]]
      kept.append(arena.slot(columns: layer?.keptPerRow(for: shape) ?? 0))
      keptOfBatch.append(arena.slot(columns: layer?.keptPerBatch(for: shape) ?? 0, rows: 1))
    }
  }

  /// What a node's derivatives read.
  private func reads(_ index: Int) -> LayerReads {
    guard let layer = nodes[index].work.layer else { return [] }
    var reads: LayerReads = carriesError[nodes[index].inputs[0]] ? layer.inputDerivativeReads : []
    if learns[index] { reads.formUnion(layer.parameterDerivativeReads) }
    return reads
  }

  /// Whether a derivative reads a value: that of the node that made it, or those of its readers.
  private func isReadOnTheWayBack(_ value: Int) -> Bool {
    let maker = nodes.indices.first { nodes[$0].output == value }
    return maker.map { reads($0).contains(.output) } ?? false || readers[value].contains { reads($0).contains(.input) }
  }

  // MARK: Errors, on the way back

  /// Phase 2 reads the output error of a layer that learns, and what several nodes share stays as it is; any other error may
  /// be written over.
  mutating func placeErrors() {
    // What a value's readers carry back to it: a slot, and the value's columns that it is about.
    var parts = [[(slot: Slot, columns: Range<Int>)]](repeating: [], count: graph.shapes.count)
    var shared: Set<Int> = []
    errors[prediction] = arena.slot(columns: columns(prediction))

    for index in nodes.indices.reversed() where carriesError[nodes[index].output] {
      let node = nodes[index], error = errors[node.output]!
      let carrying = node.inputs.filter { carriesError[$0] }
      switch node.work {
      case .layer(let layer):
        guard let input = carrying.first else { break }
        let inPlace =
          layer.runsInPlace && columns(input) == columns(node.output) && !learns[index]
          && !shared.contains(error.offset)
        let slot = inPlace ? error : arena.slot(columns: columns(input))
        inputErrors[index] = slot
        parts[input].append((slot, 0..<slot.columns))
      case .sum:
        if carrying.count > 1 { shared.insert(error.offset) }
        for input in carrying { parts[input].append((error, 0..<error.columns)) }
      case .concatenation:
        for (input, range) in ranges(of: node) where carriesError[input] {
          let slot = arena.slot(columns: range.count)
          movesUp[index].append(.copy(Place(slot: error, columns: range), to: slot.all))
          parts[input].append((slot, 0..<range.count))
        }
      case .columns(let range):
        parts[node.inputs[0]].append((error, range))
      }
      // Its first reader is the last to say what a value's error is.
      for input in Set(carrying).sorted() where readers[input].first == index {
        let (slot, moves) = total(parts[input], columns: columns(input), shared: shared)
        errors[input] = slot
        movesUp[index] += moves
      }
    }
  }

  /// The sum of what the readers of a value carry back: one of them that nobody else needs, with the others added to it.
  private mutating func total(
    _ parts: [(slot: Slot, columns: Range<Int>)], columns: Int, shared: Set<Int>
  ) -> (Slot, [Move]) {
    let isWhole = { (part: (slot: Slot, columns: Range<Int>)) in part.columns.count == columns }
    if parts.count == 1, isWhole(parts[0]) { return (parts[0].slot, []) }
    let own = parts.lastIndex { isWhole($0) && !shared.contains($0.slot.offset) }
    let slot = own.map { parts[$0].slot } ?? arena.slot(columns: columns)
    let others = parts.indices.filter { $0 != own }.map { parts[$0] }
    let moves = others.map { Move.add($0.slot.all, to: Place(slot: slot, columns: $0.columns)) }
    return (slot, own == nil ? [.clear(slot.all)] + moves : moves)
  }

  /// Where the inputs of a concatenation stand in its output.
  private func ranges(of node: Graph.Node) -> [(input: Int, range: Range<Int>)] {
    var start = 0
    return node.inputs.map { input in
      defer { start += columns(input) }
      return (input, start..<start + columns(input))
    }
  }

  // MARK: What runs

  /// The layers at work, and the floats of partial gradients that a row tile leaves.
  func operations() -> (operations: [Operation], partials: Int) {
    var partials = 0
    var operations: [Operation] = []
    var ordinal = 0
    for index in nodes.indices {
      let node = nodes[index]
      guard let layer = node.work.layer else { continue }
      var firstPartial: Int?
      if layer.gradientCut == .byRows, learns[index] {
        firstPartial = partials
        partials += roundUp(parameterBlocks[blocks[index]].reduce(0) { $0 + $1.count }, to: 16)
      }
      let next = fused(with: index)
      operations.append(
        Operation(
          layer: layer, input: values[node.inputs[0]], output: values[node.output], kept: kept[index],
          keptOfBatch: keptOfBatch[index],
          outputError: errors[node.output] ?? errors[prediction]!, inputError: inputErrors[index],
          activation: next?.function ?? .identity,
          activationDerivative: next.flatMap { kept[$0.node].columns > 0 ? kept[$0.node] : nil },
          blocks: blocks[index], partials: firstPartial, index: ordinal,
          workPerRow: layer.multiplicationsPerRow(for: graph.shapes[node.inputs[0]]),
          image: ImageShape(graph.shapes[node.inputs[0]])))
      ordinal += 1
    }
    return (operations, partials)
  }

  /// Phase 1: on the way down, and on the way back.
  func instructions() -> (forward: [Instruction], backward: [Instruction]) {
    var forward: [Instruction] = [], backward: [[Instruction]] = []
    var operation = 0
    var done: Set<Int> = []
    for index in nodes.indices {
      var back: [Instruction] = []
      if let layer = nodes[index].work.layer {
        if !done.contains(index) { forward.append(.layer(operation)) }
        if let next = fused(with: index) { done.insert(next.node) }
        let leavesPartials = layer.gradientCut == .byRows && learns[index]
        if inputErrors[index] != nil || leavesPartials { back.append(.layer(operation)) }
        operation += 1
      }
      forward += movesDown[index].map(Instruction.move)
      backward.append(back + movesUp[index].map(Instruction.move))
    }
    return (forward, Array(backward.reversed().joined()))
  }

  /// The node behind a layer that applies a function of one number to its output, which that layer's `forward` can do.
  private func fused(with index: Int) -> (node: Int, function: Elementwise)? {
    let output = nodes[index].output
    guard nodes[index].work.layer?.fusesActivation == true, readers[output].count == 1,
      let next = readers[output].first,
      values[output] == values[nodes[next].output], let layer = nodes[next].work.layer as? any ElementwiseLayer
    else { return nil }
    return (next, layer.function)
  }
}

extension Graph.Work {
  /// Whether the output may be the very memory of the first input.
  var runsInPlace: Bool {
    switch self {
    case .layer(let layer): layer.runsInPlace
    case .sum: true
    case .concatenation, .columns: false
    }
  }
}
