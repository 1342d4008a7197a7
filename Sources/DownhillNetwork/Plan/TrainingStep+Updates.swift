public import DownhillCompute

/// The optimizer's part of a step.
extension TrainingStep {
  /// A block's update, and what comes before and after it while the block is in the cache.
  func update(_ index: Int, _ batch: borrowing Batch) {
    let start = updates[index].offset, count = updates[index].count
    let theta = MutableVectorView(base: self.theta.base + start, count: count)
    let gradient = MutableVectorView(base: gradientBuffer.base + start, count: count)
    if batch.gradientScale != 1 { gradient.scale(batch.gradientScale, gradient.readable) }
    if let valueBound { gradient.clip(to: valueBound) }
    let scratch = updates[index].scratch
    optimizer.update(
      UpdatePass(
        theta: theta, gradient: gradient.readable, step: batch.step,
        rate: batch.settings.rate * updates[index].factors.rate,
        decayFactor: batch.settings.decayFactor * updates[index].factors.decay,
        momentumFactor: batch.settings.momentumFactor,
        matrix: updates[index].matrix,
        scratch: MutableVectorView(base: memory.scratch.base + scratch.lowerBound, count: scratch.count),
        state: memory.state.base + start, stateStride: memory.stride, stateVectors: memory.vectors))
    if let average = memory.average {
      MutableVectorView(base: average.base + start, count: count).follow(theta.readable, share: batch.averageShare)
    }
    for piece in updates[index].pieces { transpose(piece) }
  }

  /// Σ g² over a tile's pieces, which stand one after the other in θ.
  func measure(_ tile: Int) {
    let first = pieces[pieceTiles[tile].lowerBound], last = pieces[pieceTiles[tile].upperBound - 1]
    squareSums[tile] =
      VectorView(
        base: UnsafePointer(gradientBuffer.base) + first.offset, count: last.offset + last.count - first.offset
      ).sumOfSquares
  }

  /// What the gradient is multiplied with so that its norm keeps within the bound: the tiles' sums added in their order.
  var normScale: Float {
    guard let bound = normBound else { return 1 }
    var sum = 0.0
    for tile in 0..<pieceTiles.count { sum += squareSums[tile] }
    let norm = sum.squareRoot()
    return norm > bound ? Float(bound / norm) : 1
  }

  /// All that updates remember besides θ: the optimizer's vectors, and the moving average last where there is one. With θ
  /// and the number of the next step, training goes on to the same bits. To go on, set `parameters` before this.
  public var state: [Vector] {
    get {
      memory.bases.map { base in
        var vector = Vector(count: theta.count)
        vector.uniqueBase().update(from: base, count: theta.count)
        return vector
      }
    }
    set {
      let bases = memory.bases
      precondition(
        newValue.count == bases.count && newValue.allSatisfy { $0.count == theta.count },
        "the state of another training: \(bases.count) vectors of \(theta.count) are expected")
      for (base, vector) in zip(bases, newValue) { base.update(from: vector.base, count: theta.count) }
    }
  }

  /// What to predict with: the moving average of θ where the rule asks for one, else θ.
  public var result: Parameters {
    var parameters = Parameters(layout: parameterLayout)
    copyResult(into: &parameters)
    return parameters
  }

  /// The same into memory that is there already, unless others share it.
  package func copyResult(into parameters: inout Parameters) {
    precondition(parameters.layout == parameterLayout, "parameters of another network")
    parameters.vector.uniqueBase().update(from: resultBuffer.base, count: theta.count)
  }

  var resultBuffer: AlignedBuffer { memory.average ?? theta }
}
