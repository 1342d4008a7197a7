import DownhillCompute
import DownhillTables
import DownhillTrees
import Testing

@Suite("Trees beside scikit-learn's")
struct ScikitLearnTests {
  struct Cases: Decodable { let cases: [Case] }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let columns: [[Double?]]
    let target: [Double]
    let newColumns: [[Double?]]
    let answers: [[Double]]
    let classes: Int
    let rounds: Int
    let rate: Double
    let leaves: Int
    let weights: [Double]?
    var testDescription: String { name }
  }

  static let cases = (fixture("boosting.json") as Cases).cases

  @Test(
    "One tree is a DecisionTreeRegressor; ten rounds are HistGradientBoosting's, with missing values and weights",
    arguments: cases)
  func agrees(_ expected: Case) {
    var options = BoostingOptions()
    (options.rounds, options.rate, options.growth.leaves) = (expected.rounds, expected.rate, expected.leaves)
    options.growth.penalty = 0
    let target: TreeTarget =
      expected.classes == 0
      ? .values(expected.target) : .classes(expected.target.map { Int32($0) }, count: expected.classes)
    let (values, probabilities) = predictions(
      table(expected.columns), target, of: table(expected.newColumns), weights: expected.weights, options: options)
    for (row, answer) in expected.answers.enumerated() {
      let said = expected.classes == 0 ? [values[row]] : probabilities.row(row).map { Double($0) }
      // Its gradients are float32.
      for (one, other) in zip(said, answer) { #expect(abs(one - other) < 2e-5 * max(1, abs(other)), "row \(row)") }
    }
  }
}
