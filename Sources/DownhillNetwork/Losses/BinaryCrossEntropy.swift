internal import DownhillCompute

/// Binary cross-entropy, for outputs that are probabilities of yes or no each, any number of which may be yes (multi-label):
/// lᵢ = −(1/K) Σₖ (pₖ yᵢₖ log ŷᵢₖ + (1 − yᵢₖ) log(1 − ŷᵢₖ)), the mean over the K outputs. pₖ, 1 unless given, weighs the yes of
/// an output, as PyTorch's `pos_weight` does: where yes is rare, (rows with no) / (rows with yes) makes both count the same.
/// With one output, targets may be the classes 0 and 1.
///
/// Behind `Sigmoid` it is computed from the logits z: with p = 1, l = max(z, 0) − zy + log(1 + exp −|z|), and ∂l/∂z = ŷ − y.
public struct BinaryCrossEntropy: Loss {
  public static var kind: String { "binary-cross-entropy" }
  /// pₖ, one an output; empty: all 1.
  public let positiveWeights: [Float]

  public init(positiveWeights: [Float] = []) { self.positiveWeights = positiveWeights }

  public func evaluate(_ pass: LossPass) -> Double {
    forEachOutput(pass) { probability, label, column in
      let yes = max(probability, CrossEntropy.smallest), no = max(1 - probability, CrossEntropy.smallest)
      let positive = positiveWeights.isEmpty ? label : label * positiveWeights[column]
      let loss = -Double(positive) * logarithm(Double(yes)) - Double(1 - label) * logarithm(Double(no))
      return (loss, (1 - label) / no - positive / yes)
    }
  }

  public func fused(with last: any Layer) -> (any Loss)? {
    guard last is Sigmoid else { return nil }
    return positiveWeights.isEmpty
      ? SigmoidCrossEntropy() : SigmoidElementLoss(loss: .weighted(positiveWeights))
  }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    LossCheck.probabilities(last, loss: "binary cross-entropy", end: "Sigmoid()")
      ?? LossCheck.weights(positiveWeights, of: "outputs", count: outputs)
      ?? LossCheck.answers(targets, outputs: outputs, loss: "binary cross-entropy")
  }

  public var description: String {
    "BinaryCrossEntropy(\(positiveWeights.isEmpty ? "" : "positiveWeights: \(positiveWeights)"))"
  }
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

/// Other losses of the sigmoid of their prediction, from the logits.
struct SigmoidElementLoss: Loss {
  enum Kind: Sendable, Codable, Equatable {
    case weighted([Float])
    case focal(gamma: Float, alpha: Float)

    var element: ElementLoss {
      switch self {
      case .weighted(let weights): .weightedBinary(positiveWeights: weights)
      case .focal(let gamma, let alpha): .focalBinary(gamma: gamma, alpha: alpha)
      }
    }
  }

  let loss: Kind

  func evaluate(_ pass: LossPass) -> Double {
    pass.prediction.elementLoss(
      loss.element, labels: pass.labels, weights: pass.weights, scale: pass.scale, error: pass.error)
  }

  var description: String { "SigmoidElementLoss(\(loss))" }
}

/// Sums weighted means over outputs, and writes the derivatives.
func forEachOutput(
  _ pass: LossPass,
  _ loss: (_ prediction: Float, _ label: Float, _ column: Int) -> (value: Double, derivative: Float)
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
      let (value, derivative) = loss(pass.prediction[row, column], label, column)
      sum += Double(weight) * value / Double(outputs)
      pass.error?[row, column] = factor * derivative
    }
  }
  return sum
}
