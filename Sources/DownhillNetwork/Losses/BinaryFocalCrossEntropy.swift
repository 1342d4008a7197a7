internal import DownhillCompute

/// Binary cross-entropy that looks at what is still wrong, for outputs that are probabilities of yes or no each:
/// lᵢ = −(1/K) Σₖ a (1 − p)ᵞ log p, with p the probability given to the right answer, and a = α where that is yes, 1 − α where it is
/// no (Lin et al., "Focal loss for dense object detection", 2017). Without α, a is 1.
///
/// Targets between 0 and 1 take the right answer's probability and a in these shares, as torchvision's `sigmoid_focal_loss` does.
/// With one output, targets may be the classes 0 and 1. Behind `Sigmoid` it is computed from the logits.
public struct BinaryFocalCrossEntropy: Loss {
  public static var kind: String { "binary-focal" }
  /// γ, at least 0.
  public let gamma: Float
  /// α, from 0 to 1; nil: yes and no count the same.
  public let alpha: Float?

  public init(gamma: Float = 2, alpha: Float? = nil) {
    self.gamma = gamma
    self.alpha = alpha
  }

  public func evaluate(_ pass: LossPass) -> Double {
    forEachOutput(pass) { probability, label, _ in
      let yes = max(probability, CrossEntropy.smallest), no = max(1 - probability, CrossEntropy.smallest)
      let (y, p, q) = (Double(label), Double(yes), Double(no))
      let share = alpha.map { Double($0) * y + (1 - Double($0)) * (1 - y) } ?? 1
      let other = max(y * q + (1 - y) * p, 0x1p-126), raised = share * power(other, Double(gamma))
      let loss = -y * logarithm(p) - (1 - y) * logarithm(q)
      let bend = Double(gamma) * (1 - 2 * y) / other * loss
      return (raised * loss, Float(raised * ((1 - y) / q - y / p + bend)))
    }
  }

  public func fused(with last: any Layer) -> (any Loss)? {
    last is Sigmoid ? SigmoidElementLoss(loss: .focal(gamma: gamma, alpha: alpha ?? -1)) : nil
  }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    guard gamma >= 0, gamma.isFinite else { return "the focal loss's γ is at least 0, not \(gamma)" }
    if let alpha, !(alpha >= 0 && alpha <= 1) { return "the focal loss's α is from 0 to 1, not \(alpha)" }
    return LossCheck.probabilities(last, loss: "the focal loss", end: "Sigmoid()")
      ?? LossCheck.answers(targets, outputs: outputs, loss: "the focal loss")
  }

  public var description: String {
    "BinaryFocalCrossEntropy(gamma: \(gamma)\(alpha.map { ", alpha: \($0)" } ?? ""))"
  }
}

extension Loss where Self == BinaryFocalCrossEntropy {
  public static func binaryFocalCrossEntropy(gamma: Float = 2, alpha: Float? = nil) -> BinaryFocalCrossEntropy {
    BinaryFocalCrossEntropy(gamma: gamma, alpha: alpha)
  }
}

extension BinaryFocalCrossEntropy {
  private enum CodingKeys: CodingKey { case gamma, alpha }

  /// Also says that there is no α, so that every setting has its place in a file.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(gamma, forKey: .gamma)
    try container.encode(alpha, forKey: .alpha)
  }
}
