import DownhillCompute
import DownhillExplanation
import DownhillFiles
import DownhillTables
import DownhillTabular
import DownhillTraining
import Testing

@Suite("Explaining a model") struct ExplainerTests {
  private static func learner(members: Int? = nil, epochs: Int = 6) -> Learner {
    var recipe = Recipe.default
    (recipe.layers, recipe.epochs, recipe.members) = ([8], epochs, members ?? 1)
    var learner = Learner(recipe)
    learner.seed = 2
    return learner
  }

  /// Three classes along a; b says nothing, and c is the same everywhere.
  private static func table(rows: Int = 240) -> Table {
    var random = RandomStream(seed: 7, purpose: .split)
    let a = (0..<rows).map { Double($0 % 3) + 0.3 * random.normal() }
    let b = (0..<rows).map { _ in random.normal() }
    return Table([
      Column(name: "a", kind: .numeric, values: .numbers(a)), Column(name: "b", kind: .numeric, values: .numbers(b)),
      Column(name: "c", kind: .numeric, values: .numbers([Double](repeating: 1, count: rows))),
      Column(
        name: "y", kind: .categorical,
        values: .categories(codes: (0..<rows).map { Int32($0 % 3) }, names: ["x", "y", "z"])),
    ])
  }

  @Test("A permutation is that of the seed, column and repeat, and its importance what predictions then lose")
  func permutation() throws {
    let examples = try Examples(Self.table(), target: "y")
    let model = try Self.learner().prepare(examples).train().model
    var explainer = Explainer()
    (explainer.seed, explainer.repeats) = (11, 3)
    let found = try #require(explainer.explain(Judgement(model, on: examples)).importance)
    #expect(found.columns.map(\.name).first == "a" && found.rows == 240 && found.repeats == 3)

    let predictor = try ModelPredictor(model)
    guard case .table(let table) = examples.features else { return }
    func loss(_ table: Table) throws -> Double {
      let probabilities = try predictor.predict(.table(table)).probabilities
      return ClassificationMetrics(probabilities: probabilities, classes: (0..<240).map { Int32($0 % 3) }).logLoss
    }
    let base = try loss(table)
    for (index, name) in ["a", "b"].enumerated() {
      let rises = try (0..<3).map { turn in
        var random = RandomStream(seed: 11, purpose: .explanation, index: 1 + index, step: turn)
        var permuted = table
        permuted.columns[index] = table.columns[index].select(rows: random.permutation(of: 240))
        return try loss(permuted) - base
      }
      let column = try #require(found.columns.first { $0.name == name })
      #expect(abs(column.loss.mean - rises.reduce(0, +) / 3) < 1e-9)
    }
    // Of three measurements: t = 4.303 with two degrees of freedom.
    let a = found.columns[0].loss
    let interval = try #require(a.interval)
    #expect(abs(interval.upper - a.mean - 4.303 * a.deviation / 3.0.squareRoot()) < 1e-9)
  }

  @Test("A column that is the same in all rows has no importance at all; one that decides has nearly all")
  func extremes() throws {
    let examples = try Examples(Self.table(), target: "y")
    let model = try Self.learner(epochs: 40).prepare(examples).train().model
    let importance = try #require(Explainer().explain(Judgement(model, on: examples)).importance)
    let means = Dictionary(uniqueKeysWithValues: importance.columns.map { ($0.name, $0.loss.mean) })
    #expect(means["c"] ?? 0 == 0)
    #expect(try #require(means["a"]) > 10 * abs(try #require(means["b"])))
  }

  @Test("The same on any number of threads, and from the same seed alone")
  func determinism() throws {
    let examples = try Examples(Self.table(), target: "y")
    let model = try Self.learner(members: 3).prepare(examples).train().model
    func page(threads: Int, seed: UInt64 = 4) throws -> String {
      var explainer = Explainer()
      (explainer.threads, explainer.seed, explainer.rows) = (threads, seed, 100)
      return Report(try explainer.explain(Judgement(model, on: examples))).html
    }
    let page1 = try page(threads: 1)
    #expect(try page(threads: 3) == page1)
    #expect(try page(threads: 1, seed: 5) != page1)
  }

