internal import DownhillCompute

/// A layer run by hand in memory of its own: the whole batch or some of its rows, in place or not, with some of what
/// its derivatives might read spoilt.
final class LayerTrial {
  let layer: any Layer
  let rows: Int
  let resolution: Resolution
  let theta: Parameters
  private let blocks: [ParameterBlock]
  let input: Matrix
  let outputError: Matrix
  private let keptColumns: Int
  private let image: ImageShape?
  private let keptOfBatch: Int
  private let random = RandomStream(seed: 5, purpose: .dropout)

  init(_ layer: any Layer, inputs: Shape, rows: Int, seed: UInt64) throws(NetworkError) {
    let network = Network(inputs: inputs, layers: [layer])
    self.layer = layer
    self.rows = rows
    resolution = try network.resolved()
    blocks = resolution.layout.blocks
    theta = try network.checkParameters(seed: seed)
    keptColumns = layer.keptPerRow(for: inputs)
    image = ImageShape(inputs)
    keptOfBatch = layer.keptPerBatch(for: inputs)
    input = .normal(rows: rows, columns: inputs.count, seed: seed, index: 1)
    outputError = .normal(rows: rows, columns: resolution.shapes[1].count, seed: seed, index: 2)
  }

  /// What a run of all three methods leaves.
  struct Outcome: Equatable {
    var output: [Float]
    /// Zeros where the activation's derivative is read off the output.
    var activationDerivative: [Float]
    var inputError: [Float]
    var gradient: [Float]

    /// Bit for bit, so that NaN equals NaN and 0 is not −0.
    static func == (a: Outcome, b: Outcome) -> Bool {
      func bits(_ floats: [Float]) -> [UInt32] { floats.map(\.bitPattern) }
      return bits(a.output) == bits(b.output) && bits(a.activationDerivative) == bits(b.activationDerivative)
        && bits(a.inputError) == bits(b.inputError) && bits(a.gradient) == bits(b.gradient)
    }
  }

  struct Options {
    /// Rows of a tile, and rows of a parameter in a piece; nil: all at once.
    var rowsPerTile: Int?
    var rowsPerPiece: Int?
    var inPlace = false
    /// Whether what the layer says it doesn't read is filled with NaN before the derivatives.
    var spoilsUnread = false
    var mode = PassMode.training
    /// What `forward` is asked to apply to its output.
    var activation = Elementwise.identity
  }

