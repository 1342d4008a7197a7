/// A network's graph and the layout of its θ, worked out once.
package struct Resolution: Sendable {
  let graph: Graph
  /// The shape before each component of the network, and that after the last.
  package let shapes: [Shape]
  package let layout: ParameterLayout
  /// Layers that don't take just any input, and the columns of it that they read.
  let selective: [(layer: any SelectiveLayer, columns: Range<Int>, component: Int)]

  package var outputs: Shape { shapes[shapes.count - 1] }

  static func resolve(_ inputs: Shape, _ layers: [any Component]) -> Result<Resolution, NetworkError> {
    func failure(_ layer: Int?, _ reason: String) -> Result<Resolution, NetworkError> {
      let printed = printNetwork(inputs: inputs, layers: layers) { $0 == layer ? "← \(reason)" : nil }
      return .failure(NetworkError(layer: layer, reason: reason, network: printed))
    }

    guard let width = inputs.checkedCount, width > 0 else {
      return failure(nil, "a network needs at least one input, not \(inputs)")
    }
    guard !layers.isEmpty else { return failure(nil, "a network needs at least one layer") }
    var graph = Graph(inputs: inputs)
    var value = graph.input, shapes = [inputs]
    for (index, layer) in layers.enumerated() {
      do throws(LayerError) { value = try graph.apply(layer, to: value) } catch {
        return failure(index, error.description)
      }
      shapes.append(value.shape)
    }
    guard let last = graph.nodes.last, value.index == last.output else {
      return failure(nil, "a network needs at least one layer that does something")
    }
    if let idle = graph.nodes.first(where: { $0.output != value.index && graph.readers[$0.output].isEmpty }) {
      return failure(idle.path[0], "a value is made that nothing reads")
    }
    switch ParameterLayout.of(graph) {
    case .success(let layout):
      return .success(
        Resolution(graph: graph, shapes: shapes, layout: layout, selective: graph.selectiveLayers))
    case .failure(let fault): return failure(fault.component, fault.reason)
    }
  }
}

extension Graph {
  /// The layer at the end, if there is one: a structure may end with a sum.
  var lastLayer: (any Layer)? { nodes.last?.work.layer }

  /// The initialiser that the next layer with an opinion prefers for weights that make this value; at the end of a network,
  /// Glorot's.
  func suitableInitializer(for value: Int, _ readers: [[Int]]) -> Initializer {
    guard let next = readers[value].first else { return .glorotUniform }
    if let layer = nodes[next].work.layer {
      if let preferred = layer.preferredInitializer { return preferred }
      if !layer.parameters(for: shapes[value]).isEmpty { return .glorotUniform }
    }
    return suitableInitializer(for: nodes[next].output, readers)
  }
}

extension Graph {
  /// For each node, whether nothing behind it has parameters.
  func areLastToLearn(_ readers: [[Int]]) -> [Bool] {
    var areLast = [Bool](repeating: true, count: nodes.count)
    for index in nodes.indices.reversed() {
      areLast[index] = readers[nodes[index].output].allSatisfy { reader in
        let node = nodes[reader]
        return areLast[reader] && (node.work.layer?.parameters(for: shapes[node.inputs[0]]) ?? []).isEmpty
      }
    }
    return areLast
  }
}

extension ParameterLayout {
  struct Fault: Error {
    let component: Int
    let reason: String
  }

  /// The parameters of a graph's layers, one after the other in the order of its nodes.
  fileprivate static func of(_ graph: Graph) -> Result<ParameterLayout, Fault> {
    let readers = graph.readers, isLast = graph.areLastToLearn(readers)
    var entries: [Entry] = []
    var offset = 0
    for (index, node) in graph.nodes.enumerated() {
      func fault(_ reason: String) -> Result<ParameterLayout, Fault> {
        .failure(Fault(component: node.path[0], reason: reason))
      }
      for parameter in node.work.layer?.parameters(for: graph.shapes[node.inputs[0]]) ?? [] {
        let (count, overflow) = parameter.rows.multipliedReportingOverflow(by: parameter.columns)
        let (end, tooLong) = offset.addingReportingOverflow(overflow ? 0 : count)
        if parameter.derivedWithPrevious, entries.last.map({ $0.node != index || $0.derivedWithPrevious }) ?? true {
          return fault("“\(parameter.name)” is derived with a parameter that has no derivative of its own")
        }
        guard parameter.rows > 0, parameter.columns > 0, !overflow, !tooLong, end <= maximum else {
          return fault("parameters of \(parameter.rows) × \(parameter.columns) are too many")
        }
        if let objection = parameter.factors.objection { return fault("“\(parameter.name)”: \(objection)") }
        let place = node.path.map(String.init).joined(separator: ".")
        entries.append(
          Entry(
            name: "\(place).\(parameter.name)", node: index, rows: parameter.rows, columns: parameter.columns,
            offset: offset, initializer: parameter.initializer ?? graph.suitableInitializer(for: node.output, readers),
            derivedWithPrevious: parameter.derivedWithPrevious,
            isTransposedOnTheWayBack: parameter.isTransposedOnTheWayBack, isTrained: parameter.isTrained,
            role: ParameterRole(
              rows: parameter.rows, columns: parameter.columns, kind: parameter.kind, isLast: isLast[index]),
            factors: node.groups.filter { $0.kinds.contains(parameter.kind) }.reduce(parameter.factors) {
              $0 * $1.factors
            }))
        offset = end
      }
    }
    return .success(ParameterLayout(entries: entries, count: offset))
  }
}

/// Where each parameter stands in θ.
package struct ParameterLayout: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let name: String
    /// The node of the graph whose parameter it is.
    let node: Int
    package let rows: Int
    package let columns: Int
    package let offset: Int
    package let initializer: Initializer
    let derivedWithPrevious: Bool
    let isTransposedOnTheWayBack: Bool
    /// Whether it follows a gradient; if not, it is a layer's state.
    package let isTrained: Bool
    /// What it is to the network, and factors on its rate and its weight decay.
    package let role: ParameterRole
    package let factors: LearningFactors
    package var count: Int { rows * columns }
    var block: ParameterBlock {
      ParameterBlock(
        offset: offset, rows: rows, columns: columns, derivedWithPrevious: derivedWithPrevious,
        isTransposedOnTheWayBack: isTransposedOnTheWayBack, isTrained: isTrained)
    }
    package var range: Range<Int> { offset..<offset + count }
    /// As tensor files have it: a single row is a vector.
    package var shape: [Int] { rows == 1 ? [columns] : [rows, columns] }
  }

  package let entries: [Entry]
  package let count: Int

  /// How many numbers follow a gradient.
  var trainedCount: Int { entries.reduce(0) { $0 + ($1.isTrained ? $1.count : 0) } }

  /// Where each parameter stands.
  var blocks: [ParameterBlock] { entries.map { $0.block } }

  /// Which of the parameters are a node's.
  func blocks(of node: Int) -> Range<Int> {
    let first = entries.firstIndex { $0.node >= node } ?? entries.count
    let next = entries.firstIndex { $0.node > node } ?? entries.count
    return first..<next
  }

  /// More parameters than memory holds are refused when the network is declared, not when it is trained.
  static let maximum = 1 << 40
}
