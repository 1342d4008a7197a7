import CKernels
import DownhillCompute
import Testing

@Suite struct RandomStreamTests {
  /// Known answers of philox4x32-10: Random123's `kat_vectors`.
  static let knownAnswers: [(counter: [UInt32], key: [UInt32], words: [UInt32])] = [
    ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [.max, .max, .max, .max], [.max, .max], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  @Test("The generator gives the published answers", arguments: knownAnswers)
  func givesKnownAnswers(counter: [UInt32], key: [UInt32], words: [UInt32]) {
    var found = [UInt32](repeating: 0, count: 4)
    dh_philox(counter, key, &found)
    #expect(found == words)
  }

  @Test("A dropout mask is the generator's words against the probability", arguments: Compilation.available)
  func maskFollowsGenerator(compilation: Compilation) {
    let key: [UInt32] = [123, 456], step: [UInt32] = [7, 8]
    // The second start makes the block's lower word overflow in the middle of a vector.
    for (first, count) in [(UInt64(0), 300), (4 * 0xFFFF_FFFB + 1, 131), (3, 1), (61, 9), (1, 0)] {
      var mask = [Float](repeating: .nan, count: count + 1)
      compilation.kernels.dropout_mask(key, step, first, 0.3, &mask, count)
      for i in 0..<count {
        let position = first + UInt64(i), block = position / 4
        var words = [UInt32](repeating: 0, count: 4)
        dh_philox([UInt32(truncatingIfNeeded: block), UInt32(block >> 32)] + step, key, &words)
        let kept = words[Int(position % 4)] >> 8 >= UInt32(Float(0.3) * 0x1p24)
        #expect(mask[i] == (kept ? 1 / (1 - 0.3) : 0), "element \(position)")
      }
      #expect(mask[count].isNaN, "wrote beyond its end")
    }
  }

  @Test("Dropping while masking gives the mask's bits, and multiplies by them", arguments: Compilation.available)
  func dropsWhileMasking(compilation: Compilation) {
    let key: [UInt32] = [123, 456], step: [UInt32] = [7, 8]
    for (first, count) in [(UInt64(0), 300), (4 * 0xFFFF_FFFB + 1, 131), (3, 1), (61, 9), (1, 0)] {
      var expected = [Float](repeating: .nan, count: count + 1)
      compilation.kernels.dropout_mask(key, step, first, 0.3, &expected, count)
      let x = (0...count).map { Float($0) - 100.5 }
      var mask = [Float](repeating: .nan, count: count + 1), y = x
      y.withUnsafeMutableBufferPointer { y in
        compilation.kernels.dropout(key, step, first, 0.3, y.baseAddress!, &mask, y.baseAddress!, count)
      }
      #expect(mask.bits == expected.bits)
      for i in 0..<count { #expect(y[i] == x[i] * expected[i]) }
      #expect(y[count] == x[count], "wrote beyond its end")
    }
  }

  @Test("Numbers in runs are the generator's blocks", arguments: Compilation.available)
  func runsFollowGenerator(compilation: Compilation) {
    let key: [UInt32] = [123, 456], step: [UInt32] = [7, 8]
    // The second run makes the block's lower word overflow in the middle of a vector.
    for (first, blocks) in [(UInt64(0), 40), (0xFFFF_FFFB, 21), (5, 1), (9, 0)] {
      var numbers = [UInt64](repeating: 0, count: 2 * blocks + 1)
      compilation.kernels.random_numbers(key, step, first, &numbers, blocks)
      for index in 0..<blocks {
        let block = first + UInt64(index)
        var words = [UInt32](repeating: 0, count: 4)
        dh_philox([UInt32(truncatingIfNeeded: block), UInt32(block >> 32)] + step, key, &words)
        #expect(numbers[2 * index] == UInt64(words[0]) | UInt64(words[1]) << 32)
        #expect(numbers[2 * index + 1] == UInt64(words[2]) | UInt64(words[3]) << 32)
      }
      #expect(numbers[2 * blocks] == 0, "wrote beyond its end")
    }
  }

  @Test("Shuffling draws the numbers that come next, and leaves the stream behind them", arguments: [0, 1, 5])
  func shufflesWithTheNextNumbers(drawnBefore: Int) {
    var stream = RandomStream(seed: 5, purpose: .shuffle)
    for _ in 0..<drawnBefore { _ = stream.next() }
    var single = stream
    var order = [Int32](0..<200), expected = order
    stream.shuffle(&order)
    for last in stride(from: 199, to: 0, by: -1) { expected.swapAt(last, Int(single.below(UInt64(last + 1)))) }
    #expect(order == expected)
    #expect(stream.next() == single.next())
  }

  @Test("Masks drop the share that they were asked to", arguments: [Float(0), 0.1, 0.5, 0.9])
  func dropsItsShare(probability: Float) {
    var mask = Matrix(rows: 100, columns: 1_000)
    mask.withMutableView {
      $0.dropoutMask(probability: probability, random: RandomStream(seed: 1, purpose: .dropout), firstRow: 0)
    }
    let dropped = Double(mask.elements.count { $0 == 0 }) / 1e5
    let deviation = (Double(probability) * (1 - Double(probability)) / 1e5).squareRoot()
    #expect(abs(dropped - Double(probability)) <= 4 * deviation)
  }

  @Test("Streams are functions of seed, purpose, index and step")
  func streamsDependOnTheirNames() {
    func first(_ seed: UInt64, _ purpose: RandomPurpose, _ index: Int, _ step: Int) -> [UInt64] {
      var stream = RandomStream(seed: seed, purpose: purpose, index: index, step: step)
      return (0..<4).map { _ in stream.next() }
    }
    let reference = first(1, .shuffle, 2, 3)
    #expect(first(1, .shuffle, 2, 3) == reference)
    for other in [first(2, .shuffle, 2, 3), first(1, .split, 2, 3), first(1, .shuffle, 3, 3), first(1, .shuffle, 2, 4)]
    {
      #expect(Set(other).isDisjoint(with: reference))
    }
  }

  @Test("Uniform and normal numbers have their mean and variance")
  func hasItsMoments() {
    var stream = RandomStream(seed: 9, purpose: .check)
    let count = 100_000
    let uniform = (0..<count).map { _ in stream.uniform() }
    let normal = (0..<count).map { _ in stream.normal() }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    // Four standard errors of each.
    let error = 4 / Double(count).squareRoot()
    #expect(abs(mean(uniform) - 0.5) < error * (1.0 / 12).squareRoot())
    #expect(abs(mean(uniform.map { ($0 - 0.5) * ($0 - 0.5) }) - 1.0 / 12) < error * (1.0 / 180).squareRoot())
    #expect(abs(mean(normal)) < error)
    #expect(abs(mean(normal.map { $0 * $0 }) - 1) < error * 2.0.squareRoot())
    #expect(abs(mean(normal.map { $0 * $0 * $0 * $0 }) - 3) < error * 96.0.squareRoot())
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test("A permutation holds every number once, and every order is as likely")
  func permutesFairly() {
    var stream = RandomStream(seed: 3, purpose: .shuffle)
    #expect(stream.permutation(of: 1_000).sorted() == Array(0..<1_000))
    #expect(stream.permutation(of: 0).isEmpty)
    var counts: [[Int32]: Int] = [:]
    for _ in 0..<6_000 { counts[stream.permutation(of: 3), default: 0] += 1 }
    // χ² with 5 degrees of freedom: 20.5 is exceeded once in a thousand seeds.
    #expect(counts.count == 6)
    #expect(counts.values.map { Double(($0 - 1_000) * ($0 - 1_000)) / 1_000 }.reduce(0, +) < 20.5)
  }
}