  func run(_ options: Options = Options()) -> Outcome {
    let (inputs, outputs) = (input.columns, outputError.columns)
    var x = input, y = Matrix(rows: rows, columns: outputs)
    var dy = outputError, dx = Matrix(rows: rows, columns: inputs)
    var kept = Matrix(rows: rows, columns: options.mode == .training ? keptColumns : 0)
    var gradient = [Float](repeating: 0, count: theta.count)
    let (xView, dyView) = (x.mutableView(), dy.mutableView())
    let yView = options.inPlace ? xView : y.mutableView()
    let dxView = options.inPlace ? dyView : dx.mutableView()
    var batchKept = Matrix(rows: 1, columns: options.mode == .training ? keptOfBatch : 0)
    let (keptView, batchView) = (kept.mutableView(), batchKept.mutableView())
    var outcome = Outcome(output: [], activationDerivative: [], inputError: [], gradient: [])
    var derivative = Matrix(rows: rows, columns: outputs)
    let activationDerivative = derivative.mutableView()

    // With one block too many there is a base address also where there are no parameters.
    (blocks + [
      ParameterBlock(offset: 0, rows: 0, columns: 0, derivedWithPrevious: false, isTransposedOnTheWayBack: false)
    ]).withUnsafeBufferPointer {
      padded in
      let parameters = ParameterViews(base: theta.vector.base, blocks: padded.baseAddress!, count: blocks.count)
      for range in cuts(of: rows, every: options.rowsPerTile) {
        layer.forward(
          ForwardPass(
            input: xView.readable[rows: range], output: yView[rows: range], parameters: parameters,
            kept: keptView[rows: range], keptOfBatch: batchView, activation: options.activation,
            activationDerivative: options.activation.derivativeReadsOutput ? nil : activationDerivative[rows: range],
            mode: options.mode, firstRow: range.lowerBound, stream: random, step: 0, image: image))
      }
      outcome.output = elements(yView)
      outcome.activationDerivative = elements(activationDerivative)
      if options.mode == .prediction { return }

      func spoilt(_ view: MutableMatrixView, unless isRead: Bool) -> Matrix {
        var copy = Matrix(rows: view.rows, columns: view.columns)
        copy.withMutableView { if options.spoilsUnread && !isRead { $0.fill(.nan) } else { $0.copy(view.readable) } }
        return copy
      }
      let parameterReads = layer.parameterDerivativeReads, inputReads = layer.inputDerivativeReads
      let (px, py) = (
        spoilt(xView, unless: parameterReads.contains(.input)), spoilt(yView, unless: parameterReads.contains(.output))
      )
      let (ix, iy) = (
        spoilt(xView, unless: inputReads.contains(.input)), spoilt(yView, unless: inputReads.contains(.output))
      )
      for (index, block) in blocks.enumerated() where block.isTrained && !block.derivedWithPrevious {
        let next = index + 1 < blocks.count && blocks[index + 1].derivedWithPrevious ? blocks[index + 1] : nil
        for range in cuts(of: block.rows, every: options.rowsPerPiece) {
          var part = Matrix(rows: range.count, columns: block.columns)
          var nextPart = next.map { Matrix(rows: $0.rows, columns: $0.columns) }
          let isLast = range.upperBound == block.rows
          layer.parameterDerivative(
            ParameterDerivativePass(
              input: px.view, output: py.view, parameters: parameters, kept: keptView.readable,
              keptOfBatch: batchView.readable, outputError: dyView.readable, parameter: index, rows: range,
              gradient: part.mutableView(), nextGradient: isLast ? nextPart?.mutableView() : nil, image: image))
          let first = block.offset + range.lowerBound * block.columns
          gradient.replaceSubrange(first..<first + part.elements.count, with: part.elements)
          if isLast, let next, let nextPart {
            gradient.replaceSubrange(next.offset..<next.offset + next.count, with: nextPart.elements)
          }
        }
      }
      for range in cuts(of: rows, every: options.rowsPerTile) {
        layer.inputDerivative(
          InputDerivativePass(
            input: ix.view[rows: range], output: iy.view[rows: range], parameters: parameters,
            kept: keptView.readable[rows: range], keptOfBatch: batchView.readable,
            outputError: dyView.readable[rows: range], inputError: dxView[rows: range], batchRows: rows, image: image))
      }
      outcome.inputError = elements(dxView)
      outcome.gradient = gradient
    }
    withExtendedLifetime((x, y, dy, dx, kept, batchKept, derivative)) {}
    return outcome
  }

  /// Whether a run that applies a function gives that function of a run without it, and its derivative.
  func fuses(_ function: Elementwise, output: [Float]) -> Bool {
    var y = Matrix(rows: rows, columns: outputError.columns, elements: output), derivative = y
    let keeps = !function.derivativeReadsOutput
    y.mutableView().apply(function, to: y.view, derivative: keeps ? derivative.mutableView() : nil)
    let fused = run(Options(activation: function))
    return fused.output == y.elements && (!keeps || fused.activationDerivative == derivative.elements)
  }

  private func elements(_ view: MutableMatrixView) -> [Float] {
    Array(UnsafeBufferPointer(start: view.base, count: view.rows * view.columns))
  }

  private func cuts(of count: Int, every size: Int?) -> [Range<Int>] {
    guard let size else { return [0..<count] }
    return stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
  }
}
