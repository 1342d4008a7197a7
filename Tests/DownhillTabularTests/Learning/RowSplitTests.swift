import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import Testing

@Suite("Rows parted and weighted by columns") struct RowSplitTests {
  private func table(_ text: String, aside: [String] = [], numeric: [String] = []) throws -> Table {
    try Table(
      contentsOf: .text(text, name: "t.csv"), overrides: SchemaOverrides(numeric: numeric, aside: aside), target: "y")
  }

  @Test("a row of weight 2 trains like the same row twice, one of weight 0 like none")
  func weights() throws {
    func parameters(_ text: String, weights: String?) throws -> [Float] {
      var recipe = Recipe.plain
      recipe.layers = [4]
      recipe.epochs = 50
      recipe.optimizer = .gd
      recipe.learningRate = 0.05
      recipe.weightDecay = 0
      recipe.scaling = .none
      recipe.standardizesTarget = false
      var learner = Learner(recipe)
      learner.task = .regression
      let table = try table(text, aside: weights.map { [$0] } ?? [])
      let learned = try learner.prepare(Examples(table, target: "y", weights: weights)).train()
      return learned.model.parameters.shapes.flatMap { learned.model.parameters[$0.name]!.elements }
    }
    let weighted = try parameters(
      "x,z,w,y\n0.5,1.5,2,1.25\n-1,0.25,1,0.5\n9,-9,0,7.5\n0.75,-1.25,3,-1\n", weights: "w")
    let repeated = try parameters(
      "x,z,y\n0.5,1.5,1.25\n0.5,1.5,1.25\n-1,0.25,0.5\n0.75,-1.25,-1\n0.75,-1.25,-1\n0.75,-1.25,-1\n", weights: nil)
    #expect(weighted.count == repeated.count)
    #expect(zip(weighted, repeated).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test(
    "weights that are none are errors with their line",
    arguments: [("-1", "t.csv:3: column \"w\": the weight -1.0"), ("", "t.csv:3: column \"w\": no weight")])
  func badWeights(text: String, message: String) throws {
    let table = try table("x,w,y\n1,1,a\n2,\(text),b\n", aside: ["w"], numeric: ["w"])
    let error = #expect(throws: LearningError.self) { try Examples(table, target: "y", weights: "w") }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test("a column set aside is not learned from, and the model doesn't ask for it")
  func aside() throws {
    let text = "x,w,y\n" + (0..<60).map { "\($0 * 7 % 11),\($0 % 3),\($0 % 2)\n" }.joined()
    let table = try table(text, aside: ["w"])
    let learned = try Learner(quick()).prepare(Examples(table, target: "y", weights: "w")).train()
    guard case .table(let encoder) = learned.model.encoder else { return #expect(Bool(false)) }
    #expect(encoder.names == ["x"] && table["w"] == nil && table.aside.map(\.name) == ["w"])
    _ = try Table(contentsOf: .text("x\n1\n"), schema: try #require(learned.model.schema), optional: ["y"])
  }

  /// What the parts of the rows are, read off the sizes that learning tells.
  private func sizes(_ table: Table, _ split: RowSplit, holdout: Double, validation: Double) throws -> [Int] {
    var learner = Learner(quick())
    learner.recipe.validation = validation
    learner.holdout = holdout
    learner.split = split
    let learning = try learner.prepare(Examples(table, target: "y"))
    return [learning.trainingRows, learning.validationRows, learning.testRows]
  }

  @Test("groups stay whole: parts are made of them")
  func grouped() throws {
    // Ten groups of 7 rows: every part is a multiple of 7.
    let text = "x,g,y\n" + (0..<70).map { "\($0 * 3 % 17),g\($0 % 10),\($0 % 2)\n" }.joined()
    let table = try table(text, aside: ["g"])
    #expect(try sizes(table, .grouped(by: table.column("g")), holdout: 0.2, validation: 0.25) == [42, 14, 14])
  }

  @Test("a column says what rows are for")
  func given() throws {
    let text =
      "x,part,y\n"
      + (0..<40).map {
        "\($0 * 3 % 17),\($0 < 20 ? "train" : $0 < 30 ? "Validation" : "TEST"),\($0 % 2)\n"
      }.joined()
    let table = try table(text, aside: ["part"])
    #expect(try sizes(table, .given(by: table.column("part")), holdout: 0, validation: 0.2) == [20, 10, 10])
    let other = try self.table(text + "1,later,0\n", aside: ["part"])
    let error = #expect(throws: LearningError.self) {
      try sizes(other, .given(by: other.column("part")), holdout: 0, validation: 0)
    }
    #expect(error?.description == "t.csv:42: column \"part\": “later” where train, validation or test was expected")
  }

  @Test("the latest rows are held back, by dates in any order of the rows")
  func latest() throws {
    let text =
      "x,day,y\n"
      + (0..<50).map { index in
        let day = index * 17 % 50 + 1
        return
          "\(index),\(day <= 31 ? "2026-01-" : "2026-02-")\(day <= 31 ? padded(day) : padded(day - 31)),\(day > 40 ? "late" : "early\(day % 2)")\n"
      }.joined()
    let table = try table(text)
    // Days 41 to 50 are late: with a fifth held back the training rows know nothing of that class.
    var learner = Learner(quick())
    learner.holdout = 0.2
    learner.recipe.validation = 0
    learner.split = .latest(by: try table.column("day"))
    let learning = try learner.prepare(Examples(table, target: "y"))
    #expect(learning.target.labels == ["early0", "early1"] && learning.testRows == 10)
  }

  private func padded(_ day: Int) -> String { day < 10 ? "0\(day)" : "\(day)" }

  @Test("a column that isn't there, or isn't read, is named")
  func noColumn() throws {
    let table = try table("x,c,y\n1,k,a\n2,k,b\n")
    #expect(throws: LearningError("t.csv: the column “z” is not there", kind: .request)) { try table.column("z") }
    #expect(throws: LearningError.self) { try table.column("c") }
  }
}
