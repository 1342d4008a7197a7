internal import CKernels

/// The loops in the compilation that this processor runs fastest.
let kernels = dh_kernels_best()!.pointee

/// What the loops were compiled for.
public enum InstructionSet: String, Sendable {
  case portable, avx2, avx512

  /// The one in use on this processor.
  public static var current: InstructionSet {
    switch kernels.instruction_set {
    case dh_avx512: .avx512
    case dh_avx2: .avx2
    default: .portable
    }
  }
}
