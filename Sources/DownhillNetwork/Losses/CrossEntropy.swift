internal import DownhillCompute

/// Cross-entropy, the loss for classification: lᵢ = −Σₖ cₖ tᵢₖ log ŷᵢₖ, for a predicted distribution ŷ and a label that is a class
/// or a distribution y itself; tᵢₖ = (1 − ε) yᵢₖ + ε/K with label smoothing ε, and cₖ the weight of class k.
///
/// Behind `Softmax` it is computed from the logits z: without smoothing and weights l = log Σ exp zₖ − Σ yₖ zₖ, and
/// ∂l/∂z = ŷ − y.
///
/// With class weights the mean over rows whose labels are classes is Σ wᵢ lᵢ / Σ wᵢ c(yᵢ), as PyTorch has it: a batch counts the
/// same whatever classes are in it. For distributions it is Σ wᵢ lᵢ / Σ wᵢ, there too as in PyTorch.
///
/// Smoothing keeps logits from growing without bound (Szegedy et al., "Rethinking the Inception architecture for computer
/// vision", 2016).
public struct CrossEntropy: Loss {
  public static var kind: String { "cross-entropy" }
  /// ε, at least 0 and below 1.
  public let labelSmoothing: Float
  /// cₖ, one a class; empty: all 1.
  public let classWeights: [Float]

  public init(labelSmoothing: Float = 0, classWeights: [Float] = []) {
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  /// Below it a probability counts as it, so that log ŷ and 1 / ŷ stay finite.
  static let smallest = Float.leastNormalMagnitude

  public func evaluate(_ pass: LossPass) -> Double {
    pass.error?.fill(0)
    let outputs = pass.prediction.columns
    let everywhere = labelSmoothing / Float(outputs)
    var sum = 0.0
    for row in 0..<pass.prediction.rows {
      let weight = pass.weight(row)
      func add(_ sharp: Float, _ column: Int) {
        let label = (sharp * (1 - labelSmoothing) + everywhere) * (classWeights.isEmpty ? 1 : classWeights[column])
        if label == 0 { return }
        let probability = pass.prediction[row, column]
        let floored = probability < Self.smallest ? Self.smallest : probability
        sum -= Double(weight * label) * logarithm(Double(floored))
        pass.error?[row, column] = -pass.scale * weight * label / floored
      }
      switch pass.target {
      case .classes(let classes) where everywhere == 0: add(1, classes[row])
      case .classes(let classes): for column in 0..<outputs { add(column == classes[row] ? 1 : 0, column) }
      case .values(let target): for column in 0..<outputs { add(target[row, column], column) }
      }
    }
    return sum
  }

  public func fused(with last: any Layer) -> (any Loss)? {
    guard last is Softmax else { return nil }
    return labelSmoothing == 0 && classWeights.isEmpty ? SoftmaxCrossEntropy() : AdjustedCrossEntropy(adjustment: self)
  }

  public func rowCounts(for targets: Targets) -> [Float]? {
    guard !classWeights.isEmpty, case .classes(let classes) = targets else { return nil }
    return classes.map { classWeights[Int($0)] }
  }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    guard labelSmoothing >= 0, labelSmoothing < 1 else {
      return "label smoothing is at least 0 and below 1, not \(labelSmoothing)"
    }
    if let objection = LossCheck.probabilities(last, loss: "cross-entropy", end: "Softmax()")
      ?? LossCheck.weights(classWeights, of: "classes", count: outputs)
    {
      return objection
    }
    switch targets {
    case .classes(let codes): return LossCheck.classes(codes, below: outputs)
    case .values(let matrix): return LossCheck.columns(matrix, equal: outputs)
    }
  }

  public var description: String {
    var arguments: [String] = []
    if labelSmoothing != 0 { arguments.append("labelSmoothing: \(labelSmoothing)") }
    if !classWeights.isEmpty { arguments.append("classWeights: \(classWeights)") }
    return "CrossEntropy(\(arguments.joined(separator: ", ")))"
  }
}

extension Loss where Self == CrossEntropy {
  public static var crossEntropy: CrossEntropy { CrossEntropy() }
  public static func crossEntropy(labelSmoothing: Float = 0, classWeights: [Float] = []) -> CrossEntropy {
    CrossEntropy(labelSmoothing: labelSmoothing, classWeights: classWeights)
  }
}

/// Cross-entropy of the softmax of its prediction, from the logits.
struct SoftmaxCrossEntropy: Loss {
  func evaluate(_ pass: LossPass) -> Double {
    switch pass.target {
    case .classes(let classes):
      pass.prediction.softmaxCrossEntropy(
        classes: classes.base, weights: pass.weights, scale: pass.scale, error: pass.error)
    case .values(let target):
      pass.prediction.softmaxCrossEntropy(
        distributions: target, weights: pass.weights, scale: pass.scale, error: pass.error)
    }
  }

  var description: String { "SoftmaxCrossEntropy()" }
}

/// The same with smoothing or class weights.
private struct AdjustedCrossEntropy: Loss {
  let adjustment: CrossEntropy

  func evaluate(_ pass: LossPass) -> Double {
    pass.prediction.softmaxCrossEntropy(
      labels: pass.labels, smoothing: adjustment.labelSmoothing, classWeights: adjustment.classWeights,
      weights: pass.weights, scale: pass.scale, error: pass.error)
  }

  var description: String { "Softmax\(adjustment)" }
}