  @Test(
    "Rows of an ensemble are explained by the members that have not seen them: the figures are those of its training")
  func members() throws {
    for (target, members) in [("species", 3), ("body_mass_g", 4)] {
      let learned = try Self.learner(members: members).prepare(penguins(target: target)).train()
      #expect(learned.judgement.parts.count == members && learned.acquaintance == .crossValidation)
      let explanation = try Explainer().explain(learned.judgement, acquaintance: learned.acquaintance)
      #expect(explanation.rows == learned.evaluation.rows)
      for (score, expected) in zip(explanation.scores, learned.evaluation.values) {
        #expect(score.name == expected.name && score.value == expected.value)
      }
      // All rows are in the sample, so its loss is theirs, and not that of members that have seen them.
      let importance = try #require(explanation.importance)
      #expect(importance.rows == explanation.rows)
      let metric = try #require(explanation.scores.first { $0.name == importance.metricName })
      #expect(abs(importance.metric - metric.value) < 1e-5 * max(1, metric.value))
    }
  }

  @Test("A single network is explained on what judged it: rows held back, validation rows before the refit, test data")
  func judged() throws {
    var learner = Self.learner()
    let validated = try learner.prepare(penguins()).train()
    #expect(validated.acquaintance == .validation && validated.acquaintance.warning != nil)
    learner.holdout = 0.25
    let heldBack = try learner.prepare(penguins()).train()
    #expect(heldBack.acquaintance == .holdout && heldBack.acquaintance.warning == nil)
    for learned in [validated, heldBack] {
      let scores = try Explainer().explain(learned.judgement).scores
      for (score, expected) in zip(scores, learned.evaluation.values) { #expect(score.value == expected.value) }
    }
  }

  @Test("The worst rows are those of the greatest losses, with their lines and values")
  func worst() throws {
    let examples = try penguins()
    let model = try Self.learner(epochs: 1).prepare(examples).train().model
    let explanation = try Explainer().explain(Judgement(model, on: examples))
    let losses = explanation.worst.map(\.loss)
    #expect(losses.count == 10 && losses == losses.sorted(by: >))
    guard case .table(let table) = examples.features else { return }
    let probabilities = try ModelPredictor(model).predict(examples.features).probabilities
    let all = (0..<table.rowCount).map { row in
      -logarithm(Double(probabilities[row, model.labels.firstIndex(of: examples.target.text(row)!)!]))
    }
    #expect(abs(losses[0] - all.max()!) < 1e-6)
    let first = explanation.worst[0]
    #expect(first.row == all.firstIndex(of: all.max()!)! + 1 && first.line == first.row + 1)
    #expect(first.truth == examples.target.text(first.row - 1))
    for value in first.values { #expect(value.text == table[value.column]?.text(first.row - 1)) }
    #expect(first.values.map(\.column) == explanation.importance?.columns.prefix(8).map(\.name))
  }

  @Test("One row, one class, a column that is missing everywhere: figures where there are any, and a page")
  func sparse() throws {
    let examples = try penguins()
    let classifier = try Self.learner().prepare(examples).train().model
    let regression = try Self.learner().prepare(penguins(target: "body_mass_g")).train().model
    guard case .table(let table) = examples.features else { return }
    for rows in [[Int32(0)], [Int32](0..<40)] {
      var some = table.select(rows: rows)
      let place = try #require(some.columns.firstIndex { $0.name == "bill_depth_mm" })
      some.columns[place].values = .numbers([Double](repeating: .nan, count: rows.count))
      for model in [classifier, regression] {
        let explanation = try Explainer().explain(Judgement(model, on: Examples(some, target: model.target)))
        #expect(explanation.rows == rows.count - (rows.count > 1 && model.target == "body_mass_g" ? 1 : 0))
        #expect(!Report(explanation).html.contains(">nan") && !explanation.json.text().contains("nan"))
      }
    }
  }

  @Test("What is no column, or none that the model takes, is refused")
  func refusals() throws {
    let examples = try penguins()
    let model = try Self.learner().prepare(examples).train().model
    var explainer = Explainer()
    explainer.columns = ["sex", "colour"]
    #expect(throws: LearningError.self) { try explainer.explain(Judgement(model, on: examples)) }
    explainer.columns = ["species"]
    #expect(throws: LearningError.self) { try explainer.explain(Judgement(model, on: examples)) }
    guard case .table(let table) = examples.features else { return }
    #expect(throws: LearningError.self) {
      try Judgement(model, on: Examples(table.select(rows: []), target: "species"))
    }
  }
}
