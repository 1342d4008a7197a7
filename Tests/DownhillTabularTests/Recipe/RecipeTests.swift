import DownhillCompute
import DownhillNetwork
import DownhillTabular
import DownhillTraining
import Foundation
import Testing

@Suite("Recipes") struct RecipeTests {
  /// As model files had it before there were averages, clipping and kinds that don't decay.
  private static let old = """
    {"activation":"relu","batchSize":32,"beta2":0.999,"dropout":0,"epochs":100,"keepsBest":false,"layers":[128,64],\
    "learningRate":0.005,"momentum":0.9,"monitor":"loss","name":"plain","optimizer":"sgd","refits":false,\
    "scaling":"standard","schedule":"constant","standardizesTarget":true,"validation":0,"weightDecay":0}
    """

  @Test("a recipe of an earlier version is read, and one that asks for nothing new is written as it was")
  func earlier() throws {
    #expect(try JSONDecoder().decode(Recipe.self, from: Data(Self.old.utf8)) == .plain)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(Recipe.plain), as: UTF8.self) == Self.old)
  }

  @Test("what is new is written and read")
  func new() throws {
    var recipe = Recipe.default.with(.muon)
    (recipe.average, recipe.clipNorm, recipe.clipValue, recipe.undecayed) = (0.99, 1, 0.5, [.bias])
    #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(recipe)) == recipe)
    for text in ["muon", "moving average 0.99", "norm up to 1.0", "elements up to 0.5", "decay 0.01 but of bias"] {
      #expect(recipe.description.contains(text), "\(recipe)")
    }
    let options = recipe.trainingOptions(for: .classes(labels: ["a", "b"]), seed: 0, threads: 1)
    #expect(options.clipping == Clipping(norm: 1, value: 0.5) && options.average == MovingAverage(0.99))
    #expect(options.decaying == [.weights, .scale, .embedding])
  }

  @Test("every optimizer has settings that it does well with", arguments: Recipe.OptimizerName.allCases)
  func optimizers(name: Recipe.OptimizerName) throws {
    var recipe = quick(Recipe.plain.with(name))
    (recipe.layers, recipe.epochs) = ([64], 60)
    #expect(recipe.objection == nil)
    let learned = try Learner(recipe).prepare(penguins()).train()
    #expect(learned.evaluation.values.first { $0.name == "accuracy" }!.value > 0.9, "\(recipe)")
  }

  @Test("settings that make no sense are objected to")
  func objections() {
    func objection(_ change: (inout Recipe) -> Void) -> String? {
      var recipe = Recipe.default
      change(&recipe)
      return recipe.objection
    }
    #expect(objection { $0.average = 1 } == "the decay of a moving average is at least 0 and below 1, not 1.0")
    #expect(objection { $0.clipNorm = 0 } == "a gradient's norm is clipped to a bound above 0, not 0.0")
    #expect(objection { $0.clipValue = -1 } == "a gradient's value is clipped to a bound above 0, not -1.0")
  }
}
