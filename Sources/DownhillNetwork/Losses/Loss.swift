public import DownhillCompute

/// One number that says how bad predictions are, as a weighted mean over rows, and its derivative.
///
/// L = Σᵢ wᵢ lᵢ / Σᵢ wᵢ cᵢ over the rows of a batch, with lᵢ what this loss says of row i alone, and cᵢ what the row counts
/// besides its weight: 1, but for losses that weigh classes (`rowCounts`).
public protocol Loss: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The name of this kind of loss in files and on command lines; by default that of the type.
  static var kind: String { get }

  /// The sum of wᵢ lᵢ over the rows of the pass, in Double; and, where the pass has an `error`, writes there
  /// ∂L/∂predictionᵢ = scale · wᵢ · ∂lᵢ/∂predictionᵢ.
  func evaluate(_ pass: LossPass) -> Double

  /// The same loss computed from the *input* of a network's last layer, where the two together are simpler and more
  /// stable than one after the other; nil where they are not.
  func fused(with last: any Layer) -> (any Loss)?

  /// What is wrong with using this loss behind such a last layer, for such targets; nil: nothing.
  func objection(outputs: Int, last: any Layer, targets: Targets) -> String?

  /// cᵢ, what each row counts in the mean besides its weight, worked out once before training; nil: all 1.
  func rowCounts(for targets: Targets) -> [Float]?
}

extension Loss {
  public static var kind: String { String(describing: Self.self) }
  public func rowCounts(for targets: Targets) -> [Float]? { nil }
  public func fused(with last: any Layer) -> (any Loss)? { nil }
  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? { nil }
}

/// What `Loss.evaluate` is handed: some rows of the batch.
public struct LossPass {
  /// rows × outputs
  public let prediction: MatrixView
  public let target: TargetView
  /// ∂L/∂prediction, to be written; nil where only the loss is asked for
  public let error: MutableMatrixView?
  /// 1 / Σ wᵢ cᵢ over the whole batch.
  public let scale: Float
  let weights: UnsafePointer<Float>?

  /// wᵢ
  public func weight(_ row: Int) -> Float {
    precondition(row >= 0 && row < prediction.rows, "row \(row) of \(prediction.rows)")
    return weights.map { $0[row] } ?? 1
  }
}

extension LossPass {
  /// The targets as loops take them.
  var labels: Labels {
    switch target {
    case .classes(let classes): .classes(classes.base)
    case .values(let values): .values(values)
    }
  }
}

/// Objections that several losses share.
enum LossCheck {
  /// Weights of classes or outputs; none are always right.
  static func weights(_ weights: [Float], of what: String, count: Int) -> String? {
    if weights.isEmpty { return nil }
    if weights.count != count { return "there are \(weights.count) weights for \(count) \(what)" }
    if let wrong = weights.first(where: { !($0 >= 0 && $0.isFinite) }) {
      return "weights of \(what) are finite and at least 0, not \(wrong)"
    }
    return weights.contains { $0 > 0 } ? nil : "the weights of the \(what) are all 0: nothing counts"
  }

  /// Targets that are numbers, a column for each output.
  static func numbers(_ targets: Targets, outputs: Int, loss: String) -> String? {
    switch targets {
    case .classes: "\(loss) takes numbers as targets, not classes"
    case .values(let matrix): columns(matrix, equal: outputs)
    }
  }

  static func probabilities(_ last: any Layer, loss: String, end: String) -> String? {
    last is Linear || last is Identity
      ? "\(loss) takes probabilities, and the last layer, \(last), gives any numbers: end with \(end)" : nil
  }

  /// Answers that are yes or no, or between: classes 0 and 1 of one output, or a column for each.
  static func answers(_ targets: Targets, outputs: Int, loss: String) -> String? {
    switch targets {
    case .classes(let codes):
      if outputs != 1 { return "\(loss) of classes takes one output, not \(outputs)" }
      return classes(codes, below: 2)
    case .values(let matrix): return columns(matrix, equal: outputs)
    }
  }

  static func classes(_ codes: [Int32], below count: Int) -> String? {
    guard let row = codes.firstIndex(where: { $0 < 0 || $0 >= count }) else { return nil }
    return "the class of sample \(row) is \(codes[row]); with \(count) outputs classes run from 0 to \(count - 1)"
  }

  static func columns(_ matrix: Matrix, equal outputs: Int) -> String? {
    matrix.columns == outputs
      ? nil : "the targets have \(matrix.columns) columns and the network has \(outputs) outputs"
  }
}
