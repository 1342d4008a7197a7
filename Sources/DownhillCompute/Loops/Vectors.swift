internal import CKernels

extension MutableVectorView {
  /// x ← a y
  public func scale(_ a: Float, _ y: VectorView) {
    precondition(y.count == count, "\(y.count) floats into \(count)")
    kernels.scale(a, y.base, base, count)
  }

  /// x ← x + a y
  public func addScaled(_ a: Float, _ y: VectorView) {
    precondition(y.count == count, "\(y.count) floats into \(count)")
    kernels.add_scaled(a, y.base, base, count)
  }

  /// x ← min(max(x, −limit), limit). What is not a number stays so.
  public func clip(to limit: Float) { kernels.clip(limit, base, count) }

  /// x ← x + share (y − x): one step of a moving average of y.
  public func follow(_ y: VectorView, share: Float) {
    precondition(y.count == count, "\(y.count) floats into \(count)")
    kernels.follow(share, y.base, base, count)
  }
}

extension VectorView {
  /// Σ x y, in Double: the same bits whatever the processor.
  public func inner(_ y: VectorView) -> Double {
    precondition(y.count == count, "\(y.count) floats and \(count)")
    return kernels.inner(base, y.base, count)
  }

  /// Σ x², in Double.
  public var sumOfSquares: Double { inner(self) }
}
