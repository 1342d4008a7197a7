internal import DownhillCompute

/// A vector function with up to two derivatives: one piece of the composition that a network is.
///
/// A layer is a plain value that says *what* it computes; the memory it works in belongs to the plan and is handed to
/// it as views. Its three methods run on many threads at once, each on rows or parameters of its own, and must depend
/// on what they are handed alone.
///
/// Backpropagation needs two kinds of derivative, and they are two methods because they run along two different axes
/// of the batch: `inputDerivative` carries the error back to the layer before, row by row; `parameterDerivative` gives
/// this layer's part of ∇θ, summed over all rows. A layer without parameters has only the first.
///
/// Everything but `outputShape`, `forward` and `inputDerivative` has a default. `checkDerivatives(of:)` tells whether
/// the two derivatives are right.
public protocol Layer: Component {
  /// The shape of an output row, given that of an input row.
  /// - Throws: `LayerError` saying what is wrong with this layer or with this input.
  func outputShape(for input: Shape) throws(LayerError) -> Shape

  /// The parameters, in the order in which they stand in θ.
  func parameters(for input: Shape) -> [ParameterDeclaration]

  /// Numbers per row that `forward` leaves for the derivatives, besides input and output.
  func keptPerRow(for input: Shape) -> Int

  /// Numbers that `forward` leaves of the whole batch, its statistics, for the derivatives and for `updateState`. Only for
  /// a layer that sees the whole batch, by its `rowCoupling`.
  func keptPerBatch(for input: Shape) -> Int

  /// Multiply-adds that `forward` spends on a row, about: tiles are sized by it.
  func multiplicationsPerRow(for input: Shape) -> Int

  /// f(input) → output, for some rows of the batch.
  func forward(_ pass: ForwardPass)

  /// ∂L/∂output → ∂L/∂input, for some rows of the batch.
  func inputDerivative(_ pass: InputDerivativePass)

  /// ∂L/∂(some rows of one parameter), summed over the rows of the batch that the pass holds.
  func parameterDerivative(_ pass: ParameterDerivativePass)

  /// Writes one of the layer's parameters that are not trained, once a step, when no `forward` runs.
  func updateState(_ pass: StateUpdatePass)

  /// Changes the first parameters to suit rows that reach this layer, where training has them and `fitsParameters`.
  func fitParameters(_ pass: FittingPass)

  /// Whether the first parameters depend on data; see `Network.initialParameters(seed:inputs:)`.
  var fitsParameters: Bool { get }

  /// Whether `forward` applies `ForwardPass.activation` to its output, while that is at hand.
  var fusesActivation: Bool { get }

  /// Which of its input and output `inputDerivative` reads. What nobody reads is not kept.
  var inputDerivativeReads: LayerReads { get }

  /// Which of its input, output and parameters `parameterDerivative` reads.
  var parameterDerivativeReads: LayerReads { get }

  /// Whether output may be the very memory of input, and ∂L/∂input that of ∂L/∂output.
  var runsInPlace: Bool { get }

  /// Whether a row's output depends on that row alone, or on all rows of the batch (batch statistics).
  var rowCoupling: RowCoupling { get }

  /// Along which axis `parameterDerivative` is cut into tiles.
  var gradientCut: GradientCut { get }

  /// The initialiser that suits weights whose products go into this layer; nil for a layer that doesn't care.
  var preferredInitializer: Initializer? { get }
}

/// What a derivative reads besides the error.
public struct LayerReads: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let input = LayerReads(rawValue: 1)
  public static let output = LayerReads(rawValue: 2)
  /// The layer's own parameters: no parameter is updated then before all derivatives are taken. Only
  /// `parameterDerivative` has to say so.
  public static let parameters = LayerReads(rawValue: 4)
}

/// How the rows of a batch depend on each other inside a layer.
public enum RowCoupling: Sendable {
  /// Each row on its own: rows are cut into tiles that run all the way down and back without waiting.
  case rowByRow
  /// All rows at once: a meeting point; the layer's forward and input derivative see the whole batch.
  case wholeBatch
}

/// The axis along which the derivative with respect to parameters is cut.
public enum GradientCut: Sendable {
  /// Tiles of parameters, each of which sees all rows of the batch: for large matrices.
  case byParameters
  /// Tiles of rows, each of which sees all parameters; the parts are added in the order of the tiles. For few
  /// parameters and heavy rows (convolution kernels, scales).
  case byRows
}

extension Layer {
  public func parameters(for input: Shape) -> [ParameterDeclaration] { [] }
  public func keptPerRow(for input: Shape) -> Int { 0 }
  public func keptPerBatch(for input: Shape) -> Int { 0 }
  public func multiplicationsPerRow(for input: Shape) -> Int {
    parameters(for: input).reduce(0) { $0 + $1.rows * $1.columns }
  }
  public func parameterDerivative(_ pass: ParameterDerivativePass) {}
  public func updateState(_ pass: StateUpdatePass) {}
  public func fitParameters(_ pass: FittingPass) {}
  public var fitsParameters: Bool { false }
  public var fusesActivation: Bool { false }
  public var inputDerivativeReads: LayerReads { [.input, .output] }
  public var parameterDerivativeReads: LayerReads { [.input] }
  public var runsInPlace: Bool { false }
  public var rowCoupling: RowCoupling { .rowByRow }
  public var gradientCut: GradientCut { .byParameters }
  public var preferredInitializer: Initializer? { nil }
}

/// A layer, or a structure of layers, that can't be what it was asked to be.
public struct LayerError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
  /// Whether the description says which part of a structure it is about.
  let isPlaced: Bool

  public init(_ description: String) { self.init(description, isPlaced: false) }

  private init(_ description: String, isPlaced: Bool) {
    self.description = description
    self.isPlaced = isPlaced
  }

  func placed(at part: String) -> LayerError { LayerError("\(part): \(description)", isPlaced: true) }
}
