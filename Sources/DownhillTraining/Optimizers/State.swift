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

  final func begin(step: Int, rate: Double) { begin(StepValues(step: step, rate: rate)) }

  final func begin(_ values: StepValues) {
    var constants = UpdateConstants(rate: values.rate)
    switch decay {
    case .none: break
    case .l2(let strength): constants.l2 = strength * values.decay
    case .decoupled(let strength): constants.shrinkage = 1 - values.rate * strength * values.decay
    }
    prepare(&constants, values)
    self.constants = constants
  }

  /// Part of a remembered vector.
  final func vector(_ index: Int, _ range: Range<Int>) -> MutableVectorView {
    MutableVectorView(base: memory[index].base + range.lowerBound, count: range.count)
  }

  func prepare(_ constants: inout UpdateConstants, _ values: StepValues) {}

  func update(_ theta: MutableVectorView, gradient: VectorView, range: Range<Int>) {
    theta.descend(constants, gradient: gradient)
  }
}
