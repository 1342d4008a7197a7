import DownhillNetwork
import DownhillTabular
import DownhillTuning
import Testing

@Suite("Spaces of recipes") struct RecipeSpaceTests {
  private static func settled(_ name: Recipe.Name, _ task: LearningTask) -> Recipe {
    Recipe(name).settled(for: task, rows: 1_500)
  }

  @Test(
    "The usual space has the recipe itself as a point, whose values give the recipe back",
    arguments: Recipe.Name.allCases, LearningTask.allCases)
  func usual(name: Recipe.Name, task: LearningTask) throws {
    let recipe = Self.settled(name, task)
    let space = try SearchSpace.usual(for: task, rows: 1_500, around: recipe)
    try space.check(for: recipe)
    let point = space.point(of: recipe)
    // The article's recipe has layers of different widths: they have no one width.
    let missing = Set(space.dimensions.map(\.name)).subtracting(point.keys)
    #expect(name == .plain ? missing.isSubset(of: ["width"]) : missing.isEmpty, "\(missing)")
    if name != .plain { #expect(recipe.with(point) == recipe) }
    #expect(space.dimensions.count >= 8)
    #expect((space["label-smoothing"] != nil) == (task == .classification))
    let images = try SearchSpace.usual(for: task, rows: 1_500, around: recipe, fixed: ["epochs"], hasLayers: true)
    #expect(images["depth"] == nil && images["dropout"] == nil && images["epochs"] == nil)
    #expect(images["weight-decay"] != nil || recipe.weightDecay == 0)
  }

  @Test("Each setting is set to what it was asked for, and nothing else")
  func setting() throws {
    let recipe = Self.settled(.default, .classification)
    let other = recipe.with([
      "depth": 2, "width": 96, "activation": "relu", "embedding": "none", "residual": true, "dropout": 0.3,
      "label-smoothing": 0.05, "learning-rate": 0.01, "beta2": 0.99, "weight-decay": 0.1, "average": 0,
      "batch-size": 64, "epochs": 30, "scaling": "standard", "schedule": "cosine",
    ])
    #expect(other.layers == [96, 96] && other.activation == .relu && other.embedding == NumberEmbedding.none)
    #expect(other.residual == true && other.dropout == 0.3 && other.learningRate == 0.01 && other.beta2 == 0.99)
    #expect(other.loss == LossSetting(CrossEntropy(labelSmoothing: 0.05)) && other.weightDecay == 0.1)
    #expect(other.average == 0 && other.batchSize == 64 && other.epochs == 30 && other.scaling == .standard)
    #expect(other.schedule == .cosine && other.parametrization == recipe.parametrization)
    // An optimizer's own settings give way to those that stand beside it.
    let muon = recipe.with(["optimizer": "muon", "learning-rate": 0.02])
    #expect(muon.optimizer == .muon && muon.momentum == 0.95 && muon.learningRate == 0.02)
  }

  @Test(
    "A space of what recipes don't have is refused, and says what there is",
    arguments: [
      (SearchDimension("droput", from: 0, to: 1), "did you mean “dropout”"),
      (SearchDimension("dropout", from: 0, to: 1), "below 1"),
      (SearchDimension("activation", oneOf: ["rleu"]), "did you mean “relu”"),
      (SearchDimension("activation", from: 0, to: 1), "list its values"),
      (SearchDimension("depth", from: 1, to: 4), "range is one of whole numbers"),
      (SearchDimension("embedding", oneOf: ["periodic(deviaton: 1)"]), "deviation"),
      (SearchDimension("residual", oneOf: ["perhaps"]), "true or false"),
      (SearchDimension("batch-size", oneOf: [0]), "at least one row"),
      (SearchDimension("learning-rate", oneOf: ["fast"]), "is a number"),
    ])
  func refusals(dimension: SearchDimension, fragment: String) throws {
    let space = try SearchSpace([dimension])
    #expect { try space.check(for: Self.settled(.default, .classification)) } throws: { "\($0)".contains(fragment) }
  }
}
