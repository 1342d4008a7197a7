extension Network {
  /// Why the loss of given samples is not one function of θ whose gradient says all, as a minimizer takes it; nil: it is.
  package func objectionToMinimizing() throws(NetworkError) -> String? {
    let resolution = try resolved()
    for node in resolution.graph.nodes {
      switch node.work.layer {
      case let layer as Dropout where layer.probability > 0:
        return "\(layer) makes the loss another one at each step; leave it out"
      case let layer as Dropout2D where layer.probability > 0:
        return "\(layer) makes the loss another one at each step; leave it out"
      default: break
      }
    }
    if let state = resolution.layout.entries.first(where: { !$0.isTrained }) {
      return
        "“\(state.name)” is a state that follows the steps of training, as batch normalisation has it; take LayerNorm"
    }
    if let entry = resolution.layout.entries.first(where: { $0.factors != LearningFactors() }) {
      return "“\(entry.name)” has factors on rate or decay, and all parameters are moved together; leave the group out"
    }
    return nil
  }
}
