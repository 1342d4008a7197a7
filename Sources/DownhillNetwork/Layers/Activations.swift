public import DownhillCompute

/// A layer that applies one function of one number to each element.
///
/// It has no parameters, hence one derivative only: ∂L/∂x = ∂L/∂y ⊙ f′. Where f′ can't be read off the output, `forward`
/// works it out beside f, which costs little, and keeps it instead of the input. So the layer always runs in place.
public protocol ElementwiseLayer: Layer {
  var function: Elementwise { get }
}

extension ElementwiseLayer {
  public func outputShape(for input: Shape) throws(LayerError) -> Shape { input }

  public func keptPerRow(for input: Shape) -> Int { function.derivativeReadsOutput ? 0 : input.count }

  public func forward(_ pass: ForwardPass) {
    pass.output.apply(function, to: pass.input, derivative: pass.kept.columns > 0 ? pass.kept : nil)
  }

  public func inputDerivative(_ pass: InputDerivativePass) {
    if function.derivativeReadsOutput {
      pass.inputError.applyDerivative(of: function, reference: pass.output, outputError: pass.outputError)
    } else {
      pass.inputError.multiply(pass.outputError, pass.kept)
    }
  }

  public var inputDerivativeReads: LayerReads { function.derivativeReadsOutput ? [.output] : [] }
  public var runsInPlace: Bool { true }
  public var description: String { "\(Self.kind)()" }
}

/// f(x) = x
public struct Identity: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .identity }
  public var inputDerivativeReads: LayerReads { [] }
}

/// f(x) = max(x, 0); f′ = 1 where x > 0, else 0.
public struct ReLU: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .relu }
  public var preferredInitializer: Initializer? { .heNormal }
}

/// f(x) = x where x > 0, else slope · x (Maas et al., 2013). The slope must be above 0, or its sign could not be read
/// off the output; `ReLU` is the case 0.
public struct LeakyReLU: ElementwiseLayer {
  public let slope: Float
  public init(slope: Float = 0.01) { self.slope = slope }
  public var function: Elementwise { .leakyReLU(slope: slope) }
  public var preferredInitializer: Initializer? { .heNormal }
  public var description: String { "LeakyReLU(slope: \(slope))" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard slope > 0, slope.isFinite else { throw LayerError("LeakyReLU needs a slope above 0, not \(slope)") }
    return input
  }
}

/// f(x) = x where x > 0, else α (eˣ − 1), α > 0 (Clevert et al., 2016).
public struct ELU: ElementwiseLayer {
  public let alpha: Float
  public init(alpha: Float = 1) { self.alpha = alpha }
  public var function: Elementwise { .elu(alpha: alpha) }
  public var preferredInitializer: Initializer? { .heNormal }
  public var description: String { "ELU(alpha: \(alpha))" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard alpha > 0, alpha.isFinite else { throw LayerError("ELU needs an α above 0, not \(alpha)") }
    return input
  }
}

/// f(x) = λ x where x > 0, else λ α (eˣ − 1), with λ and α such that mean 0 and variance 1 are a fixed point
/// (Klambauer et al., 2017).
public struct SELU: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .selu }
  public var preferredInitializer: Initializer? { .lecunNormal }
}

/// f(x) = 1 / (1 + e⁻ˣ); f′ = f (1 − f).
public struct Sigmoid: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .sigmoid }
  public var preferredInitializer: Initializer? { .glorotUniform }
}

/// f(x) = tanh x; f′ = 1 − f².
public struct Tanh: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .tanh }
  public var preferredInitializer: Initializer? { .glorotUniform }
}

/// f(x) = x Φ(x), Φ the distribution function of the standard normal, by the error function (Hendrycks and Gimpel,
/// 2016); f′ = Φ(x) + x φ(x).
public struct GELU: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .gelu }
  public var preferredInitializer: Initializer? { .heNormal }
}

/// f(x) = x σ(x), σ the sigmoid, also called Swish (Elfwing et al., 2018); f′ = σ (1 + x (1 − σ)).
public struct SiLU: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .silu }
  public var preferredInitializer: Initializer? { .heNormal }
}

/// f(x) = x tanh(log(1 + eˣ)) (Misra, 2019).
public struct Mish: ElementwiseLayer {
  public init() {}
  public var function: Elementwise { .mish }
  public var preferredInitializer: Initializer? { .heNormal }
}

/// f(x) = log(1 + e^βx) / β: max(x, 0) with a smooth bend, the sharper the larger β > 0 (Dugas et al., 2001);
/// f′ = 1 − e^−βf.
public struct Softplus: ElementwiseLayer {
  public let beta: Float
  public init(beta: Float = 1) { self.beta = beta }
  public var function: Elementwise { .softplus(beta: beta) }
  public var preferredInitializer: Initializer? { .heNormal }
  public var description: String { beta == 1 ? "Softplus()" : "Softplus(beta: \(beta))" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard beta > 0, beta.isFinite else { throw LayerError("Softplus needs a β above 0, not \(beta)") }
    return input
  }
}

/// f(x) = x, held within two bounds; f′ = 1 between them, else 0. With the bounds 0 and 6 it is ReLU6.
public struct HardTanh: ElementwiseLayer {
  public let low: Float
  public let high: Float

  public init(low: Float = -1, high: Float = 1) {
    self.low = low
    self.high = high
  }

  public var function: Elementwise { .hardTanh(low: low, high: high) }
  public var preferredInitializer: Initializer? { .glorotUniform }
  public var description: String { low == -1 && high == 1 ? "HardTanh()" : "HardTanh(low: \(low), high: \(high))" }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard low < high, low.isFinite, high.isFinite else {
      throw LayerError("HardTanh needs two bounds, the lower one first, not \(low) and \(high)")
    }
    return input
  }
}
