import DownhillCompute
import DownhillTables
import DownhillTrees
import Foundation
import Testing

@Suite("Growing trees")
struct GrowthTests {
  private static func options(leaves: Int, leafRows: Int = 1, penalty: Double = 0) -> BoostingOptions {
    var options = BoostingOptions()
    (options.rounds, options.rate, options.growth.leaves, options.growth.leafRows) = (1, 1, leaves, leafRows)
    options.growth.penalty = penalty
    return options
  }

  @Test("A leaf's value is −G / (H + λ), from the mean or the logarithm of the odds on")
  func leafValues() {
    let columns = table([[0, 0, 0, 1, 1, 1]])
    let values = [1.0, 2, 3, 7, 8, 12]
    let said = predictions(columns, .values(values), of: columns, options: Self.options(leaves: 2, penalty: 1)).values
    let mean = 33.0 / 6
    for (row, value) in said.enumerated() {
      let own = row < 3 ? values[..<3] : values[3...]
      let gradients = own.reduce(0) { $0 + mean - $1 }
      #expect(abs(value - (mean - gradients / (3 + 1))) < 1e-9)
    }
    let classes: [Int32] = [0, 0, 1, 1, 1, 1]
    let probabilities = predictions(
      columns, .classes(classes, count: 2), of: columns, options: Self.options(leaves: 2, penalty: 0.5)
    ).probabilities
    let p = 4.0 / 6
    for row in 0..<6 {
      let own = row < 3 ? classes[..<3] : classes[3...]
      let gradients = own.reduce(0.0) { $0 + p - Double($1) }
      let score = log(p / (1 - p)) - gradients / (3 * p * (1 - p) + 0.5)
      #expect(abs(Double(probabilities[row, 1]) - 1 / (1 + exp(-score))) < 1e-6)
      #expect(abs(probabilities[row, 0] + probabilities[row, 1] - 1) < 1e-6)
    }
  }

  @Test("No leaf has fewer rows than it must")
  func leafRows() {
    let columns = table([(0..<50).map { Double($0) }])
    let target: [Double] = (0..<50).map { $0 < 3 ? 100 : Double($0 % 7) }
    let said = predictions(columns, .values(target), of: columns, options: Self.options(leaves: 31, leafRows: 8)).values
    let counts = Dictionary(grouping: said, by: { $0 }).mapValues(\.count)
    #expect(counts.count > 1 && counts.values.allSatisfy { $0 >= 8 })
  }

  @Test("Of all ways to part categories in two the best is found", arguments: 0..<6)
  func categories(seed: Int) {
    var random = RandomStream(seed: UInt64(seed), purpose: .check)
    let means: [Double] = (0..<7).map { _ in random.normal() * 3 }
    // One of them is missing in the table, and as good as any other.
    let codes: [Int32] = (0..<210).map { Int32($0 % 7) - 1 }
    let target: [Double] = codes.map { means[Int($0 + 1)] + random.normal() }
    let column = Column(
      name: "x", kind: .categorical, values: .categories(codes: codes, names: ["a", "b", "c", "d", "e", "f"]))
    var options = Self.options(leaves: 2)
    options.growth.categoryPenalty = 0
    let said = predictions(Table([column]), .values(target), of: Table([column]), options: options).values
    func squares(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    let best = (1..<63).map { (subset: Int) -> Double in
      let left = zip(codes, target).filter { subset >> Int($0.0 + 1) & 1 == 1 }.map(\.1)
      let right = zip(codes, target).filter { subset >> Int($0.0 + 1) & 1 == 0 }.map(\.1)
      return squares(left) + squares(right)
    }.min()!
    let found = zip(said, target).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(abs(found - best) < 1e-9 * best)
  }

  @Test("What is missing goes to the side where it is predicted better, and to the larger one where none was seen")
  func missing() {
    let answers = [1.0, 1, 1, 1, 5, 5, 5]
    let likeHigh = table([[0, 0, 0, 0, 1, nil, nil]])
    let said = predictions(likeHigh, .values(answers), of: table([[0, 1, nil]]), options: Self.options(leaves: 2))
      .values
    #expect(said == [1, 5, 5])
    let likeLow = table([[0, 0, nil, nil, 1, 1, 1]])
    #expect(
      predictions(likeLow, .values(answers), of: table([[0, 1, nil]]), options: Self.options(leaves: 2)).values
        == [1, 5, 1])
    let all = table([[0, 0, 0, 0, 1, 1, 1]])
    #expect(
      predictions(all, .values(answers), of: table([[nil]]), options: Self.options(leaves: 2)).values == [1])
  }

  @Test("Any number of threads comes to the same bits")
  func threads() {
    var random = RandomStream(seed: 2, purpose: .check)
    let numbers: [[Double?]] = (0..<9).map { _ in
      (0..<5000).map { _ in random.uniform() < 0.1 ? nil : random.normal() }
    }
    let columns = table(numbers)
    let classes = (0..<5000).map { row -> Int32 in
      let (a, b, c) = (numbers[0][row] ?? 1, numbers[3][row] ?? 0, numbers[5][row] ?? 2)
      return a + b * c > 0.5 ? 2 : Int32(row % 2)
    }
    var options = BoostingOptions()
    options.rounds = 8
    let one = predictions(
      columns, .classes(classes, count: 3), of: columns, options: options, workers: WorkerPool(threads: 1))
    for threads in [2, 5] {
      let several = predictions(
        columns, .classes(classes, count: 3), of: columns, options: options, workers: WorkerPool(exactly: threads))
      #expect(several.probabilities == one.probabilities)
    }
    let accuracy = (0..<5000).count { row in
      let p = one.probabilities.row(row)
      return p.firstIndex(of: p.max()!)! == Int(classes[row])
    }
    #expect(accuracy > 3000)
  }

  @Test("Gradients of any size have exact sums", arguments: [1e-100, 1e-9, 1, 1e12, 1e100])
  func sizes(scale: Double) {
    let columns = table([(0..<60).map { Double($0 / 20) }])
    let target: [Double] = (0..<60).map { scale * Double($0 / 20 + $0 % 2) }
    let said = predictions(columns, .values(target), of: columns, options: Self.options(leaves: 3)).values
    for (row, value) in said.enumerated() { #expect(abs(value / scale - (Double(row / 20) + 0.5)) < 1e-9) }
  }
}
