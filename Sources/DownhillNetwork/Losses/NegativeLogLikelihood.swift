internal import DownhillCompute

/// lᵢ = −Σₖ yᵢₖ ŷᵢₖ, for predicted logarithms of probabilities ŷ and a label y that is a class or a distribution: what
/// cross-entropy is to probabilities.
///
/// Behind `LogSoftmax` it is computed from the logits, exactly as `CrossEntropy` behind `Softmax`.
public struct NegativeLogLikelihood: Loss {
  public init() {}

  public func evaluate(_ pass: LossPass) -> Double {
    pass.error?.fill(0)
    var sum = 0.0
    for row in 0..<pass.prediction.rows {
      let weight = pass.weight(row)
      func add(_ label: Float, _ column: Int) {
        sum -= Double(weight * label) * Double(pass.prediction[row, column])
        pass.error?[row, column] = -pass.scale * weight * label
      }
      switch pass.target {
      case .classes(let classes): add(1, classes[row])
      case .values(let target):
        for column in 0..<target.columns where target[row, column] != 0 { add(target[row, column], column) }
      }
    }
    return sum
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is LogSoftmax ? SoftmaxCrossEntropy() : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    if last is Softmax || last is Linear || last is Identity {
      return "negative log-likelihood takes logarithms of probabilities, and the last layer, \(last), gives none: "
        + "end with LogSoftmax()"
    }
    switch targets {
    case .classes(let codes): return LossCheck.classes(codes, below: outputs)
    case .values(let matrix): return LossCheck.columns(matrix, equal: outputs)
    }
  }

  public var description: String { "NegativeLogLikelihood()" }
}

extension Loss where Self == NegativeLogLikelihood {
  public static var negativeLogLikelihood: NegativeLogLikelihood { NegativeLogLikelihood() }
}
