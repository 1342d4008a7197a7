import DownhillCompute
import DownhillTuning
import Foundation
import Testing

@Suite("Parzen mixtures") struct ParzenTests {
  private struct Fixture: Decodable {
    struct Query: Decodable {
      let point: [String: SearchValue]
      let multivariate: Double
      let independent: Double
    }
    let points: [[String: SearchValue]]
    let queries: [Query]
  }

  private static func space() throws -> SearchSpace {
    try SearchSpace([
      SearchDimension("x", from: -2, to: 3), SearchDimension("rate", from: 0.001, to: 1, scale: .log),
      SearchDimension("depth", wholeFrom: 1, to: 5), SearchDimension("kind", oneOf: ["a", "b", "c"]),
    ])
  }

  /// `Tests/Fixtures/tuning/parzen.json`, made by `Scripts/fixtures/parzen_fixtures.py`.
  @Test("Densities are those of SciPy's truncated normal distributions")
  func densities() throws {
    let file = URL(filePath: #filePath).appending(path: "../../Fixtures/tuning/parzen.json").standardized
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    let together = ParzenMixture(fixture.points, in: try Self.space(), isMultivariate: true)
    let apart = ParzenMixture(fixture.points, in: try Self.space(), isMultivariate: false)
    for query in fixture.queries {
      #expect(abs(together.logDensity(query.point) - query.multivariate) < 1e-9)
      #expect(abs(apart.logDensity(query.point) - query.independent) < 1e-9)
    }
  }

  @Test("Points are drawn as often as the density says", arguments: [true, false])
  func draws(isMultivariate: Bool) throws {
    let space = try SearchSpace([SearchDimension("x", from: 0, to: 1), SearchDimension("depth", wholeFrom: 1, to: 3)])
    let points: [SearchPoint] = [["x": 0.1, "depth": 1], ["x": 0.15, "depth": 2], ["x": 0.8, "depth": 3]]
    let mixture = ParzenMixture(points, in: space, isMultivariate: isMultivariate)
    let draws = 40_000, cells = 10
    var found: [String: Double] = [:]
    for index in 0..<draws {
      var random = RandomStream(seed: 5, purpose: .search, index: index)
      let point = mixture.draw(using: &random)
      found["\(min(cells - 1, Int(point["x"]!.number! * Double(cells)))) \(point["depth"]!)", default: 0] += 1
    }
    var squares = 0.0, whole = 0.0
    for cell in 0..<cells {
      for depth in 1...3 {
        // Simpson's rule over the cell.
        let steps = 20, width = 1 / Double(cells * steps)
        let sum = (0...steps).reduce(0.0) { sum, step in
          let x = (Double(cell) + Double(step) / Double(steps)) / Double(cells)
          let weight = step == 0 || step == steps ? 1.0 : step % 2 == 1 ? 4 : 2
          return sum + weight * exp(mixture.logDensity(["x": .number(x), "depth": .number(Double(depth))]))
        }
        let probability = sum * width / 3
        whole += probability
        let expected = probability * Double(draws)
        squares += pow((found["\(cell) \(depth)"] ?? 0) - expected, 2) / expected
      }
    }
    #expect(abs(whole - 1) < 1e-6)
    // χ² with 29 degrees of freedom: once in a thousand samples above.
    #expect(squares < 58.3)
  }

  @Test("The distribution's quantiles have the shares below them that its density says")
  func quantiles() {
    for (mean, deviation) in [(0.5, 1.0), (0.0, 0.05), (1.0, 0.3), (0.3, 0.02)] {
      let normal = TruncatedNormal(mean: mean, deviation: deviation)
      for share in [0.001, 0.1, 0.5, 0.9, 0.999] {
        let place = normal.quantile(share)
        let steps = 4_000
        let sum = (0...steps).reduce(0.0) { sum, step in
          let weight = step == 0 || step == steps ? 1.0 : step % 2 == 1 ? 4 : 2
          return sum + weight * normal.density(place * Double(step) / Double(steps))
        }
        #expect(abs(sum * place / Double(3 * steps) - share) < 1e-6)
        #expect(abs(normal.probability(of: 0...place) - share) < 1e-9)
      }
    }
  }
}
