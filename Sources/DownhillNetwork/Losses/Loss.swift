public import DownhillCompute

/// One number that says how bad predictions are, as a weighted mean over rows, and its derivative.
///
/// L = Σᵢ wᵢ lᵢ / Σᵢ wᵢ over the rows of a batch, with lᵢ what this loss says of row i alone.
public protocol Loss: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The sum of wᵢ lᵢ over the rows of the pass, in Double; and, where the pass has an `error`, writes there
  /// ∂L/∂predictionᵢ = scale · wᵢ · ∂lᵢ/∂predictionᵢ.
  func evaluate(_ pass: LossPass) -> Double

  /// The same loss computed from the *input* of a network's last layer, where the two together are simpler and more
  /// stable than one after the other; nil where they are not.
  func fused(with last: any Layer) -> (any Loss)?

  /// What is wrong with using this loss behind such a last layer, for such targets; nil: nothing.
  func objection(outputs: Int, last: any Layer, targets: Targets) -> String?
}

extension Loss {
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
  /// 1 / Σ wᵢ over the whole batch.
  public let scale: Float
  let weights: UnsafePointer<Float>?

  /// wᵢ
  public func weight(_ row: Int) -> Float {
    precondition(row >= 0 && row < prediction.rows, "row \(row) of \(prediction.rows)")
    return weights.map { $0[row] } ?? 1
  }
}

/// Objections that several losses share.
enum LossCheck {
  static func classes(_ codes: [Int32], below count: Int) -> String? {
    guard let row = codes.firstIndex(where: { $0 < 0 || $0 >= count }) else { return nil }
    return "the class of sample \(row) is \(codes[row]); with \(count) outputs classes run from 0 to \(count - 1)"
  }

  static func columns(_ matrix: Matrix, equal outputs: Int) -> String? {
    matrix.columns == outputs
      ? nil : "the targets have \(matrix.columns) columns and the network has \(outputs) outputs"
  }
}
