public import DownhillCompute

/// A layer's parameters, as matrices, in the order of their declaration.
public struct ParameterViews {
  let base: UnsafePointer<Float>
  let blocks: UnsafePointer<ParameterBlock>
  public let count: Int
  /// The transposes that are kept.
  var transposes: UnsafePointer<Float>?

  public subscript(index: Int) -> MatrixView {
    precondition(index >= 0 && index < count, "parameter \(index) of \(count)")
    let block = blocks[index]
    return MatrixView(base: base + block.offset, rows: block.rows, columns: block.columns, rowStride: block.columns)
  }

  /// The transpose of a parameter. Where the step keeps a copy of it, that: products with it need not be prepared for each
  /// tile of rows.
  public func transposed(_ index: Int) -> MatrixView {
    precondition(index >= 0 && index < count, "parameter \(index) of \(count)")
    guard let transposes, let offset = blocks[index].transposedOffset else { return self[index].transposed }
    let (rows, columns) = (blocks[index].columns, blocks[index].rows)
    return MatrixView(
      base: transposes + offset, rows: rows, columns: columns, rowStride: blocks[index].transposedStride)
  }
}

/// Whether a forward pass is a step of training or a prediction: dropout tells them apart.
public enum PassMode: Sendable {
  case training, prediction
}

/// What `forward` is handed: some rows of the batch.
public struct ForwardPass {
  /// rows × inputs
  public let input: MatrixView
  /// rows × outputs, to be written
  public let output: MutableMatrixView
  public let parameters: ParameterViews
  /// rows × `keptPerRow`, to be written for the derivatives; no columns when predicting
  public let kept: MutableMatrixView
  /// 1 × `keptPerBatch`, to be written; no columns when predicting
  public let keptOfBatch: MutableMatrixView
  /// A function that follows, to be applied to the output; the identity unless `fusesActivation`.
  public let activation: Elementwise
  /// rows × outputs, to be written: the derivative of `activation`; nil where nobody reads it.
  public let activationDerivative: MutableMatrixView?
  public let mode: PassMode
  /// Where the first of these rows stands in the batch.
  public let firstRow: Int
  let stream: RandomStream
  let step: Int
  /// The shape of an input row, where that is an image.
  public internal(set) var image: ImageShape? = nil
  /// What the probability of dropout is multiplied with, from 0 to 1: a schedule may raise or lower it.
  public internal(set) var dropoutFactor: Float = 1

  /// Random numbers that are this layer's own in this step.
  public var random: RandomStream { stream.at(step: step) }

  /// A prediction, of which nothing is kept.
  static func predicting(
    _ input: MatrixView, into output: MutableMatrixView, _ parameters: ParameterViews,
    activation: Elementwise = .identity, firstRow: Int = 0, stream: RandomStream, image: ImageShape?
  ) -> ForwardPass {
    let nothing = MutableMatrixView(base: output.base, rows: 1, columns: 0, rowStride: 0)
    return ForwardPass(
      input: input, output: output, parameters: parameters,
      kept: MutableMatrixView(base: output.base, rows: output.rows, columns: 0, rowStride: 0), keptOfBatch: nothing,
      activation: activation, activationDerivative: nil, mode: .prediction, firstRow: firstRow, stream: stream, step: 0,
      image: image)
  }
}

/// What `inputDerivative` is handed: some rows of the batch.
public struct InputDerivativePass {
  /// rows × inputs; valid where `inputDerivativeReads` has `.input`
  public let input: MatrixView
  /// rows × outputs; valid where `inputDerivativeReads` has `.output`
  public let output: MatrixView
  public let parameters: ParameterViews
  /// rows × `keptPerRow`, as `forward` left it
  public let kept: MatrixView
  /// 1 × `keptPerBatch`, as `forward` left it
  public let keptOfBatch: MatrixView
  /// rows × outputs: ∂L/∂output
  public let outputError: MatrixView
  /// rows × inputs, to be written: ∂L/∂input
  public let inputError: MutableMatrixView
  /// Rows of the whole batch.
  public let batchRows: Int
  /// The shape of an input row, where that is an image.
  public internal(set) var image: ImageShape? = nil
}

/// What `parameterDerivative` is handed: some rows of one parameter, and the rows of the batch to sum over.
public struct ParameterDerivativePass {
  /// batch rows × inputs; valid where `parameterDerivativeReads` has `.input`
  public let input: MatrixView
  /// batch rows × outputs; valid where `parameterDerivativeReads` has `.output`
  public let output: MatrixView
  /// As `forward` had them where `parameterDerivativeReads` has `.parameters`; else some may be updated already
  public let parameters: ParameterViews
  /// batch rows × `keptPerRow`, as `forward` left it
  public let kept: MatrixView
  /// 1 × `keptPerBatch`, as `forward` left it
  public let keptOfBatch: MatrixView
  /// batch rows × outputs: ∂L/∂output
  public let outputError: MatrixView
  /// Which parameter, in the order of the declaration.
  public let parameter: Int
  /// Which of its rows.
  public let rows: Range<Int>
  /// rows.count × the parameter's columns, to be written: ∂L/∂(those rows)
  public let gradient: MutableMatrixView
  /// To be written too: the gradient of all of the next parameter, where that is `derivedWithPrevious` and the rows are
  /// the last.
  public let nextGradient: MutableMatrixView?
  /// The shape of an input row, where that is an image.
  public internal(set) var image: ImageShape? = nil
}

/// What `updateState` is handed.
public struct StateUpdatePass {
  /// Which parameter, in the order of the declaration: one that is not trained.
  public let parameter: Int
  /// The parameter, to be written.
  public let state: MutableMatrixView
  /// batch rows × inputs; valid where `parameterDerivativeReads` has `.input`, its shape always
  public let input: MatrixView
  /// 1 × `keptPerBatch`, as `forward` left it
  public let keptOfBatch: MatrixView
}
