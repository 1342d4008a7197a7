public import DownhillNetwork

extension Recipe {
  /// The network for rows of a shape and for a target, of a recipe that is settled.
  ///
  /// Declared layers for images are handed rows of the shape [height, width, channels]; if they don't fit that, and do fit
  /// rows that are vectors, they are handed these. Hidden layers of the recipe's own always are.
  /// - Parameter declared: layers instead of the recipe's hidden ones. A `Linear(0)` among them becomes the output layer, as
  ///   wide as the target needs; without one, and without the last activation, the network gets them at its end.
  public func network(inputs: Shape, target: TargetEncoding, layers declared: [any Component]? = nil) -> Network {
    network(inputs: inputs, target: target, layers: declared, blocks: nil)
  }

  /// - Parameter blocks: where the columns of each form stand; nil: all are alike.
  func network(
    inputs: Shape, target: TargetEncoding, layers declared: [any Component]?, blocks: ColumnBlocks?
  ) -> Network {
    let vectors = Shape([inputs.count])
    guard let declared else {
      var layers = firstLayers(blocks) + hiddenLayers + [linear(0)]
      if parametrization == .neuralTangent {
        layers = [ParameterGroup(rate: Self.neuralTangentRate, layers: layers)]
      }
      return Network(inputs: vectors, layers: whole(layers, isDeclared: false, inputs: vectors, target: target))
    }
    func declaredNetwork(_ inputs: Shape) -> Network {
      Network(inputs: inputs, layers: whole(declared, isDeclared: true, inputs: inputs, target: target))
    }
    let network = declaredNetwork(inputs)
    if inputs == vectors || (try? network.validate()) != nil { return network }
    let flat = declaredNetwork(vectors)
    return (try? flat.validate()) != nil ? flat : network
  }

  /// Layers with an output layer and the last activation.
  private func whole(
    _ layers: [any Component], isDeclared: Bool, inputs: Shape, target: TargetEncoding
  ) -> [any Component] {
    var components = layers
    let (outputs, last) = ending(for: target)
    if let place = components.lastIndex(where: { $0.isOutputLayer }) {
      components[place] = components[place].asOutputLayer(outputs)
      if let last, !endsWith(last, components) { components.append(last) }
    } else if !isDeclared || !isWhole(components, inputs: inputs, outputs: outputs, last: last) {
      components.append(Linear(outputs))
      if let last { components.append(last) }
    }
    return components
  }

  private func endsWith(_ layer: any Layer, _ components: [any Component]) -> Bool {
    components.last.map { layer.isEqual(to: $0) } ?? false
  }

  /// Whether declared layers have the output layer already. A softmax is nothing else; a sigmoid may stand between layers.
  private func isWhole(_ components: [any Component], inputs: Shape, outputs: Int, last: (any Layer)?) -> Bool {
    guard let last, endsWith(last, components) else { return false }
    return last is Softmax || (try? Network(inputs: inputs, layers: components).outputs().count) == outputs
  }

  /// What stands before the hidden layers.
  private func firstLayers(_ blocks: ColumnBlocks?) -> [any Component] {
    var layers: [any Component] = []
    if let blocks, let columns = embedded(blocks) { layers.append(columns) }
    if scalesInputs == true { layers.append(ParameterGroup(rate: 6, decay: 6) { Scale() }) }
    return layers
  }

  /// Numbers and codes become vectors, the rest stays; nil: there is nothing to do.
  private func embedded(_ blocks: ColumnBlocks) -> (any Component)? {
    var branches: [Branch] = []
    if !blocks.numbers.isEmpty {
      switch embedding ?? .none {
      case .none: branches.append(Branch(columns: blocks.numbers))
      case .periodic(let frequencies, let outputs, let deviation):
        branches.append(
          Branch(columns: blocks.numbers) {
            ParameterGroup(rate: 0.1, decay: 0.1) {
              PeriodicEmbedding(frequencies: frequencies, outputs: outputs, deviation: deviation)
            }
          })
      }
    }
    if !blocks.categories.isEmpty { branches.append(Branch(columns: blocks.categories)) }
    if !blocks.codes.isEmpty {
      branches.append(Branch(columns: blocks.codes) { Embedding(categories: blocks.codeCounts, width: 8) })
    }
    return branches.contains { !$0.layers.isEmpty } ? Concatenate(branches: branches) : nil
  }

  private var hiddenLayers: [any Component] {
    var before: Int?
    return (layers ?? []).map { width -> [any Component] in
      var block: [any Component] = [linear(width), activationLayer]
      if let dropout, dropout > 0 { block.append(Dropout(Float(dropout))) }
      defer { before = width }
      return residual == true && before == width ? [Residual(layers: block)] : block
    }.flatMap { $0 }
  }

  /// In the neural tangent parametrization weights and biases have the factors of RealMLP on the rate, and start where the
  /// training rows are.
  private func linear(_ outputs: Int) -> any Component {
    guard parametrization == .neuralTangent else { return Linear(outputs) }
    return ParameterGroup(rate: 0.1, decay: 0, of: [.bias]) {
      Linear(outputs, parametrization: .neuralTangent, fitted: true)
    }
  }

  private var activationLayer: any Component {
    let layer = (activation ?? .relu).layer
    guard parametricActivation == true, let elementwise = layer as? any ElementwiseLayer else { return layer }
    return ParameterGroup(rate: 0.1, decay: 0.1) { ParametricActivation(elementwise) }
  }

  /// How many outputs a target takes, and the activation that they end with.
  func ending(for target: TargetEncoding) -> (outputs: Int, activation: (any Layer)?) {
    switch target {
    case .classes where loss?.isBinary == true: (1, Sigmoid())
    case .classes(let labels): (labels.count, Softmax())
    case .value: (1, nil)
    }
  }
}

extension Component {
  /// A `Linear` whose width is left to the target, or a group that ends with it.
  fileprivate var isOutputLayer: Bool {
    if let group = self as? ParameterGroup { return group.layers.last?.isOutputLayer ?? false }
    return (self as? Linear)?.outputs == 0
  }

  fileprivate func asOutputLayer(_ outputs: Int) -> any Component {
    if let group = self as? ParameterGroup {
      return ParameterGroup(
        rate: group.factors.rate, decay: group.factors.decay, of: group.kinds,
        layers: group.layers.dropLast() + group.layers.suffix(1).map { $0.asOutputLayer(outputs) })
    }
    guard let linear = self as? Linear else { return self }
    return Linear(
      outputs, bias: linear.bias, initializer: linear.initializer, parametrization: linear.parametrization,
      fitted: linear.fitted)
  }
}
