public import DownhillCompute

/// An optimizer run by hand on a short θ, with gradients from anywhere.
public struct OptimizerTrial {
  public let optimizer: any Optimizer
  /// θ as it is now.
  public private(set) var theta: Vector
  /// Steps so far.
  public private(set) var steps = 0
  private var state: Vector
  private var scratch: Vector
  private let matrix: (rows: Int, columns: Int)?

  /// - Parameter role: what θ is to a network, all of it being one parameter; nil: nothing in particular.
  public init(_ optimizer: any Optimizer, theta: [Float], role: ParameterRole? = nil) {
    self.optimizer = optimizer
    self.theta = Vector(theta)
    state = Vector(count: optimizer.stateVectors * theta.count)
    let floats = role.flatMap { optimizer.scratchOfWholeUpdate(of: $0) }
    scratch = Vector(count: floats ?? 0)
    matrix = floats == nil ? nil : role.map { ($0.rows, $0.columns) }
  }

  /// One step.
  /// - Parameter blocks: how θ is cut, in the order in which blocks are updated; nil: not at all.
  public mutating func step(gradient: [Float], _ settings: UpdateSettings, blocks: [Range<Int>]? = nil) {
    precondition(gradient.count == theta.count, "\(gradient.count) elements of a gradient of \(theta.count)")
    let stride = theta.count, vectors = optimizer.stateVectors
    let gradient = Vector(gradient)
    let (base, stateBase, scratchBase) = (theta.uniqueBase(), state.uniqueBase(), scratch.uniqueBase())
    for block in blocks ?? [0..<stride] {
      optimizer.update(
        UpdatePass(
          theta: MutableVectorView(base: base, count: stride)[block],
          gradient: VectorView(base: gradient.base + block.lowerBound, count: block.count), step: steps,
          rate: settings.rate, decayFactor: settings.decayFactor, momentumFactor: settings.momentumFactor,
          matrix: matrix,
          scratch: MutableVectorView(base: scratchBase, count: scratch.count), state: stateBase + block.lowerBound,
          stateStride: stride, stateVectors: vectors))
    }
    withExtendedLifetime(gradient) {}
    steps += 1
  }
}
