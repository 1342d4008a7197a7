public import DownhillCompute

/// What an optimizer is handed: a block of θ, to be changed.
public struct UpdatePass {
  /// The block, to be written.
  public let theta: MutableVectorView
  /// Its gradient.
  public let gradient: VectorView
  /// The number of the step, from 0.
  public let step: Int
  /// η: the step's learning rate with the factor that the network declares for these parameters.
  public let rate: Double
  /// What a weight decay is multiplied with for these parameters in this step; 0: they don't decay.
  public let decayFactor: Double
  /// What the optimizer's momentum (Adam's β₁) is multiplied with in this step.
  public let momentumFactor: Double
  /// Rows and columns of the parameter, where it is updated as a whole: then the block is all of it, row by row.
  public let matrix: (rows: Int, columns: Int)?
  /// Memory to work in, where the parameter is updated as a whole; what it holds is of no meaning.
  public let scratch: MutableVectorView
  let state: UnsafeMutablePointer<Float>
  let stateStride: Int
  let stateVectors: Int

  /// The block's part of a remembered vector, to be read and written.
  public func state(_ index: Int) -> MutableVectorView {
    precondition(index >= 0 && index < stateVectors, "vector \(index) of \(stateVectors) that the optimizer remembers")
    return MutableVectorView(base: state + index * stateStride, count: theta.count)
  }
}
