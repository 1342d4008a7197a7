import DownhillCompute
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Numbers whose exact value tells more than its place") struct RoughNumbersTests {
  /// 40 values, each of some rows, whose mean answers are a function of the value's place.
  private func examples(
    rowsOfEach: Int = 20, values: Int = 40, noise: Double = 1, scale: (Double) -> Double = { $0 },
    answer: (Int) -> Double
  ) throws -> Examples {
    var random = RandomStream(seed: 8, purpose: .split)
    var x: [Double] = [], y: [Double] = []
    for row in 0..<rowsOfEach * values {
      let value = row % values
      x.append(scale(Double(value)))
      y.append(answer(value) + noise * random.normal())
    }
    return try Examples(
      Table([
        Column(name: "x", kind: .numeric, values: .numbers(.init(x))),
        Column(name: "y", kind: .numeric, values: .numbers(.init(y))),
      ]), target: "y")
  }

  private func names(_ examples: Examples, _ change: (inout Recipe) -> Void = { _ in }) throws -> [String] {
    var learner = Learner()
    learner.recipe.members = 1
    change(&learner.recipe)
    guard case .table(let encoder) = try learner.prepare(examples).encoder else { return [] }
    return encoder.names
  }

  /// Answers without any order.
  private func jumps(_ value: Int) -> Double { Double(value * 7919 % 13) / 4 }

  @Test(
    "answers that jump from value to value get codes; smooth ones, noise, and what jumps little beside the rest don't")
  func chosen() throws {
    #expect(try names(examples(answer: jumps)) == ["x", "value of x"])
    #expect(try names(examples { sin(Double($0) / 4) * 3 }) == ["x"])
    #expect(try names(examples { Double($0 * $0) / 100 }) == ["x"])
    #expect(try names(examples { _ in 0 }) == ["x"])
    #expect(try names(examples(rowsOfEach: 400) { Double($0) + 0.04 * jumps($0) }) == ["x"])
  }

  @Test("noise that grows with the value is no reason, nor are few values, or few rows of each")
  func notChosen() throws {
    var random = RandomStream(seed: 2, purpose: .split)
    let uneven = try examples(noise: 0) { $0 % 40 > 30 ? 20 * random.normal() : random.normal() / 10 }
    #expect(try names(uneven) == ["x"])
    #expect(try names(examples(values: 19, answer: jumps)) == ["x"])
    #expect(try names(examples(rowsOfEach: 9, answer: jumps)) == ["x"])
    #expect(try names(examples(answer: jumps)) { $0.codesRoughValues = false } == ["x"])
    #expect(try names(examples(answer: jumps)) { $0.version = 1 } == ["x"])
  }

  @Test("without any noise jumps are jumps, at the ends of the scale too")
  func extremes() throws {
    #expect(try names(examples(noise: 0, answer: jumps)) == ["x", "value of x"])
    #expect(try names(examples(scale: { ($0 - 20) * 8e306 }, answer: jumps)).contains("value of x"))
  }

  @Test("classes jump like numbers do")
  func classes() throws {
    let rows = 1200
    func table(_ label: (Int) -> Int32) throws -> Examples {
      try Examples(
        Table([
          Column(name: "x", kind: .numeric, values: .numbers(.init((0..<rows).map { Double($0 % 30) }))),
          Column(
            name: "y", kind: .categorical,
            values: .categories(codes: .init((0..<rows).map(label)), names: ["a", "b", "c"])),
        ]), target: "y")
    }
    #expect(try names(table { Int32($0 % 30 * 7 % 3) }) == ["x", "value of x"])
    // Of a smooth function of the value and of chance.
    #expect(try names(table { Int32(($0 % 30 + $0 / 30 * 7 % 20) / 17) }) == ["x"])
    #expect(try names(table { Int32($0 / 30 % 3) }) == ["x"])
  }

  @Test("a value that more than one row has is its place among them, from 1; another value, or none, is 0")
  func codes() throws {
    let learning = try Learner().prepare(examples(answer: jumps))
    let table = Table([
      Column(name: "x", kind: .numeric, values: .numbers(.init([0, 1, 39, 0.5, .nan, -1, 1e308]))),
      Column(name: "y", kind: .numeric, values: .numbers(.init([Double](repeating: 0, count: 7)))),
    ])
    let (matrix, report) = try learning.encoder.encode(.table(table))
    #expect((0..<7).map { matrix[$0, matrix.columns - 1] } == [1, 2, 40, 0, 0, 0, 0])
    #expect(report.unseen.isEmpty)
    #expect("\(learning.network)".contains("Embedding(categories: [41]"))
    let coder = try JSONDecoder().decode(FeatureEncoder.self, from: JSONEncoder().encode(learning.encoder))
    #expect(coder == learning.encoder)
  }

  @Test("what a network knows of values it has from codes: half of the error, or less")
  func learned() throws {
    func error(_ codes: Bool) throws -> Double {
      var learner = Learner()
      (learner.recipe.members, learner.recipe.codesRoughValues, learner.recipe.layers) = (1, codes, [32])
      learner.holdout = 0.25
      return try learner.prepare(examples(rowsOfEach: 40, values: 100, noise: 0.1, answer: jumps)).train().evaluation
        .values.first { $0.name == "rmse" }!.value
    }
    let (with, without) = (try error(true), try error(false))
    #expect(with < without / 2, "\(with) \(without)")
  }
}
