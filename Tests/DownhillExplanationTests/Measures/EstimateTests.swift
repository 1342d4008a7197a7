import DownhillExplanation
import DownhillTables
import DownhillTabular
import Foundation
import Testing

@Suite("Estimates and intervals") struct EstimateTests {
  /// tan(π (p − ½)) with one degree of freedom, (2p − 1) / √(2p (1 − p)) with two; SciPy's stats.t.ppf for the others.
  @Test(
    "The interval of a mean is Student's",
    arguments: [
      (2, tan(Double.pi * 0.475)), (3, 0.95 / (2 * 0.975 * 0.025).squareRoot()), (11, 2.2281388519649385),
      (51, 2.008559109715206), (401, 1.9659123432294544),
    ])
  func student(count: Int, quantile: Double) throws {
    let values = (0..<count).map { sin(Double($0)) }
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    let estimate = Estimate(values)
    let interval = try #require(estimate.interval)
    #expect(abs(estimate.mean - mean) < 1e-12 && abs(estimate.deviation - variance.squareRoot()) < 1e-12)
    let margin = quantile * (variance / Double(count)).squareRoot()
    #expect(abs(interval.upper - mean - margin) < 1e-3 * margin && abs(mean - interval.lower - margin) < 1e-3 * margin)
  }

  @Test("What rounding leaves of numbers that cancel is nothing")
  func cancelled() { #expect(Estimate([0.1, 0.2, -0.3]).mean == 0 && Estimate([1e-9, 2e-9]).mean > 0) }

  @Test("Of one measurement there is no interval")
  func one() { #expect(Estimate([3]).interval == nil && Estimate([3]).mean == 3) }

  @Test(
    "Wilson's interval ends where the share found is 1.96 deviations off", arguments: [(0.3, 10), (0.0, 20), (1.0, 7)])
  func wilson(share: Double, rows: Int) throws {
    let right = Int((share * Double(rows)).rounded())
    let examples = try penguins()
    // A score of an evaluation is the way to one: accuracy on rows of which so many are right.
    guard case .table(let table) = examples.features else { return }
    let model = try Self.adelie.get()
    let adelies = (0..<Int32(examples.count)).filter { examples.target.text(Int($0)) == "Adelie" }.prefix(right)
    let others = (0..<Int32(examples.count)).filter { examples.target.text(Int($0)) == "Gentoo" }.prefix(rows - right)
    let some = table.select(rows: Array(adelies) + Array(others))
    let explanation = try Explainer().explain(Judgement(model, on: Examples(some, target: "species")))
    let score = try #require(explanation.scores.first { $0.name == "accuracy" })
    #expect(abs(score.value - share) < 1e-12)
    let interval = try #require(score.interval)
    for end in [interval.lower, interval.upper] where end > 1e-9 && end < 1 - 1e-9 {
      let deviations = abs(end - share) / (end * (1 - end) / Double(rows)).squareRoot()
      #expect(abs(deviations - 1.959964) < 1e-5)
    }
  }

  /// One that says Adelie to every penguin: it was trained on hardly any other.
  private static let adelie = Result {
    guard case .table(let table) = try penguins().features else { throw LearningError("no table") }
    let adelies = (0..<Int32(100)).map { $0 }
    var recipe = Recipe.plain
    (recipe.layers, recipe.epochs, recipe.validation, recipe.learningRate) = ([], 1, 0, 0.2)
    var few = table.select(rows: adelies + [200, 201])
    few.columns = few.columns.filter { ["species", "sex"].contains($0.name) }
    few.schema.columns = few.schema.columns.filter { ["species", "sex"].contains($0.name) }
    return try Learner(recipe).prepare(Examples(few, target: "species")).train().model
  }
}
