internal import DownhillCompute

/// Cross-entropy, the loss for classification: lᵢ = −Σₖ yᵢₖ log ŷᵢₖ, for a predicted distribution ŷ and a label y that
/// is a class or a distribution itself.
///
/// Behind `Softmax` it is computed from the logits z: l = log Σ exp zₖ − Σ yₖ zₖ, and ∂l/∂z = ŷ − y.
public struct CrossEntropy: Loss {
  public init() {}

  /// Below it a probability counts as it, so that log ŷ and 1 / ŷ stay finite.
  private static let smallest = Float.leastNormalMagnitude

  public func evaluate(_ pass: LossPass) -> Double {
    pass.error?.fill(0)
    var sum = 0.0
    for row in 0..<pass.prediction.rows {
      let weight = pass.weight(row)
      func add(_ label: Float, _ column: Int) {
        let probability = pass.prediction[row, column]
        let floored = probability < Self.smallest ? Self.smallest : probability
        sum -= Double(weight * label) * logarithm(Double(floored))
        pass.error?[row, column] = -pass.scale * weight * label / floored
      }
      switch pass.target {
      case .classes(let classes): add(1, classes[row])
      case .values(let target):
        for column in 0..<target.columns where target[row, column] != 0 { add(target[row, column], column) }
      }
    }
    return sum
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is Softmax ? SoftmaxCrossEntropy() : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    if last is Linear || last is Identity {
      return "cross-entropy takes probabilities, and the last layer, \(last), gives any numbers: end with Softmax()"
    }
    switch targets {
    case .classes(let codes): return LossCheck.classes(codes, below: outputs)
    case .values(let matrix): return LossCheck.columns(matrix, equal: outputs)
    }
  }

  public var description: String { "CrossEntropy()" }
}

extension Loss where Self == CrossEntropy {
  public static var crossEntropy: CrossEntropy { CrossEntropy() }
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
