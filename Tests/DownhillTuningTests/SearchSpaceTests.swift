import DownhillCompute
import DownhillTuning
import Foundation
import Testing

@Suite("Search spaces") struct SearchSpaceTests {
  private static let draws = 20_000

  private static func points(_ dimensions: [SearchDimension], seed: UInt64 = 1) throws -> [SearchPoint] {
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
    var most = 0.0
    for (place, value) in sample.sorted().enumerated() {
      let expected = cumulative(value)
      most = max(most, expected - Double(place) / count, Double(place + 1) / count - expected)
    }
    return most * count.squareRoot()
  }

  @Test("Random numbers are uniform on their scale")
  func numbers() throws {
    let points = try Self.points([
      SearchDimension("x", from: -2, to: 3), SearchDimension("rate", from: 0.001, to: 1, scale: .log),
    ])
    #expect(Self.distance(points.map { $0["x"]!.number! }) { ($0 + 2) / 5 } < 1.95)
    #expect(Self.distance(points.map { $0["rate"]!.number! }) { (log($0) - log(0.001)) / -log(0.001) } < 1.95)
    #expect(points.allSatisfy { (-2...3).contains($0["x"]!.number!) && (0.001...1).contains($0["rate"]!.number!) })
  }

  @Test("Whole numbers and choices come as often as they should")
  func counts() throws {
    let points = try Self.points([
      SearchDimension("depth", wholeFrom: 1, to: 5), SearchDimension("width", wholeFrom: 2, to: 9, scale: .log),
      SearchDimension("kind", oneOf: ["a", "b", true, 3]),
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
    #expect(squares("depth", [1: 0.2, 2: 0.2, 3: 0.2, 4: 0.2, 5: 0.2]) < 18.5)
    // A whole number k has the stretch of the logarithms from k − ½ to k + ½.
    var byFactor: [SearchValue: Double] = [:]
    for k in stride(from: 2.0, through: 9, by: 1) { byFactor[.number(k)] = log((k + 0.5) / (k - 0.5)) / log(9.5 / 1.5) }
    #expect(squares("width", byFactor) < 24.3)
    #expect(squares("kind", ["a": 0.25, "b": 0.25, true: 0.25, 3: 0.25]) < 16.3)
  }

  @Test("A dimension takes part where its condition says so, and nowhere else")
  func conditions() throws {
    let space = try SearchSpace([
      SearchDimension("optimizer", oneOf: ["adamw", "muon", "sgd"]),
      SearchDimension("momentum", from: 0.8, to: 0.99, when: "optimizer", is: ["muon", "sgd"]),
      SearchDimension("beta2", from: 0.9, to: 0.999, when: "optimizer", is: ["adamw"]),
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

  private static let senseless: [([SearchDimension], String)] = [
    ([SearchDimension("a", from: 1, to: 0)], "there is nothing"),
    ([SearchDimension("a", from: .nan, to: 1)], "are numbers"),
    ([SearchDimension("a", from: 0, to: 1, scale: .log)], "begins above 0"),
    ([SearchDimension("a", oneOf: [])], "nothing to choose"),
    ([SearchDimension("a", oneOf: ["x", "x"])], "twice"),
    ([SearchDimension("a", oneOf: [1]), SearchDimension("a", oneOf: [1])], "twice"),
    ([SearchDimension("a", .range(NumberRange(1.5, 3, isWhole: true)))], "whole numbers"),
    ([SearchDimension("b", oneOf: [1], when: "depht", is: [1])], "not declared before"),
    ([depth, SearchDimension("b", oneOf: [1], when: "depht", is: [1])], "did you mean “depth”"),
    ([depth, SearchDimension("b", oneOf: [1], when: "depth", is: [4])], "never is"),
    ([depth, SearchDimension("b", oneOf: [1], when: "depth", is: [])], "no value of"),
  ]
  private static let depth = SearchDimension("depth", wholeFrom: 1, to: 3)

  @Test("What makes no sense is refused, and says why", arguments: senseless)
  func refusals(_ dimensions: [SearchDimension], fragment: String) {
    #expect { try SearchSpace(dimensions) } throws: { "\($0)".contains(fragment) }
  }

  @Test("A space in coded form is the same space, and one that makes no sense can't be decoded")
  func coding() throws {
    let space = try SearchSpace([
      SearchDimension("depth", wholeFrom: 1, to: 4), SearchDimension("rate", from: 0.001, to: 0.1, scale: .log),
      SearchDimension("kind", oneOf: ["a", true, 0.5], when: "depth", is: [2, 3]),
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
