internal import CKernels

/// The constants of one update, in the article's notation: rate η, momentum α; for Adam β₁, β₂ and ε. Worked out in
/// Double: 1 − β₂ would lose five of its digits in Float.
public struct UpdateConstants: Sendable {
  /// The learning rate η.
  public var rate: Double
  /// α, or Adam's β₁.
  public var momentum = 0.0
  /// Adam's β₂.
  public var secondMoment = 0.0
  public var epsilon = 0.0
  /// λ of an L2 penalty λ/2 ‖θ‖²: λθ is added to the gradient.
  public var l2 = 0.0
  /// What θ is multiplied with before the update: 1 − ηλ for decoupled weight decay.
  public var shrinkage = 1.0
  /// 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ).
  public var firstCorrection = 1.0
  public var secondCorrection = 1.0

  public init(rate: Double) { self.rate = rate }

  fileprivate var kernel: dh_update {
    dh_update(
      rate: Float(rate), momentum: Float(momentum), second: Float(secondMoment), momentum_rest: Float(1 - momentum),
      second_rest: Float(1 - secondMoment), epsilon: Float(epsilon), l2: Float(l2), decay: Float(shrinkage),
      first_correction: Float(firstCorrection), second_correction: Float(secondCorrection))
  }
}

/// A run of floats inside a vector, to write: an optimizer's view of a block of θ or of its state.
public struct MutableVectorView {
  package let base: UnsafeMutablePointer<Float>
  public let count: Int

  package init(base: UnsafeMutablePointer<Float>, count: Int) {
    self.base = base
    self.count = count
  }

  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      return base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "index \(index) of \(count)")
      base[index] = newValue
    }
  }

  /// θ ← θ − η(g + λθ)
  public func descend(_ constants: UpdateConstants, gradient: VectorView) {
    checkCount(gradient.count)
    var update = constants.kernel
    kernels.descend(&update, gradient.base, base, count)
  }

  /// Δθ ← αΔθ − η(g + λθ), θ ← θ + Δθ
  public func momentum(_ constants: UpdateConstants, gradient: VectorView, delta: MutableVectorView) {
    checkCount(gradient.count, delta.count)
    var update = constants.kernel
    kernels.momentum(&update, gradient.base, delta.base, base, count)
  }

  /// Δθ ← αΔθ − η(g + λθ), θ ← θ + αΔθ − η(g + λθ)
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

  private func checkCount(_ a: Int, _ b: Int? = nil, _ c: Int? = nil) {
    precondition(
      a == count && (b ?? count) == count && (c ?? count) == count, "vectors of one length are expected, \(count)")
  }
}

/// A run of floats inside a vector, to read.
public struct VectorView {
  package let base: UnsafePointer<Float>
  public let count: Int

  package init(base: UnsafePointer<Float>, count: Int) {
    self.base = base
    self.count = count
  }

  public subscript(index: Int) -> Float {
    precondition(index >= 0 && index < count, "index \(index) of \(count)")
    return base[index]
  }

  /// Whether no element is infinite or not a number.
  package var areFinite: Bool {
    // Without a branch, so that it vectorises: one more in an exponent that is full carries into the sign's place.
    var carries: UInt32 = 0
    for element in UnsafeBufferPointer(start: base, count: count) {
      carries |= (element.magnitude.bitPattern &+ Float.leastNormalMagnitude.bitPattern)
    }
    return carries >> 31 == 0
  }
}
