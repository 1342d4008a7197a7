import DownhillExplanation
import DownhillTables
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

/// `Scripts/fixtures/explanation_fixtures.py` asked the golden models through `downhill predict`, and worked these out with NumPy
/// and scikit-learn.
@Suite("Explanations of the golden models beside NumPy and scikit-learn") struct GoldenExplanationTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let model: String
    let target: String
    let rows: Int
    let loss: Double
    let error: Double
    let columns: [Column]
    let confusion: [[Int]]?
    let recall: [Double]?
    let calibration: Calibration?
    let residuals: [Double]?
    let meanResidual: Double?

    var testDescription: String { model }

    struct Column: Decodable, Sendable {
      let name: String
      let lossRise: Double
      let errorRise: Double
      /// Of numbers and dates, nil for missing; of categories these.
      let numbers: [Double?]
      let categories: [String?]
      let means: [[Double]]
      let lows: [[Double]]
      let highs: [[Double]]
    }

    struct Calibration: Decodable, Sendable {
      let expectedError: Double
      let largestError: Double
      let brier: Double
      let rows: [Int]
      let means: [Double]
      let shares: [Double]
    }
  }

  static let cases: [Golden] = {
    let file = package.appending(path: "Tests/Fixtures/explanation/golden.json")
    do { return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file)) } catch {
      preconditionFailure("\(file): \(error)")
    }
  }()

  private static func judgement(_ golden: Golden) throws -> Judgement {
    let folder = package.appending(path: "Tests/Fixtures/golden/0.1.0")
    let model = try Model(reading: folder.appending(path: "\(golden.model).safetensors").path())
    let table = try Table(
      contentsOf: TableSource(path: folder.appending(path: "shops.csv").path()), schema: try #require(model.schema))
    return try Judgement(model, on: Examples(table, target: golden.target))
  }

  private static func explain(_ golden: Golden, repeats: Int = 2) throws -> Explanation {
    var explainer = Explainer()
    explainer.repeats = repeats
    explainer.columns = golden.columns.map(\.name)
    return try explainer.explain(judgement(golden))
  }

  /// The golden predictions have the digits of a Float.
  private static func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 3e-5) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
  }

  @Test(
    "The importance of a column is that over all pairs of rows, as far as so many permutations can tell",
    arguments: cases)
  func importance(golden: Golden) throws {
    let importance = try #require(Self.explain(golden, repeats: 400).importance)
    #expect(importance.rows == golden.rows && Self.isClose(importance.loss, golden.loss))
    if golden.confusion != nil { #expect(Self.isClose(1 - importance.metric, golden.error)) }
    #expect(Set(importance.columns.map(\.name)) == Set(golden.columns.map(\.name)))
    for expected in golden.columns {
      let found = try #require(importance.columns.first { $0.name == expected.name })
      let margin = 4.5 * found.loss.deviation / 400.0.squareRoot() + 1e-5 * max(1, golden.loss)
      #expect(abs(found.loss.mean - expected.lossRise) <= margin, "\(expected.name)")
      // Where it can be told at all, it is told to a tenth or so.
      #expect(found.loss.deviation < 0.5 * golden.loss)
      if golden.confusion != nil {
        let margin = 4.5 * found.metric.deviation / 400.0.squareRoot() + 1e-9
        #expect(abs(found.metric.mean - expected.errorRise) <= margin, "\(expected.name)")
      }
    }
    #expect(zip(importance.columns, importance.columns.dropFirst()).allSatisfy { $0.loss.mean >= $1.loss.mean })
  }

  @Test("Partial dependence has the same grid, means and percentiles, with what is missing", arguments: cases)
  func dependence(golden: Golden) throws {
    let explanation = try Self.explain(golden)
    try #require(explanation.dependence.count == golden.columns.count)
    for (found, expected) in zip(explanation.dependence, golden.columns) {
      #expect(found.column == expected.name && found.points.count == expected.means.count)
      let isOrdered = !expected.numbers.isEmpty
      for (place, point) in found.points.enumerated() {
        let index: Int?
        switch point.value {
        case .number(let number), .moment(let number):
          index = place
          #expect(Self.isClose(number, try #require(expected.numbers[place]), 1e-9), "\(expected.name)")
        case .category(let name): index = expected.categories.firstIndex(of: name)
        case .missing:
          index = expected.means.count - 1
          #expect(
            (isOrdered ? expected.numbers.last.map { $0 == nil } : expected.categories.last.map { $0 == nil }) == true)
        }
        let row = try #require(index, "\(expected.name), \(point.value)")
        for (output, response) in point.responses.enumerated() {
          #expect(Self.isClose(response.mean, expected.means[row][output]), "\(expected.name), \(point.value)")
          #expect(Self.isClose(response.low, expected.lows[row][output]), "\(expected.name), \(point.value)")
          #expect(Self.isClose(response.high, expected.highs[row][output]), "\(expected.name), \(point.value)")
        }
      }
    }
  }

  @Test(
    "Confusion, recall, calibration error and Brier score are scikit-learn's",
    arguments: cases.filter { $0.confusion != nil })
  func classes(golden: Golden) throws {
    let explanation = try Self.explain(golden)
    let confusion = try #require(explanation.confusion)
    #expect(confusion.matrix.counts == golden.confusion?.flatMap { $0.map(Double.init) })
    for (found, expected) in zip(confusion.classes, golden.recall ?? []) {
      #expect(Self.isClose(found.recall ?? .nan, expected, 1e-12))
    }
    let counted = confusion.mistakes.map(\.rows)
    #expect(counted == counted.sorted(by: >) && counted.reduce(0, +) == Int((golden.error * 48).rounded()))
    let (found, expected) = (try #require(explanation.calibration), try #require(golden.calibration))
    #expect(found.bins.map(\.rows) == expected.rows)
    for (bin, (mean, share)) in zip(found.bins, zip(expected.means, expected.shares)) {
      #expect(Self.isClose(bin.meanProbability, mean) && Self.isClose(bin.share, share))
      #expect(bin.interval.lower <= share && share <= bin.interval.upper)
    }
    #expect(Self.isClose(found.expectedError, expected.expectedError))
    #expect(Self.isClose(found.largestError, expected.largestError) && Self.isClose(found.brier, expected.brier))
  }

  @Test("Residuals are quantiles as NumPy has them", arguments: cases.filter { $0.residuals != nil })
  func residuals(golden: Golden) throws {
    let residuals = try #require(Self.explain(golden).residuals)
    for (found, expected) in zip(residuals.quantiles, golden.residuals ?? []) { #expect(Self.isClose(found, expected)) }
    #expect(Self.isClose(residuals.mean, golden.meanResidual ?? .nan))
    #expect(residuals.histogram.counts.reduce(0, +) == golden.rows && residuals.points.count == golden.rows)
    #expect(residuals.bands.reduce(0) { $0 + $1.rows } == golden.rows)
  }
}
