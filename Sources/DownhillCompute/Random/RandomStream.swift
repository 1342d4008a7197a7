internal import CKernels

/// What a random choice is for. Streams of different purposes are independent.
public enum RandomPurpose: UInt64, Sendable {
  case initialization = 1
  case shuffle, dropout, split, check, search
  case explanation = 40
}

/// Random numbers as a pure function of (seed, purpose, index, step) and the position in the stream.
///
/// Counter-based (Philox 4×32-10; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), so that any
/// element can be had without the ones before it, and a resumed run draws what an uninterrupted one would have drawn.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private var step: (UInt32, UInt32)
  private var block: UInt64 = 0
  private var buffered: (UInt64, UInt64) = (0, 0)
  private var available = 0

  /// - Parameters:
  ///   - index: which one of its purpose: the parameter to initialise, the dropout layer, …
  ///   - step: when: the epoch or the step.
  public init(seed: UInt64, purpose: RandomPurpose, index: Int = 0, step: Int = 0) {
    // Mixed one after the other, so that neighbouring seeds and indices give unrelated keys.
    let mixed = mix(mix(mix(seed) ^ purpose.rawValue) ^ UInt64(bitPattern: Int64(index)))
    key = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    self.step = (UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32))
  }

  /// The stream of the same seed, purpose and index at another step, from its beginning.
  package func at(step: Int) -> RandomStream {
    var stream = self
    stream.step = (UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32))
    (stream.block, stream.available) = (0, 0)
    return stream
  }

  /// Goes to the number at a position, from 0: the next that `next` gives. A layer that draws numbers goes to the place
  /// of its rows first, so that they don't depend on how the batch is cut.
  public mutating func seek(to position: Int) {
    precondition(position >= 0, "position \(position)")
    (block, available) = (UInt64(position / 2), 0)
    if position % 2 == 1 { _ = next() }
  }

  /// Of the number that `next` gives, from 0.
  var position: Int { 2 * Int(block) - available }

  public mutating func next() -> UInt64 {
    if available == 0 {
      buffered = philox(
        counter: (UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), step.0, step.1), key: key)
      block += 1
      available = 2
    }
    available -= 1
    return available == 1 ? buffered.0 : buffered.1
  }

  /// Uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Standard normal (Box and Muller, 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * logarithm(1 - uniform())).squareRoot()
    return radius * cosine(2 * .pi * uniform())
  }

  /// Writes a dropout mask: each element 0 with the given probability, else 1 / (1 − probability).
  /// Element i depends on this stream's seed, purpose, index and step and on `first + i` alone.
  package func dropoutMask(_ mask: UnsafeMutablePointer<Float>, first: Int, count: Int, probability: Float) {
    withWords { key, step in kernels.dropout_mask(key, step, UInt64(first), probability, mask, count) }
  }

  /// The key and the counter's upper half, as the loops take them.
  func withWords(_ body: (_ key: UnsafePointer<UInt32>, _ step: UnsafePointer<UInt32>) -> Void) {
    withUnsafePointer(to: key) { key in
      withUnsafePointer(to: step) { step in
        key.withMemoryRebound(to: UInt32.self, capacity: 2) { key in
          step.withMemoryRebound(to: UInt32.self, capacity: 2) { step in body(key, step) }
        }
      }
    }
  }
}

extension MutableMatrixView {
  /// Each element becomes 0 with the given probability, else 1 / (1 − probability), from the stream's numbers at the
  /// element's position in a matrix whose first row here is `firstRow`.
  public func dropoutMask(probability: Float, random: RandomStream, firstRow: Int) {
    precondition(isContiguous, "a mask is contiguous")
    random.dropoutMask(base, first: firstRow * columns, count: rows * columns, probability: probability)
  }

  /// The same mask into `mask`, and x ⊙ mask into this view, in one pass. `x` may be this very view.
  public func dropout(
    _ x: MatrixView, mask: MutableMatrixView, probability: Float, random: RandomStream, firstRow: Int
  ) {
    checkShape(x)
    checkShape(mask.readable)
    let isWhole = isContiguous && x.isContiguous && mask.isContiguous
    let (runs, length) = isWhole ? (1, rows * columns) : (rows, columns)
    random.withWords { key, step in
      for run in 0..<runs {
        kernels.dropout(
          key, step, UInt64((firstRow + run) * columns), probability, x.base + run * x.rowStride,
          mask.base + run * mask.rowStride, base + run * rowStride, length)
      }
    }
  }
}

/// The finalizer of SplitMix64: a bijection of 64 bits without structure.
private func mix(_ value: UInt64) -> UInt64 {
  var z = value &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}

/// One block of the generator: 128 random bits.
package func philox(
  counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
) -> (UInt64, UInt64) {
  var counter = counter
  var key = key
  var bits: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  withUnsafeBytes(of: &counter) { counter in
    withUnsafeBytes(of: &key) { key in
      withUnsafeMutableBytes(of: &bits) { bits in
        dh_philox(
          counter.assumingMemoryBound(to: UInt32.self).baseAddress!,
          key.assumingMemoryBound(to: UInt32.self).baseAddress!,
          bits.assumingMemoryBound(to: UInt32.self).baseAddress!)
      }
    }
  }
  return (UInt64(bits.0) | UInt64(bits.1) << 32, UInt64(bits.2) | UInt64(bits.3) << 32)
}
