import DownhillCompute
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Ranks of skewed numbers") struct NormalScoresTests {
  private func encoder(_ numbers: [String], ranksSkewed: Bool = true) throws -> (TableEncoder, Table) {
    let table = try Table(
      contentsOf: .text((["x,c"] + numbers.map { "\($0),u" }).joined(separator: "\n") + "\n"),
      overrides: SchemaOverrides(numeric: ["x"], categorical: ["c"], dates: [], ignore: []), target: "c")
    let rows = (0..<Int32(numbers.count)).map { $0 }
    return (
      TableEncoder(fitting: table, rows: rows, target: "c", scaling: .robust, ranksSkewed: ranksSkewed), table
    )
  }

  @Test("a number that stands among its like gets the normal deviate of its middle place")
  func scores() throws {
    // Φ⁻¹ of (smaller + half of the equal ones) / 10, by Python's statistics.NormalDist.
    let expected: [Float] = [
      -0.524401, -0.524401, -0.524401, -0.524401, -0.524401, -0.524401, 0.38532, 0.67449, 1.036433, 1.644854,
    ]
    let (encoder, table) = try encoder(["0", "0", "0", "0", "0", "0", "1", "2", "3", "50"])
    let matrix = try encoder.encode(table).matrix
    #expect(encoder.names == ["x", "rank of x"])
    for (row, score) in expected.enumerated() { #expect(abs(matrix[row, 1] - score) < 1e-5, "\(matrix[row, 1])") }
  }

  @Test(
    "between numbers that were seen a score is on the line between theirs, beyond them it is the last one's; missing is 0"
  )
  func between() throws {
    let (encoder, _) = try encoder(["0", "0", "0", "0", "0", "0", "1", "2", "3", "50", ""])
    let (_, other) = try self.encoder(["-7", "0.5", "26.5", "1e308", "", "51", "-1e300"])
    let matrix = try encoder.encode(other).matrix
    #expect(encoder.names.count == 3)
    let scores = (0..<7).map { matrix[$0, 1] }
    #expect(scores[0] == scores[6] && scores[3] == scores[5] && scores[4] == 0)
    #expect(abs(scores[1] - (-0.524401 + 0.38532) / 2) < 1e-5 && abs(scores[2] - (1.036433 + 1.644854) / 2) < 1e-5)
    #expect((0..<7).map { matrix[$0, 2] } == [0, 0, 0, 0, 1, 0, 0])
  }

  @Test("numbers that are spread evenly, and constants, do without; so do all where nobody asks")
  func even() throws {
    #expect(try encoder((0..<50).map { "\($0)" }).0.names == ["x"])
    #expect(try encoder([String](repeating: "3", count: 9)).0.names == ["x"])
    #expect(try encoder(["0", "0", "0", "9"], ranksSkewed: false).0.names == ["x"])
  }

  @Test("many numbers have the scores of a normal sample, whatever their own distribution")
  func many() throws {
    var random = RandomStream(seed: 3, purpose: .split)
    let numbers = (0..<5000).map { _ in
      exp(4 * Double.random(in: 0..<1, using: &random) * Double.random(in: 0..<2, using: &random))
    }
    let (encoder, table) = try encoder(numbers.map { "\($0)" })
    let matrix = try encoder.encode(table).matrix
    let scores = (0..<5000).map { Double(matrix[$0, 1]) }
    let mean = scores.reduce(0, +) / 5000, variance = scores.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 5000
    #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.02)
    // In the order of the numbers.
    let ascending = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    #expect(zip(ascending, ascending.dropFirst()).allSatisfy { scores[$0] <= scores[$1] })
  }

  @Test("an encoder's file brings it back")
  func coded() throws {
    let (encoder, _) = try encoder(["0", "0", "0", "9"])
    #expect(try JSONDecoder().decode(TableEncoder.self, from: JSONEncoder().encode(encoder)) == encoder)
  }
}
