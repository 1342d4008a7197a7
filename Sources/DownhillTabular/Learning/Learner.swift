internal import DownhillCompute
public import DownhillNetwork
internal import DownhillTables
public import DownhillTraining

/// Turns examples into a model: what the command `train` does, in one call.
///
///     let table = try Table(contentsOf: .file("penguins.csv"), target: "species")
///     let learning = try Learner().prepare(Examples(table, target: "species"))
///     let learned = try learning.train()
///     try learned.model.save(to: "penguins.safetensors")
public struct Learner: Sendable {
  public var recipe: Recipe
  /// nil: as the target suggests.
  public var task: LearningTask?
  public var seed: UInt64 = 0
  /// nil: as many as there are processors. It changes the speed, never the result.
  public var threads: Int?
  /// The share of the rows that is held back to judge the result; 0: none.
  public var holdout = 0.0
  /// How rows are chosen for validation and holdout.
  public var split = RowSplit.random
  /// In how many parts the rows of an ensemble are divided, no fewer than it has members; each is validated on one of them.
  /// nil: ten, or as many as there are members.
  package var folds: Int?
  /// Whether rows are taken in an order of their own each epoch, and parts are drawn at random; else as they stand.
  public var shuffles = true
  /// Layers instead of the recipe's hidden ones; see `Recipe.network`.
  public var layers: [any Component]?
  /// An optimizer instead of the recipe's, which can name those of this package only.
  public var optimizer: (any Optimizer)?
  /// Worked out on the validation rows after each epoch, besides the recipe's.
  public var metrics: [any Metric] = []
  /// The first parameters by name; nil: drawn by the seed.
  public var initialWeights: InitialWeights?

  public var safekeeping = Safekeeping()

  public init(_ recipe: Recipe = .default) { self.recipe = recipe }

  /// Decides everything that is decided before training: task, parts, encoder, network.
  ///
  /// - Parameter test: rows to judge the result on; the model sees nothing of them.
  /// - Throws: `LearningError` where this can't be learned, and says why.
  public func prepare(_ examples: Examples, test: Examples? = nil) throws -> Learning {
    if let objection = recipe.objection { throw LearningError(objection, kind: .request) }
    guard holdout >= 0, holdout < 1 else {
      throw LearningError("a holdout takes a share from 0 to below 1, not \(holdout)", kind: .request)
    }
    let answered = examples.answered
    guard answered.count >= 2 else {
      throw LearningError(
        "\(examples.source) has \(counted(answered.count, "row")) with a value in the target column "
          + "“\(examples.target.name)”; there is nothing to learn from")
    }
    var notes: [String] = []
    let dropped = examples.count - answered.count
    if dropped > 0 { notes.append("\(counted(dropped, "row")) without a target left out") }

    let answers = dropped > 0 ? examples.target.select(rows: answered) : examples.target
    let suggested = TargetEncoding.inferTask(of: answers)
    let task = self.task ?? suggested.task
    notes.insert(self.task == nil ? "\(task.rawValue): \(suggested.reason)" : "\(task.rawValue), as asked", at: 0)
    try checkLoss(task)

    var learner = self
    var madeForTable = false
    if case .table = examples.features { madeForTable = layers == nil && recipe.isForTables }
    let members = recipe.settledMembers(madeForTable: madeForTable)
    // Where nothing else was ever meant, recipes don't speak of it.
    learner.recipe.members = madeForTable || members > 1 ? members : nil
    let classes = task == .classification ? answers.classes.codes : nil
    let parts: Parts
    do { parts = try Parts(answered, classes: classes, examples: examples, learner: learner) } catch {
      // Nobody asked for an ensemble.
      guard recipe.members == nil, let members = learner.recipe.members, members > 1 else { throw error }
      learner.recipe.members = 1
      parts = try Parts(answered, classes: classes, examples: examples, learner: learner)
      notes.append("one network, since the rows can't be parted in \(members)")
    }
    if let weights = examples.weights, !parts.training.contains(where: { weights[Int($0)] > 0 }) {
      throw LearningError("the weight of every training row of \(examples.source) is 0: there is nothing to learn from")
    }
    let target = try TargetEncoding(
      examples.target, task: task, rows: parts.training + parts.validation, trainingRows: parts.training,
      standardizes: recipe.standardizesTarget)
    if let loss = recipe.loss { try check(loss, target, name: examples.target.name) }
    learner.recipe = learner.recipe.settled(for: task, rows: parts.trainedOn, madeForTable: madeForTable)
    let encoder = FeatureEncoder(
      fitting: examples, rows: parts.training, scaling: recipe.scaling,
      mostOneHot: madeForTable ? learner.recipe.mostOneHot : nil,
      mostWords: madeForTable ? learner.recipe.mostWords ?? 0 : 0,
      ranksSkewed: madeForTable && learner.recipe.ranksSkewed == true,
      roughFor: madeForTable && learner.recipe.codesRoughValues == true
        ? RowAnswers(examples.target, target, rows: parts.training) : nil,
      areGrouped: madeForTable, workers: WorkerPool(threads: threads))
    guard encoder.width > 0 else {
      throw LearningError("\(examples.source) has no column to learn from besides the target")
    }
    var schema: Schema?
    if case .table(let table) = examples.features {
      schema = table.schema
      notes += encoder.notes(onTextsOf: table, takesTexts: madeForTable && learner.recipe.mostWords != 0)
    }
    let layers = try self.layers.map {
      try encoder.resolvingColumns(of: $0, source: examples.source, schema: schema)
    }
    var blocks: ColumnBlocks?
    if case .table(let encoder) = encoder, madeForTable {
      blocks = ColumnBlocks(encoder)
      if let blocks, blocks.numbers.count > Recipe.mostEmbedded, learner.recipe.embedding != NumberEmbedding.none {
        learner.recipe.embedding = NumberEmbedding.none
        notes.append("numbers stay as they are: \(blocks.numbers.count) of them are too many to make a vector of each")
      }
    }
    let network = learner.recipe.network(inputs: encoder.shape, target: target, layers: layers, blocks: blocks)
    let (outputs, wanted) = (try network.outputs().count, learner.recipe.ending(for: target).outputs)
    guard outputs == wanted else {
      throw LearningError(
        "the declared network has \(outputs) outputs, and “\(examples.target.name)” takes \(wanted): leave the output layer and "
          + "the last activation out, and they are added", kind: .request)
    }
    if !examples.areMapped { try checkMemory(encoder, rows: examples.count, network) }
    // θ, its gradient or best state, and two moments, at least.
    try network.checkMemory(floats: 5 * Double(network.parameterCount()), for: "training")
    if let test { try check(test, encoder: encoder) }
    return try Learning(
      learner: learner, examples: examples, test: test, parts: parts, encoder: encoder, target: target,
      network: network,
      start: try initialWeights?.parameters(for: network), notes: notes)
  }

