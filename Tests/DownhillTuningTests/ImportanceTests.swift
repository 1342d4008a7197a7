import DownhillCompute
import DownhillTuning
import Testing

@Suite("Importance") struct ImportanceTests {
  @Test("Of a sum of functions of one dimension each has the share of its variance")
  func sum() {
    var random = RandomStream(seed: 2, purpose: .check)
    let points = (0..<400).map { _ in (0..<4).map { _ in random.uniform() } }
    // The variance of a x is a²/12, and that of a step of height b in the middle b²/4.
    let values = points.map { 4 * $0[0] + 2 * $0[1] + ($0[2] > 0.5 ? 1 : 0) }
    let variances = [16.0 / 12, 4.0 / 12, 1.0 / 4, 0]
    let whole = variances.reduce(0, +)
    let shares = Importance.shares(points, values)
    for (share, variance) in zip(shares, variances) { #expect(abs(share - variance / whole) < 0.06) }
  }

  @Test("A tree's variances are those of its boxes, exactly")
  func tree() {
    // Four boxes: x halves the square, and y its right half at ¼.
    var points: [[Double]] = [], values: [Double] = []
    for x in stride(from: 0.05, to: 1, by: 0.1) {
      for y in stride(from: 0.05, to: 1, by: 0.1) {
        points.append([x, y])
        values.append(x < 0.5 ? 0 : y < 0.2 ? 8 : 4)
      }
    }
    let tree = RegressionTree(points, values, samples: Array(points.indices))
    let (whole, single) = tree.variances()
    #expect(tree.leaves.count == 3)
    // E = ½ · (0.2 · 8 + 0.8 · 4) = 2.4; the mean at x is 0 or 4.8; at y it is 4 or 2.
    let expected = 0.5 * 2.4 * 2.4 + 0.1 * (8 - 2.4) * (8 - 2.4) + 0.4 * (4 - 2.4) * (4 - 2.4)
    #expect(abs(whole - expected) < 1e-9)
    #expect(abs(single[0] - 2.4 * 2.4) < 1e-9 && abs(single[1] - (0.2 * 1.6 * 1.6 + 0.8 * 0.4 * 0.4)) < 1e-9)
  }

  @Test("A dimension that decides the order of trials has most of the importance, also where some were stopped")
  func trials() throws {
    let space = try SearchSpace([
      SearchDimension("idle", from: 0, to: 1), SearchDimension("kind", oneOf: ["a", "b", "c"]),
      SearchDimension("other", wholeFrom: 1, to: 9),
    ])
    var random = RandomStream(seed: 7, purpose: .check)
    let trials = (0..<90).map { number in
      let point = space.randomPoint(using: &random)
      let score = point["kind"] == "b" ? 0.0 : 1
      return score + 0.1 * random.uniform() < 0.5
        ? Trial(number: number, point: point, outcome: .complete, score: score, rungs: [score])
        : Trial(number: number, point: point, outcome: .stopped, rungs: [score])
    }
    let importance = try #require(Importance(trials, in: space))
    #expect(importance.shares[0].name == "kind" && importance.shares[0].share > 0.6)
    #expect(importance.shares.map(\.share).reduce(0, +) <= 1 + 1e-9)
    #expect(Importance(Array(trials.prefix(5)), in: space) == nil)
  }
}
