internal import DownhillCompute
internal import DownhillNetwork

/// What the optimizers of this package have in common: vectors of θ's layout and the constants of the step.
class VectorState: OptimizerState {
  private let memory: [AlignedBuffer]
  private let decay: WeightDecay
  // Written between steps, read by all threads in one: not checked.
  @exclusivity(unchecked) private(set) var constants = UpdateConstants(rate: 0)

  /// - Parameter vectors: how many vectors of θ's layout to remember.
  init(vectors: Int, count: Int, decay: WeightDecay) {
    memory = (0..<vectors).map { _ in AlignedBuffer(count: count) }
    self.decay = decay
  }

  final func begin(step: Int, rate: Double) {
    var constants = UpdateConstants(rate: rate)
    switch decay {
    case .none: break
    case .l2(let strength): constants.l2 = strength
    case .decoupled(let strength): constants.shrinkage = 1 - rate * strength
    }
    prepare(&constants, step: step)
    self.constants = constants
  }

  final var vectors: [Vector] {
    get { memory.map { Vector(UnsafeBufferPointer(start: $0.base, count: $0.count)) } }
    set { for (buffer, vector) in zip(memory, newValue) { buffer.base.update(from: vector.base, count: buffer.count) } }
  }

  /// Part of a remembered vector.
  final func vector(_ index: Int, _ range: Range<Int>) -> MutableVectorView {
    MutableVectorView(base: memory[index].base + range.lowerBound, count: range.count)
  }

  func prepare(_ constants: inout UpdateConstants, step: Int) {}

  func update(_ theta: MutableVectorView, gradient: VectorView, range: Range<Int>) {
    theta.descend(constants, gradient: gradient)
  }
}
