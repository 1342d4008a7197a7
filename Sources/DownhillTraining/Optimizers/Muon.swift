internal import DownhillCompute
public import DownhillNetwork

/// Momentum whose steps are made orthogonal, for the matrices of hidden layers: no direction of a matrix is left behind by
/// others that get larger gradients (Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024).
///
///     M ← αM + (1 − α)G,   U = αM + (1 − α)G,   W ← W − η · 0.2 √max(rows, columns) · UVᵀ(U)
///
/// where UVᵀ(U), all of whose singular values are about 1, comes from five steps of a Newton-Schulz iteration. The factor
/// gives steps the size of AdamW's (Liu et al., "Muon is scalable for LLM training", 2025), so that one rate suits all
/// parameters: those that are no hidden matrix (biases, the last layer, embeddings) are updated by `others`.
///
/// Each matrix is updated as a whole by one thread, at some fifteen products of its size: it pays where batches are larger
/// than layers are wide.
public struct Muon: Optimizer {
  /// α, at least 0 and below 1.
  public var momentum: Double
  public var weightDecay: WeightDecay
  /// For all other parameters.
  public var others: Adam

  /// - Parameter others: nil: Adam with the same weight decay.
  public init(_ momentum: Double = 0.95, weightDecay: WeightDecay = .none, others: Adam? = nil) {
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.others = others ?? Adam(weightDecay: weightDecay)
  }

  public var stateVectors: Int { 2 }

  public func scratchOfWholeUpdate(of parameter: ParameterRole) -> Int? {
    parameter.isHiddenMatrix ? Orthogonalization.scratch(rows: parameter.rows, columns: parameter.columns) : nil
  }

  public func update(_ pass: UpdatePass) {
    guard let (rows, columns) = pass.matrix else { return others.update(pass, beta1: others.beta1) }
    let constants = UpdateConstants(pass, weightDecay), momentum = self.momentum * pass.momentumFactor
    // Without a second moment of its own, a matrix has the second vector's memory for its direction.
    let mean = pass.state(0), direction = pass.state(1)
    direction.scale(1, pass.gradient)
    if constants.l2 != 0 { direction.addScaled(Float(constants.l2), pass.theta.readable) }
    mean.scale(Float(momentum), mean.readable)
    mean.addScaled(Float(1 - momentum), direction.readable)
    direction.scale(Float(1 - momentum), direction.readable)
    direction.addScaled(Float(momentum), mean.readable)
    let orthogonal = Orthogonalization(rows: rows, columns: columns, scratch: pass.scratch)
    orthogonal.run(direction.matrix(rows: rows, columns: columns))
    if constants.shrinkage != 1 { pass.theta.scale(Float(constants.shrinkage), pass.theta.readable) }
    let step = pass.rate * 0.2 * Double(max(rows, columns)).squareRoot()
    pass.theta.addScaled(-Float(step), direction.readable)
  }

  public var objection: String? {
    shareObjection("Muon", ("momentum", momentum)) ?? weightDecay.objection ?? others.objection
  }

  public var description: String {
    let other = others == Adam(weightDecay: weightDecay) ? "" : "others: \(others)"
    return "Muon(\(arguments("\(momentum)", weightDecay.argument, other)))"
  }
}
