internal import DownhillCompute

/// The loss for counts: the network's outputs z are logarithms of means, and lᵢ = (1/K) Σₖ (exp zᵢₖ − yᵢₖ zᵢₖ), the negative
/// log-likelihood of a Poisson distribution without the part log y! that no network changes.
///
/// ∂lᵢ/∂zᵢₖ = (1/K) (exp zᵢₖ − yᵢₖ). exp z is the mean that the network predicts.
public struct Poisson: Loss {
  public static var kind: String { "poisson" }
  public init() {}

  public func evaluate(_ pass: LossPass) -> Double {
    pass.prediction.elementLoss(
      .poisson, labels: pass.labels, weights: pass.weights, scale: pass.scale, error: pass.error)
  }

  public func fused(with last: any Layer) -> (any Loss)? { last is Identity ? self : nil }

  public func objection(outputs: Int, last: any Layer, targets: Targets) -> String? {
    if case .values(let matrix) = targets, let index = matrix.elements.firstIndex(where: { $0 < 0 }) {
      return
        "Poisson's loss takes counts of at least 0, and sample \(index / matrix.columns) has \(matrix.elements[index])"
    }
    return LossCheck.numbers(targets, outputs: outputs, loss: "Poisson's loss")
  }

  public var description: String { "Poisson()" }
}

extension Loss where Self == Poisson {
  public static var poisson: Poisson { Poisson() }
}
