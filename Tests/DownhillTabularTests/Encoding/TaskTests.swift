import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Testing

@Suite("What a target asks for") struct TaskTests {
  private func column(_ values: [String]) throws -> Column {
    let text = "x,y\n" + values.map { "1,\"\($0)\"\n" }.joined()
    return try #require(try Table(contentsOf: .text(text), target: "y")["y"])
  }

  @Test(
    "texts, yes or no and few whole numbers are classes; other numbers are values",
    arguments: [
      (["a", "b", "a"], LearningTask.classification),
      (["yes", "no", "yes"], .classification),
      (["0", "1", "1", "0"], .classification),
      (["1", "2", "3", "1", "2", "3", "1", "2"], .classification),
      (["1", "2", "3", "4", "5"], .regression),
      (["1.5", "2", "1.5", "2", "1.5"], .regression),
      (["0.1", "0.2", "0.3"], .regression),
    ])
  func inference(values: [String], task: LearningTask) throws {
    #expect(TargetEncoding.inferTask(of: try column(values)).task == task)
  }

  @Test("labels are ordered by value: numbers ascending, texts by Unicode scalars")
  func order() throws {
    func labels(_ values: [String]) throws -> [String] {
      let table = try Table(
        contentsOf: .text("x,y\n" + values.enumerated().map { "\($0),\"\($1)\"\n" }.joined()), target: "y")
      var learner = Learner(.plain)
      learner.task = .classification
      return try learner.prepare(Examples(table, target: "y")).target.labels
    }
    #expect(try labels(["10", "9", "-2", "1e3", "0.5"]) == ["-2", "0.5", "9", "10", "1000"])
    #expect(try labels(["b", "É", "Z", "a", "10", "9", "🐧"]) == ["10", "9", "Z", "a", "b", "É", "🐧"])
    #expect(try labels(["yes", "no", "yes"]) == ["no", "yes"])
  }

  @Test("a regression's predictions are in the target's own units")
  func units() throws {
    // y = 1,000,000,000 + 3x, which a network learns exactly; no float holds it to better than 64.
    let rows = (0..<64).map { "\($0),\(1_000_000_000 + 3 * $0)" }
    let table = try Table(contentsOf: .text("x,y\n" + rows.joined(separator: "\n")), target: "y")
    var recipe = Recipe.plain
    recipe.layers = []
    recipe.validation = 0
    recipe.optimizer = .gd
    recipe.learningRate = 0.5
    recipe.momentum = 0
    let learned = try Learner(recipe).prepare(Examples(table, target: "y")).train()
    let predicted = try ModelPredictor(learned.model).predict(.table(table)).values
    for (row, value) in predicted.enumerated() { #expect(abs(value - Double(1_000_000_000 + 3 * row)) < 0.01) }
    guard case .regression(let metrics) = learned.evaluation.scores else { return #expect(Bool(false)) }
    #expect(metrics.rmse < 0.01)
    #expect(metrics.r2! > 0.9999)
  }
}
