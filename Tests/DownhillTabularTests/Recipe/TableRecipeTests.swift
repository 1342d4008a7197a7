import DownhillCompute
import DownhillNetwork
import DownhillTables
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

@Suite("The recipes for tables") struct TableRecipeTests {
  private func learn(_ recipe: Recipe, _ examples: Examples) throws -> Learning {
    try Learner(recipe).prepare(examples)
  }

  @Test("numbers become vectors, the network is RealMLP's, and its groups learn at the rates of the paper")
  func network() throws {
    var recipe = Recipe.default
    (recipe.layers, recipe.members) = ([16, 16], 1)
    let learning = try learn(recipe, penguins())
    let text = "\(learning.network)"
    for part in [
      "ParameterGroup(rate: 16.0", "PeriodicEmbedding(frequencies: 16, outputs: 3)", "Scale()",
      "ParametricActivation(SELU())",
      "parametrization: .neuralTangent, fitted: true", "Dropout(0.15)", "Softmax()",
    ] { #expect(text.contains(part), "\(part): \(text)") }
    #expect(try learning.network.outputs().count == 3)
    // A user's choice stays.
    (recipe.embedding, recipe.scalesInputs, recipe.parametricActivation) = (NumberEmbedding.none, false, false)
    recipe.parametrization = .standard
    let plain = "\(try learn(recipe, penguins()).network)"
    for part in ["Group", "Periodic", "Scale", "Parametric", "neural"] { #expect(!plain.contains(part), "\(plain)") }
  }

  @Test(
    "default is an ensemble of ten; linear models, optimizers that follow the gradient's scale and earlier versions are one network",
    arguments: [
      (Recipe.default, 10), (.fast, 6), (.best, 20), (Recipe.default.with(.adam), 10), (Recipe.default.with(.sgd), 1),
      (Recipe.default.with(.lbfgs), 1), (.plain, 1), (RecipeReference("default@1")!.recipe, 1),
    ])
  func members(recipe: Recipe, count: Int) throws {
    #expect(try learn(recipe, penguins()).recipe.members ?? 1 == count)
    var linear = recipe
    linear.layers = []
    let learning = try learn(linear, penguins())
    #expect(learning.recipe.members ?? 1 == 1 && !"\(learning.network)".contains("Periodic"))
  }

  @Test(
    "rows that can't be parted in folds give one network, and a note; who asks for folds is told why there are none")
  func noFolds() throws {
    let table = try Table(
      contentsOf: .text("x,y\n1,2\n2,4\n3,6\n"), target: "y")
    let learning = try learn(.default, try Examples(table, target: "y"))
    #expect(learning.recipe.members == 1 && learning.notes.contains { $0.contains("can't be parted in 10") })
    var asked = Recipe.default
    asked.members = 5
    #expect(throws: LearningError.self) { try learn(asked, try Examples(table, target: "y")) }
  }

  @Test("columns with many categories become codes; what is missing, rare or new has code 0")
  func codes() throws {
    var lines = ["city,size,y"]
    for row in 0..<60 { lines.append("c\(row % 12),\(row % 7),\(row % 5)") }
    lines += [",1,1", "lonely,2,2"]
    let table = try Table(
      contentsOf: .text(lines.joined(separator: "\n") + "\n"),
      overrides: SchemaOverrides(numeric: ["y"], categorical: ["city"], dates: [], ignore: []), target: "y")
    var recipe = quick(.default)
    recipe.members = 1
    recipe.validation = 0
    let learned = try Learner(recipe).prepare(Examples(table, target: "y")).train()
    guard case .table(let encoder) = learned.model.encoder else { throw CancellationError() }
    guard case .codes(let categories) = encoder.columns.last?.form else {
      Issue.record("\(encoder.columns)")
      return
    }
    #expect(categories.sorted() == (0..<12).map { "c\($0)" }.sorted() && encoder.columns[0].column == "size")
    let (matrix, report) = try encoder.encode(table)
    let codes = (0..<62).map { matrix[$0, matrix.columns - 1] }
    #expect(codes[60] == 0 && codes[61] == 0 && Set(codes[..<60]) == Set((1...12).map(Float.init)))
    #expect(report.unseen.map(\.column) == ["city"] && report.unseen[0].rows == 1)
    // A file brings it back.
    let model = try Model(decoding: learned.model.encoded())
    #expect(model.encoder == learned.model.encoder)
    #expect("\(model.network)".contains("Embedding(categories: [13], width: 8"))
  }

  @Test(
    "an embedding of numbers is written as it is read", arguments: ["none", "periodic", "periodic(deviation: 0.3)"])
  func embeddings(text: String) throws {
    #expect(try NumberEmbedding(text).description == text)
    let decoded = try JSONDecoder().decode([NumberEmbedding].self, from: JSONEncoder().encode([NumberEmbedding(text)]))
    #expect(decoded[0].description == text)
  }

  @Test(
    "what there is not is refused",
    arguments: ["waves", "periodic(deviation: 0)", "periodic(outputs: 0)", "periodic(frequencies: 2.5)", "none(a: 1)"])
  func wrongEmbeddings(text: String) { #expect(throws: SpellingError.self) { try NumberEmbedding(text) } }

  @Test(
    "few rows get small batches and low frequencies, many rows few epochs",
    arguments: [
      (Recipe.default, 276, 32, 100, Float(0.1)), (.default, 1_500, 64, 100, 0.1), (.default, 3_000, 128, 100, 0.1),
      (.default, 10_000, 256, 100, 0.1), (.default, 40_000, 256, 50, 0.5), (.default, 10_000_000, 256, 20, 0.5),
      (.fast, 276, 32, 52, 0.1), (.fast, 40_000, 256, 26, 0.5), (.best, 276, 32, 100, 0.1),
    ])
  func settled(recipe: Recipe, rows: Int, batch: Int, epochs: Int, deviation: Float) {
    let settled = recipe.settled(for: .classification, rows: rows)
    #expect(settled.batchSize == batch && settled.epochs == epochs)
    #expect(settled.embedding == .periodic(deviation: deviation))
    // The rates of the paper, by √256.
    #expect(settled.learningRate == 0.0025 && recipe.settled(for: .regression, rows: rows).learningRate == 0.0125)
    #expect(settled.activation == .selu && recipe.settled(for: .regression, rows: rows).activation == .mish)
  }

  @Test("a recipe is named with its version", arguments: ["plain", "default@1", "default@2", "fast@2", "best@2"])
  func references(text: String) throws {
    let reference = try #require(RecipeReference(text))
    #expect(reference.description == text && reference.recipe.reference == reference)
  }

  @Test(
    "versions that there are not are no recipes", arguments: ["default@3", "fast@1", "plain@2", "default@", "deep"])
  func noReferences(text: String) { #expect(RecipeReference(text) == nil) }
}
