import CKernels
import DownhillCompute

/// One compilation of the loops. Every test of a loop runs over all that this processor can execute.
enum Compilation: String, CaseIterable, Sendable {
  case portable, portableWide, avx2, avx512

  private var table: UnsafePointer<dh_kernels>? {
    switch self {
    case .portable: dh_kernels_for(dh_portable)
    case .portableWide: dh_kernels_for(dh_portable_wide)
    case .avx2: dh_kernels_for(dh_avx2)
    case .avx512: dh_kernels_for(dh_avx512)
    }
  }

  var kernels: dh_kernels { table!.pointee }

  static let available = allCases.filter { $0.table != nil }
}

/// Runs `body` with room for packed operands.
func withScratch(_ kernels: dh_kernels, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  let memory = UnsafeMutableRawPointer.allocate(byteCount: kernels.product_scratch * 4, alignment: 64)
  defer { memory.deallocate() }
  body(memory.bindMemory(to: Float.self, capacity: kernels.product_scratch))
}

extension RandomStream {
  /// Uniform in −1 ..< 1.
  mutating func element() -> Float { Float(2 * uniform() - 1) }

  mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(below(UInt64(range.count)))
  }
}

extension Sequence<Float> {
  /// The elements' bits, so that NaN equals itself and −0 differs from 0.
  var bits: [UInt32] { map(\.bitPattern) }
}
