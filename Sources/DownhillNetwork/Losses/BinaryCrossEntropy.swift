internal import DownhillCompute

/// Binary cross-entropy, for outputs that are probabilities of yes or no each:
/// lᵢ = −(1/K) Σₖ (yᵢₖ log ŷᵢₖ + (1 − yᵢₖ) log(1 − ŷᵢₖ)), the mean over the K outputs. With one output, targets may be
/// the classes 0 and 1.
///
/// Behind `Sigmoid` it is computed from the logits z: l = max(z, 0) − zy + log(1 + exp −|z|), and ∂l/∂z = ŷ − y.
public struct BinaryCrossEntropy: Loss {
  public init() {}

  /// Below it ŷ or 1 − ŷ counts as it, so that logarithms and quotients stay finite.
  private static let smallest = Float.leastNormalMagnitude

  public func evaluate(_ pass: LossPass) -> Double {
    forEachOutput(pass) { probability, label in
      let yes = max(probability, Self.smallest), no = max(1 - probability, Self.smallest)
      let loss = -Double(label) * logarithm(Double(yes)) - Double(1 - label) * logarithm(Double(no))
      return (loss, (1 - label) / no - label / yes)
    }
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is Sigmoid ? SigmoidCrossEntropy() : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    if last is Linear || last is Identity {
      return "binary cross-entropy takes probabilities, and the last layer, \(last), gives any numbers: "
        + "end with Sigmoid()"
    }
    switch targets {
    case .classes(let codes):
      if outputs != 1 { return "binary cross-entropy of classes takes one output, not \(outputs)" }
      return LossCheck.classes(codes, below: 2)
    case .values(let matrix): return LossCheck.columns(matrix, equal: outputs)
    }
  }

  public var description: String { "BinaryCrossEntropy()" }
}

extension Loss where Self == BinaryCrossEntropy {
  public static var binaryCrossEntropy: BinaryCrossEntropy { BinaryCrossEntropy() }
}

/// Binary cross-entropy of the sigmoid of its prediction, from the logits.
struct SigmoidCrossEntropy: Loss {
  func evaluate(_ pass: LossPass) -> Double {
    switch pass.target {
    case .classes(let classes):
      pass.prediction.sigmoidCrossEntropy(
        classes: classes.base, weights: pass.weights, scale: pass.scale, error: pass.error)
    case .values(let target):
      pass.prediction.sigmoidCrossEntropy(target, weights: pass.weights, scale: pass.scale, error: pass.error)
    }
  }

  var description: String { "SigmoidCrossEntropy()" }
}

/// Sums weighted means over outputs, and writes the derivatives.
private func forEachOutput(
  _ pass: LossPass, _ loss: (_ prediction: Float, _ label: Float) -> (value: Double, derivative: Float)
) -> Double {
  let outputs = pass.prediction.columns
  var sum = 0.0
  for row in 0..<pass.prediction.rows {
    let weight = pass.weight(row)
    let factor = pass.scale * weight / Float(outputs)
    for column in 0..<outputs {
      let label =
        switch pass.target {
        case .classes(let classes): Float(classes[row])
        case .values(let target): target[row, column]
        }
      let (value, derivative) = loss(pass.prediction[row, column], label)
      sum += Double(weight) * value / Double(outputs)
      pass.error?[row, column] = factor * derivative
    }
  }
  return sum
}
