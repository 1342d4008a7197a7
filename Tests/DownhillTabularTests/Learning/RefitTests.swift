import DownhillTables
import DownhillTabular
import DownhillTraining
import Testing

@Suite("A second training on all rows") struct RefitTests {
  /// A hundred rows whose encoding and order depend on no part, so that trainings on other parts can be compared.
  private static func learner(_ change: (inout Recipe) -> Void) -> Learner {
    var recipe = quick()
    recipe.scaling = .none
    recipe.standardizesTarget = false
    recipe.learningRate = 1e-3
    recipe.epochs = 12
    recipe.batchSize = 16
    recipe.validation = 0.25
    recipe.keepsBest = true
    recipe.refits = true
    change(&recipe)
    var learner = Learner(recipe)
    learner.shuffles = false
    return learner
  }

  private static func examples() throws -> Examples {
    // The validation rows, the last quarter, fall where the others rise: they are best before the end.
    let rows = (0..<100).map { row in
      let x = Double((row * 37) % 100) / 25 - 2
      return "\(x),\(row < 75 ? x * x : 1.5 - x / 3)\n"
    }
    return try Examples(Table(contentsOf: .text("x,y\n" + rows.joined()), target: "y"), target: "y")
  }

  @Test("its parameters are those of a training on all rows that ends where the first was best")
  func parameters() throws {
    let refitted = try Self.learner { _ in }.prepare(Self.examples()).train().model
    #expect(refitted.record.refitted && refitted.record.epoch < 12)
    let whole = try Self.learner { recipe in
      recipe.validation = 0
      recipe.epochs = refitted.record.epoch
    }.prepare(Self.examples()).train().model
    #expect(!whole.record.refitted && whole.record.trainingRows == 100)
    #expect(refitted.parameters == whole.parameters)
  }

  @Test("validation metrics and history are those of the first, which hasn't seen the rows")
  func metrics() throws {
    let refitted = try Self.learner { _ in }.prepare(Self.examples()).train()
    let once = try Self.learner { $0.refits = false }.prepare(Self.examples()).train()
    #expect(once.model.parameters != refitted.model.parameters)
    #expect(refitted.model.record.metricsOn == .validation && refitted.evaluation.rows == 25)
    #expect(refitted.model.record.metrics == once.model.record.metrics)
    #expect(refitted.model.record.history == once.model.record.history)
  }

  @Test("it is announced with its rows and epochs; interrupted, it leaves the first's parameters")
  func interruption() throws {
    let stop = StopSignal()
    var announced: Refit?
    let stopped = try Self.learner { _ in }.prepare(Self.examples()).train(
      stop: stop,
      onRefit: { refit in
        announced = refit
        stop.request()
      })
    let once = try Self.learner { $0.refits = false }.prepare(Self.examples()).train()
    #expect(announced?.rows == 100 && announced?.epochs == once.model.record.epoch)
    #expect(stopped.ending == .interrupted && !stopped.model.record.refitted)
    #expect(stopped.model.parameters == once.model.parameters)
  }

  @Test(
    "there is none after an interrupted first training, nor without validation rows, nor where the last epoch counts")
  func none() throws {
    let stop = StopSignal()
    let interrupted = try Self.learner { _ in }.prepare(Self.examples()).train(
      stop: stop, onEvent: { if case .epoch(let epoch) = $0, epoch.epoch == 2 { stop.request() } })
    #expect(interrupted.ending == .interrupted && !interrupted.model.record.refitted)
    for change: (inout Recipe) -> Void in [{ $0.validation = 0 }, { $0.keepsBest = false }] {
      #expect(try !Self.learner(change).prepare(Self.examples()).train().model.record.refitted)
    }
  }
}

@Suite("What a recipe leaves to the data") struct SettlingTests {
  @Test(
    "for ordinary layers the number of rows decides on width, batch and epochs, the task on dropout",
    arguments: [
      (100, LearningTask.classification, [128, 128], 64, 100, 0.2), (1_500, .regression, [128, 128], 256, 100, 0.1),
      (40_000, .classification, [256, 256], 256, 50, 0.2), (10_000_000, .regression, [256, 256], 256, 20, 0.1),
    ])
  func settled(rows: Int, task: LearningTask, layers: [Int], batch: Int, epochs: Int, dropout: Double) {
    let recipe = Recipe.default.settled(for: task, rows: rows, madeForTable: false)
    #expect(recipe.layers == layers && recipe.batchSize == batch)
    #expect(recipe.epochs == epochs && recipe.dropout == dropout)
  }

  @Test("what is given stays, and a model's recipe has all numbers")
  func given() throws {
    var recipe = Recipe.default
    recipe.epochs = 2
    recipe.layers = []
    let settled = try Learner(recipe).prepare(penguins()).train().model.record.recipe
    #expect(settled.epochs == 2 && settled.layers == [] && settled.batchSize == 32 && settled.dropout == 0.15)
    #expect(Recipe.plain.settled(for: .regression, rows: 7) == .plain)
  }
}
