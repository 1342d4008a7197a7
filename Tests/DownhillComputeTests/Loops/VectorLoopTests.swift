import CKernels
import DownhillCompute
import Testing

@Suite("Loops over blocks of vectors") struct VectorLoopTests {
  private static let counts = [0, 1, 5, 16, 33, 100, 1000]

  private func random(_ count: Int, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed, purpose: .check)
    return (0..<count).map { _ in random.element() }
  }

  @Test(arguments: Compilation.available)
  func scalingClippingAndFollowingAgreeWithTheirFormulas(compilation: Compilation) {
    let kernels = compilation.kernels
    for count in Self.counts {
      let x = random(count, seed: 1), y = random(count, seed: 2)
      // With NaN behind the end, which stays.
      var scaled = y + [.nan], clipped = x + [.nan], followed = y + [.nan]
      kernels.scale(0.3, x, &scaled, count)
      kernels.clip(0.4, &clipped, count)
      kernels.follow(0.25, x, &followed, count)
      for i in 0..<count {
        #expect(scaled[i] == 0.3 * x[i])
        #expect(clipped[i] == min(max(x[i], -0.4), 0.4))
        #expect(abs(followed[i] - (0.75 * y[i] + 0.25 * x[i])) < 2e-7)
      }
      #expect(scaled[count].isNaN && clipped[count].isNaN && followed[count].isNaN)
    }
  }

  @Test(arguments: Compilation.available)
  func whatIsNotANumberIsNotClippedAway(compilation: Compilation) {
    var x: [Float] = [.nan, .infinity, -.infinity, 0] + [Float](repeating: .nan, count: 40)
    compilation.kernels.clip(2, &x, x.count)
    #expect(x[0].isNaN && x[1] == 2 && x[2] == -2 && x[3] == 0 && x[4...].allSatisfy(\.isNaN))
  }

  @Test func innerProductsHaveTheSameBitsInEveryInstructionSet() {
    for count in Self.counts {
      let x = random(count, seed: 3), y = random(count, seed: 4)
      let sums = Compilation.available.map { $0.kernels.inner(x, y, count) }
      let expected = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(sums.allSatisfy { $0 == sums[0] })
      #expect(abs(sums[0] - expected) <= 1e-14 * Double(count))
    }
  }
}
