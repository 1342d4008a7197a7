internal import DownhillCompute

/// What updates remember from step to step, and the memory that they work in.
struct UpdateMemory {
  /// The optimizer's vectors one after the other.
  let state: AlignedBuffer
  let vectors: Int
  /// From one vector to the next. Vectors that are powers of two apart would drive each other out of the caches.
  let stride: Int
  /// ā
  let average: AlignedBuffer?
  let scratch: AlignedBuffer

  /// - Parameter count: the length of θ.
  init(_ rule: UpdateRule?, count: Int, scratchCount: Int) {
    vectors = rule?.optimizer.stateVectors ?? 0
    stride = roundUp(count, to: 16) + 16
    state = AlignedBuffer(count: vectors * stride)
    average = rule?.average.map { _ in AlignedBuffer(count: count) }
    scratch = AlignedBuffer(count: scratchCount)
  }

  /// Where each remembered vector begins, ā last.
  var bases: [UnsafeMutablePointer<Float>] {
    (0..<vectors).map { state.base + $0 * stride } + (average.map { [$0.base] } ?? [])
  }
}

/// What steps without a rule have: they only differentiate.
struct NoOptimizer: Optimizer {
  func update(_ pass: UpdatePass) { preconditionFailure("this step of training was made without an update rule") }
  var description: String { "NoOptimizer()" }
}
