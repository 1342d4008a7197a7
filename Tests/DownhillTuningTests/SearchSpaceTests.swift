import DownhillCompute
import DownhillTuning
import Foundation
import Testing

@Suite("Search spaces") struct SearchSpaceTests {
  private static let draws = 20_000

  private static func points(_ dimensions: [Dimension], seed: UInt64 = 1) throws -> [SearchPoint] {
    let space = try SearchSpace(dimensions)
    return (0..<draws).map { index in
      var random = RandomStream(seed: seed, purpose: .search, index: index)
      return space.randomPoint(using: &random)
    }
  }

  /// The largest distance of a sample's distribution from one that is known, times √n (Kolmogorov and Smirnov): above 1.95 once
  /// in a thousand samples.
  private static func distance(_ sample: [Double], _ cumulative: (Double) -> Double) -> Double {
    let count = Double(sample.count)
    return sample.sorted().enumerated().reduce(0.0) { most, element in
      let expected = cumulative(element.element)
      return max(
        most, abs(expected - Double(element.offset) / count), abs(Double(element.offset + 1) / count - expected))
    } * count.squareRoot()
  }

  @Test("Random numbers are uniform on their scale")
  func numbers() throws {
    let points = try Self.points([
      Dimension("x", from: -2, to: 3), Dimension("rate", from: 0.001, to: 1, scale: .log),
    ])
    #expect(Self.distance(points.map { $0["x"]!.number! }) { ($0 + 2) / 5 } < 1.95)
    #expect(Self.distance(points.map { $0["rate"]!.number! }) { (log($0) - log(0.001)) / -log(0.001) } < 1.95)
    #expect(points.allSatisfy { (-2...3).contains($0["x"]!.number!) && (0.001...1).contains($0["rate"]!.number!) })
  }

  @Test("Whole numbers and choices come as often as they should")
  func counts() throws {
    let points = try Self.points([
      Dimension("depth", wholeFrom: 1, to: 5), Dimension("width", wholeFrom: 2, to: 9, scale: .log),
      Dimension("kind", oneOf: ["a", "b", true, 3]),
    ])
    func squares(_ name: String, _ expected: [SearchValue: Double]) -> Double {
      let found = Dictionary(grouping: points) { $0[name]! }.mapValues { Double($0.count) }
      #expect(Set(found.keys) == Set(expected.keys))
      return expected.reduce(0) { sum, entry in
        let count = entry.value * Double(Self.draws)
        return sum + ((found[entry.key] ?? 0) - count) * ((found[entry.key] ?? 0) - count) / count
      }
    }
    // χ² above these bounds comes once in a thousand samples.
    let equal = Dictionary(uniqueKeysWithValues: (1...5).map { (SearchValue.number(Double($0)), 0.2) })
    #expect(squares("depth", equal) < 18.5)
    // A whole number k has the stretch of the logarithms from k − ½ to k + ½.
    let byFactor = Dictionary(
      uniqueKeysWithValues: (2...9).map { k in
        (SearchValue.number(Double(k)), log((Double(k) + 0.5) / (Double(k) - 0.5)) / log(9.5 / 1.5))
      })
    #expect(squares("width", byFactor) < 24.3)
    #expect(squares("kind", ["a": 0.25, "b": 0.25, true: 0.25, 3: 0.25]) < 16.3)
  }

  @Test("A dimension takes part where its condition says so, and nowhere else")
  func conditions() throws {
    let space = try SearchSpace([
      Dimension("optimizer", oneOf: ["adamw", "muon", "sgd"]),
      Dimension("momentum", from: 0.8, to: 0.99, when: "optimizer", is: ["muon", "sgd"]),
      Dimension("beta2", from: 0.9, to: 0.999, when: "optimizer", is: ["adamw"]),
    ])
    for point in try Self.points(space.dimensions).prefix(500) {
      #expect((point["momentum"] != nil) == (point["optimizer"] != "adamw"))
      #expect((point["beta2"] != nil) == (point["optimizer"] == "adamw"))
      #expect(space.contains(point))
    }
    #expect(!space.contains(["optimizer": "adamw", "momentum": 0.9]))
    #expect(!space.contains(["optimizer": "adamw", "beta2": 0.5]))
    #expect(!space.contains(["optimizer": "adamw"]))
  }

  @Test(
    "What makes no sense is refused, and says why",
    arguments: [
      ([Dimension("a", from: 1, to: 0)], "there is nothing"), ([Dimension("a", from: .nan, to: 1)], "are numbers"),
      ([Dimension("a", from: 0, to: 1, scale: .log)], "begins above 0"),
      ([Dimension("a", oneOf: [])], "nothing to choose"),
      ([Dimension("a", oneOf: ["x", "x"])], "twice"),
      ([Dimension("a", oneOf: [1]), Dimension("a", oneOf: [1])], "twice"),
      ([Dimension("a", .range(NumberRange(1.5, 3, isWhole: true)))], "whole numbers"),
      ([Dimension("b", oneOf: [1], when: "depht", is: [1])], "not declared before"),
      (
        [Dimension("depth", wholeFrom: 1, to: 3), Dimension("b", oneOf: [1], when: "depht", is: [1])],
        "did you mean “depth”"
      ),
      ([Dimension("d", wholeFrom: 1, to: 3), Dimension("b", oneOf: [1], when: "d", is: [4])], "never is"),
      ([Dimension("d", wholeFrom: 1, to: 3), Dimension("b", oneOf: [1], when: "d", is: [])], "no value of"),
    ])
  func refusals(_ dimensions: [Dimension], fragment: String) {
    #expect { try SearchSpace(dimensions) } throws: { "\($0)".contains(fragment) }
  }

  @Test("A space in coded form is the same space, and one that makes no sense can't be decoded")
  func coding() throws {
    let space = try SearchSpace([
      Dimension("depth", wholeFrom: 1, to: 4), Dimension("rate", from: 0.001, to: 0.1, scale: .log),
      Dimension("kind", oneOf: ["a", true, 0.5], when: "depth", is: [2, 3]),
    ])
    let data = try JSONEncoder().encode(space)
    #expect(try JSONDecoder().decode(SearchSpace.self, from: data) == space)
    let broken = Data(#"[{"name": "a", "from": 2, "to": 1}]"#.utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(SearchSpace.self, from: broken) }
  }

  @Test("Places and values are each other's inverse, and a domain counts its values")
  func places() throws {
    let domains: [Domain] = [
      .range(NumberRange(1, 5, isWhole: true)), .range(NumberRange(3, 300, scale: .log, isWhole: true)),
      .choice(["a", "b", true, 2]),
    ]
    #expect(domains.map(\.count) == [5, 298, 4])
    for domain in domains {
      for place in stride(from: 0.0, through: 1, by: 0.01) {
        let value = domain.value(at: place)
        #expect(domain.value(at: domain.place(of: value)!) == value)
      }
    }
    let number = Domain.range(NumberRange(-2, 3))
    #expect(number.place(of: 0.5) == 0.5 && number.place(of: 4) == nil && number.place(of: "a") == nil)
    #expect(number.count == nil)
  }
}
