internal import DownhillCompute

/// y = γ ⊙ x̂ + β with x̂ = (x − mean) / √(variance + ε), mean and variance being those of a column over the batch; in
/// prediction, those that training kept (Ioffe and Szegedy, "Batch normalization", 2015). Of images, whose last dimension
/// is the channel, those of a channel over the batch and all places.
///
/// Each step of training moves what is kept: running ← (1 − momentum) · running + momentum · batch's, with the batch's
/// variance divided by n − 1 there and by n in x̂, as PyTorch does. A batch of one row has no variance and moves nothing.
///
/// Derivatives: ∂L/∂x = γ / √(variance + ε) ⊙ (g − mean g − x̂ mean(g ⊙ x̂)) with g = ∂L/∂y and means over the batch;
/// ∂L/∂γ = Σ x̂ ⊙ g; ∂L/∂β = Σ g.
public struct BatchNorm: Layer {
  /// How much of the running statistics each step replaces.
  public let momentum: Float
  public let epsilon: Float
  /// Whether there are γ and β, from 1 and 0; without them y = x̂.
  public let affine: Bool

  public init(momentum: Float = 0.1, epsilon: Float = 1e-5, affine: Bool = true) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.affine = affine
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try Normalization.check(epsilon, of: "BatchNorm")
    guard momentum >= 0, momentum <= 1 else {
      throw LayerError("BatchNorm needs a momentum of 0 to 1, not \(momentum)")
    }
    return input
  }

  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    let channels = input.dimensions.last ?? 1
    return (affine ? Normalization.scaleAndShift(columns: channels) : []) + [
      ParameterDeclaration("running_mean", rows: 1, columns: channels, initializer: .zeros, isTrained: false),
      ParameterDeclaration("running_variance", rows: 1, columns: channels, initializer: .constant(1), isTrained: false),
    ]
  }

  /// Mean and variance.
  public func keptPerBatch(for input: Shape) -> Int { 2 * (input.dimensions.last ?? 1) }
  public func multiplicationsPerRow(for input: Shape) -> Int { 4 * input.count }

  public func forward(_ pass: ForwardPass) {
    let state = affine ? 2 : 0, channels = pass.parameters[state].columns
    let (scale, shift) = affine ? (pass.parameters[0], pass.parameters[1]) : (nil, nil)
    guard pass.mode == .training else {
      // Rows of someone else's memory may have gaps between them.
      let isWhole = channels == pass.input.columns || (pass.input.isContiguous && pass.output.isContiguous)
      for start in stride(from: 0, to: pass.input.rows, by: isWhole ? pass.input.rows : 1) {
        let rows = start..<(isWhole ? pass.input.rows : start + 1)
        pass.output[rows: rows].places(channels).batchNorm(
          of: pass.input[rows: rows].places(channels), mean: pass.parameters[state],
          variance: pass.parameters[state + 1], scale: scale, shift: shift, epsilon: epsilon)
      }
      return
    }
    let input = pass.input.places(channels), moments = pass.keptOfBatch.places(channels)
    moments.columnMoments(of: input)
    pass.output.places(channels).batchNorm(
      of: input, mean: moments.readable[rows: 0..<1], variance: moments.readable[rows: 1..<2], scale: scale,
      shift: shift, epsilon: epsilon)
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    let channels = pass.keptOfBatch.columns / 2, moments = pass.keptOfBatch.places(channels)
    pass.inputError.places(channels).batchNormDerivative(
      input: pass.input.places(channels), outputError: pass.outputError.places(channels),
      mean: moments[rows: 0..<1], variance: moments[rows: 1..<2], scale: affine ? pass.parameters[0] : nil,
      epsilon: epsilon)
  }

  public func parameterDerivative(_ pass: ParameterDerivativePass) {
    guard let shift = pass.nextGradient else { return }
    let channels = pass.gradient.columns, moments = pass.keptOfBatch.places(channels)
    pass.gradient.batchNormSums(
      input: pass.input.places(channels), outputError: pass.outputError.places(channels),
      mean: moments[rows: 0..<1], variance: moments[rows: 1..<2], epsilon: epsilon, sums: shift)
  }

  public func updateState(_ pass: StateUpdatePass) {
    let channels = pass.state.columns, count = pass.input.rows * (pass.input.columns / channels)
    if count < 2 { return }
    let isMean = pass.parameter == (affine ? 2 : 0)
    let batch = pass.keptOfBatch.places(channels)[rows: isMean ? 0..<1 : 1..<2]
    pass.state.addScaled(-momentum, pass.state.readable)
    pass.state.addScaled(isMean ? momentum : momentum * Float(count) / Float(count - 1), batch)
  }

  public var inputDerivativeReads: LayerReads { [.input] }
  public var rowCoupling: RowCoupling { .wholeBatch }
  public var description: String {
    Normalization.describe(
      "BatchNorm", [(momentum, 0.1, "momentum"), (epsilon, 1e-5, "epsilon")], affine: affine)
  }
}

extension MatrixView {
  /// The same numbers with a row for each place, whose columns are the channels.
  fileprivate func places(_ channels: Int) -> MatrixView {
    if channels == columns { return self }
    precondition(isContiguous && columns % channels == 0)
    return MatrixView(base: base, rows: rows * (columns / channels), columns: channels, rowStride: channels)
  }
}

extension MutableMatrixView {
  fileprivate func places(_ channels: Int) -> MutableMatrixView {
    if channels == columns { return self }
    precondition(isContiguous && columns % channels == 0)
    return MutableMatrixView(base: base, rows: rows * (columns / channels), columns: channels, rowStride: channels)
  }
}
