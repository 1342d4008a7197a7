internal import CKernels

/// The constants of one update, in the papers' notation: rate η, momentum α; for Adam β₁, β₂ and ε. Worked out in
/// Double: 1 − β₂ would lose five of its digits in Float.
public struct UpdateConstants: Sendable {
  /// The learning rate η.
  public var rate: Double
  /// α, or Adam's β₁.
  public var momentum = 0.0
  /// Adam's β₂, RMSprop's β.
  public var secondMoment = 0.0
  public var epsilon = 0.0
  /// λ of an L2 penalty λ/2 ‖θ‖²: λθ is added to the gradient.
  public var l2 = 0.0
  /// What θ is multiplied with before the update: 1 − ηλ for decoupled weight decay.
  public var shrinkage = 1.0
  /// 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ); NAdam multiplies m with the first.
  public var firstCorrection = 1.0
  public var secondCorrection = 1.0
  /// What NAdam multiplies g with.
  public var gradientCorrection = 0.0

  public init(rate: Double) { self.rate = rate }

  fileprivate var kernel: dh_update {
    dh_update(
      rate: Float(rate), momentum: Float(momentum), second: Float(secondMoment), momentum_rest: Float(1 - momentum),
      second_rest: Float(1 - secondMoment), epsilon: Float(epsilon), l2: Float(l2), decay: Float(shrinkage),
      first_correction: Float(firstCorrection), second_correction: Float(secondCorrection),
      gradient_correction: Float(gradientCorrection))
  }
}

/// The optimizers' loops, on a block of θ. In the formulas g is the gradient with the L2 penalty's part, λθ, and θ has
/// been multiplied with `shrinkage` before.
extension MutableVectorView {
  /// θ ← θ − ηg
  public func descend(_ constants: UpdateConstants, gradient: VectorView) {
    checkCount(gradient.count)
    var update = constants.kernel
    kernels.descend(&update, gradient.base, base, count)
  }

  /// Δθ ← αΔθ − ηg, θ ← θ + Δθ
  public func momentum(_ constants: UpdateConstants, gradient: VectorView, delta: MutableVectorView) {
    checkCount(gradient.count, delta.count)
    var update = constants.kernel
    kernels.momentum(&update, gradient.base, delta.base, base, count)
  }

  /// Δθ ← αΔθ − ηg, θ ← θ + αΔθ − ηg
  public func nesterov(_ constants: UpdateConstants, gradient: VectorView, delta: MutableVectorView) {
    checkCount(gradient.count, delta.count)
    var update = constants.kernel
    kernels.nesterov(&update, gradient.base, delta.base, base, count)
  }

  /// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η m̂ / (√v̂ + ε)
  public func adam(
    _ constants: UpdateConstants, gradient: VectorView, first: MutableVectorView, second: MutableVectorView
  ) {
    checkCount(gradient.count, first.count, second.count)
    var update = constants.kernel
    kernels.adam(&update, gradient.base, first.base, second.base, base, count)
  }

  /// s ← s + g², θ ← θ − η g / (√s + ε)
  public func adaGrad(_ constants: UpdateConstants, gradient: VectorView, squares: MutableVectorView) {
    checkCount(gradient.count, squares.count)
    var update = constants.kernel
    kernels.adagrad(&update, gradient.base, squares.base, base, count)
  }

  /// s ← βs + (1 − β)g², Δθ ← αΔθ − η g / (√s + ε), θ ← θ + Δθ
  /// - Parameter delta: nil: without momentum.
  public func rmsProp(
    _ constants: UpdateConstants, gradient: VectorView, squares: MutableVectorView, delta: MutableVectorView?
  ) {
    checkCount(gradient.count, squares.count, delta?.count)
    var update = constants.kernel
    kernels.rmsprop(&update, gradient.base, squares.base, delta?.base, base, count)
  }

  /// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η (c m + d g) / (√v̂ + ε), with c the first correction and d the
  /// gradient's
  public func nAdam(
    _ constants: UpdateConstants, gradient: VectorView, first: MutableVectorView, second: MutableVectorView
  ) {
    checkCount(gradient.count, first.count, second.count)
    var update = constants.kernel
    kernels.nadam(&update, gradient.base, first.base, second.base, base, count)
  }

  /// θ ← θ − η sign(β₁m + (1 − β₁)g), m ← β₂m + (1 − β₂)g
  public func lion(_ constants: UpdateConstants, gradient: VectorView, mean: MutableVectorView) {
    checkCount(gradient.count, mean.count)
    var update = constants.kernel
    kernels.lion(&update, gradient.base, mean.base, base, count)
  }

  private func checkCount(_ a: Int, _ b: Int? = nil, _ c: Int? = nil) {
    precondition(
      a == count && (b ?? count) == count && (c ?? count) == count, "vectors of one length are expected, \(count)")
  }
}
