internal import DownhillCompute

/// Cross-entropy that looks at what is still wrong: lᵢ = −α (1 − p)ᵞ log p, with p the probability given to the right class and α
/// the weight of that class (Lin et al., "Focal loss for dense object detection", 2017). With γ = 0 it is cross-entropy.
///
/// The mean is Σ wᵢ lᵢ / Σ wᵢ: class weights don't count in it, unlike those of `CrossEntropy`. Labels are classes. Behind
/// `Softmax` it is computed from the logits.
public struct FocalCrossEntropy: Loss {
  public static var kind: String { "focal" }
  /// γ, at least 0.
  public let gamma: Float
  /// α, one a class; empty: all 1.
  public let classWeights: [Float]

  public init(gamma: Float = 2, classWeights: [Float] = []) {
    self.gamma = gamma
    self.classWeights = classWeights
  }

  public func evaluate(_ pass: LossPass) -> Double {
    guard case .classes(let classes) = pass.target else { preconditionFailure("the focal loss takes classes") }
    pass.error?.fill(0)
    var sum = 0.0
    for row in 0..<pass.prediction.rows {
      let column = classes[row]
      let weight = pass.weight(row) * (classWeights.isEmpty ? 1 : classWeights[column])
      let probability = max(pass.prediction[row, column], CrossEntropy.smallest)
      let (value, derivative) = focus(probability, other: 1 - probability, gamma: gamma)
      sum += Double(weight) * value
      pass.error?[row, column] = pass.scale * weight * derivative
    }
    return sum
  }

  public func fused(with last: any Layer) -> (any Loss)? {
    last is Softmax ? SoftmaxFocalCrossEntropy(focus: self) : nil
  }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    guard gamma >= 0, gamma.isFinite else { return "the focal loss's γ is at least 0, not \(gamma)" }
    if let objection = LossCheck.probabilities(last, loss: "the focal loss", end: "Softmax()")
      ?? LossCheck.weights(classWeights, of: "classes", count: outputs)
    {
      return objection
    }
    switch targets {
    case .classes(let codes): return LossCheck.classes(codes, below: outputs)
    case .values: return "the focal loss takes classes as targets, not numbers"
    }
  }

  public var description: String {
    "FocalCrossEntropy(gamma: \(gamma)\(classWeights.isEmpty ? "" : ", classWeights: \(classWeights)"))"
  }
}

extension Loss where Self == FocalCrossEntropy {
  public static func focalCrossEntropy(gamma: Float = 2, classWeights: [Float] = []) -> FocalCrossEntropy {
    FocalCrossEntropy(gamma: gamma, classWeights: classWeights)
  }
}

/// −uᵞ log p and its derivative with respect to p: γ uᵞ⁻¹ log p − uᵞ / p, where u = 1 − p.
func focus(_ probability: Float, other: Float, gamma: Float) -> (value: Double, derivative: Float) {
  let (p, u, gamma) = (Double(probability), max(Double(other), 0x1p-126), Double(gamma))
  let (raised, log) = (power(u, gamma), logarithm(p))
  return (-raised * log, Float(gamma * raised / u * log - raised / p))
}

/// The focal loss of the softmax of its prediction, from the logits.
private struct SoftmaxFocalCrossEntropy: Loss {
  let focus: FocalCrossEntropy

  func evaluate(_ pass: LossPass) -> Double {
    guard case .classes(let classes) = pass.target else { preconditionFailure("the focal loss takes classes") }
    return pass.prediction.focalCrossEntropy(
      classes: classes.base, gamma: focus.gamma, classWeights: focus.classWeights, weights: pass.weights,
      scale: pass.scale, error: pass.error)
  }

  var description: String { "Softmax\(focus)" }
}
