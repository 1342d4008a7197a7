public import DownhillCompute

/// Changes parameters, given their gradient: what an optimizer does in a step.
///
/// A step cuts θ into blocks and calls `update` for each, on several threads at once, right after the block's gradient
/// is ready and still in the cache.
public protocol ParameterUpdate: AnyObject {
  /// - Parameters:
  ///   - theta: a block of θ.
  ///   - gradient: its gradient.
  ///   - range: where in θ the block stands, to find its part of vectors of the same layout.
  func update(_ theta: MutableVectorView, gradient: VectorView, range: Range<Int>)
}

/// Something done to the whole gradient before any parameter is updated: clipping by norm, a sum over machines.
public protocol GradientOperation: AnyObject {
  func apply(to gradient: MutableVectorView)
}
