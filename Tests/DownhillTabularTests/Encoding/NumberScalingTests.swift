import DownhillCompute
import DownhillNetwork
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

@Suite("Scaling of numbers") struct NumberScalingTests {
  @Test("standardised numbers have mean 0 and standard deviation 1")
  func standard() {
    let scaling = NumberScaling(.standard, fitting: [2, 4, 4, 4, 5, 5, 7, 9])
    // The mean is 5 and the deviation, over n, is 2.
    #expect(scaling == NumberScaling(offset: 5, scale: 0.5))
    #expect(scaling.apply(9) == 2)
    #expect(scaling.invert(2) == 9)
  }

  @Test("the robust scaling has NumPy's median at 0 and its quartiles one apart")
  func robust() {
    // np.percentile([1, 2, 4, 8, 16, 100], [25, 50, 75]) = 2.5, 6.0, 14.0
    let scaling = NumberScaling(.robust, fitting: [100, 1, 16, 2, 8, 4])
    #expect(scaling == NumberScaling(offset: 6, scale: 1 / 11.5, clips: true))
    #expect(scaling.apply(6) == 0)
    let z = 94 / 11.5
    #expect(abs(Double(scaling.apply(100)) - z / (1 + z * z / 9).squareRoot()) < 1e-6)
  }

  @Test(
    "quartiles of many numbers are those of the sorted ones", arguments: [2_047, 2_048, 2_049, 30_001], [0, 1, 2, 3])
  func robustOfMany(count: Int, kind: Int) {
    var random = RandomStream(seed: UInt64(count), purpose: .check, index: kind)
    let numbers: [Double] = (0..<count).map { index in
      switch kind {
      case 0: random.normal()
      case 1: (random.normal() * 4).rounded()  // many repetitions, zeros of both signs
      case 2: exp(20 * random.normal())  // over many powers of two
      default: index % 7 == 0 ? 1e300 * random.normal() : 3  // more than half the same
      }
    }
    let sorted = numbers.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(count - 1), below = Int(place)
      return sorted[below] + (place - Double(below)) * (sorted[min(below + 1, count - 1)] - sorted[below])
    }
    let scaling = NumberScaling(.robust, fitting: numbers)
    #expect(scaling.offset == quantile(0.5))
    let spread = quantile(0.75) - quantile(0.25)
    if spread > 0 { #expect(abs(scaling.scale * spread - 1) < 1e-12) }
    #expect((spread > 0) == (kind != 3))
  }

  @Test("where the quartiles meet, the robust scaling takes the standard deviation")
  func robustWithoutQuartiles() {
    let scaling = NumberScaling(.robust, fitting: [0, 3, 3, 3, 3, 3, 8])
    // The variance is 109/7 − (23/7)² = 234/49.
    #expect(scaling.offset == 3 && scaling.clips && abs(scaling.scale - 7 / 234.0.squareRoot()) < 1e-12)
  }

  @Test("a constant becomes 0, whatever comes later", arguments: NumberScaling.Kind.allCases, [0, 0.1, -7, 1e300])
  func constant(kind: NumberScaling.Kind, value: Double) {
    let scaling = NumberScaling(kind, fitting: [value, value, value])
    guard kind != .none else { return #expect(scaling == .none) }
    #expect(scaling.scale == 0)
    #expect(scaling.apply(value) == 0 && scaling.apply(value + 5) == 0 && scaling.apply(.infinity) == 0)
    #expect(scaling.invert(3) == value)
  }

  @Test("no number, however large, becomes one that is not finite", arguments: NumberScaling.Kind.allCases)
  func extremes(kind: NumberScaling.Kind) {
    let fitted: [[Double]] = [
      [1, 2, 3], [1e300, -1e300, 0], [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
      [.leastNonzeroMagnitude, 2 * .leastNonzeroMagnitude, 0],
      [.infinity, 1, 2], [],
    ]
    let asked: [Double] = [
      0, .leastNonzeroMagnitude, 1e300, -1e300, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity,
      -.infinity,
    ]
    for numbers in fitted {
      let scaling = NumberScaling(kind, fitting: numbers)
      #expect(scaling.offset.isFinite && scaling.scale.isFinite && scaling.scale >= 0, "\(numbers)")
      for x in asked { #expect(scaling.apply(x).isFinite, "\(x) by \(scaling) of \(numbers)") }
    }
  }

  @Test("numbers whose squares overflow are standardised like others")
  func largeNumbers() {
    let scaling = NumberScaling(.standard, fitting: [-1e300, 1e300])
    #expect(scaling.apply(1e300) == 1)
    #expect(scaling.apply(-1e300) == -1)
    #expect(abs(scaling.invert(1) - 1e300) < 1e285)
  }

  @Test("clipped numbers tend to ±3")
  func clipping() {
    let scaling = NumberScaling(offset: 0, scale: 1, clips: true)
    #expect(scaling.apply(.infinity) == 3 && scaling.apply(-1e200) == -3)
    #expect(scaling.apply(3) == Float(3 / 2.0.squareRoot()))
  }
}