  /// Whether the encoded rows fit the machine. Those that the result is judged on are encoded some at a time.
  private func checkMemory(_ encoder: FeatureEncoder, rows: Int, _ network: Network) throws {
    do {
      try network.checkMemory(floats: Double(rows) * Double(encoder.width), for: "the encoded rows")
    } catch {
      guard case .table(let table) = encoder, let widest = table.columns.max(by: { $0.width < $1.width }) else {
        throw error
      }
      throw LearningError(
        "\(error.reason.prefix { $0 != ":" }): the column “\(widest.column)” alone makes \(widest.width) columns, one for "
          + "each of its categories. Leave it out (ignore it), or put its values into fewer groups")
    }
  }

  /// What would be wrong with the test rows after training is found out before it.
  private func check(_ test: Examples, encoder: FeatureEncoder) throws(LearningError) {
    guard let first = test.answered.first else {
      throw LearningError("no row of \(test.source) has a value in the target column “\(test.target.name)”")
    }
    var features = try FeatureRows(encoder, test.features)
    _ = features.matrix([first], workers: WorkerPool(threads: 1))
  }

  private func checkLoss(_ task: LearningTask) throws(LearningError) {
    guard let loss = recipe.loss, let its = loss.task, its != task else { return }
    throw LearningError(
      task == .regression
        ? "\(loss) is a loss for classifications; regress with mse"
        : "\(loss) is a loss for regressions; classify with cross-entropy", kind: .request)
  }

  /// Whether the loss can be used for this target, found out before there is a network.
  private func check(_ loss: LossSetting, _ target: TargetEncoding, name: String) throws(LearningError) {
    if loss.isBinary, target.labels.count != 2 {
      throw LearningError(
        "\(loss) takes a target with two classes, and “\(name)” has \(target.labels.count); use cross-entropy",
        kind: .request)
    }
    let outputs = loss.isBinary || target.labels.isEmpty ? 1 : target.labels.count
    let last: any Layer = if target.labels.isEmpty { Linear(1) } else if loss.isBinary { Sigmoid() } else { Softmax() }
    let targets = target.labels.isEmpty ? Targets.values(Matrix(rows: 0, columns: 1)) : .classes([])
    if let objection = loss.loss.objection(outputs: outputs, last: last, targets: targets) {
      throw LearningError(objection, kind: .request)
    }
  }
}
