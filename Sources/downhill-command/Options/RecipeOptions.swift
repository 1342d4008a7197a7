public import ArgumentParser
public import Downhill

extension Activation: ExpressibleByArgument {}
extension RecipeReference: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public static var allValueStrings: [String] { Recipe.Name.allCases.map(\.rawValue) }
}
extension Recipe.OptimizerName: ExpressibleByArgument {}
extension Recipe.Monitor: ExpressibleByArgument {}
extension NumberScaling.Kind: ExpressibleByArgument {}
extension Linear.Parametrization: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "standard": self = .standard
    case "neural-tangent": self = .neuralTangent
    default: return nil
    }
  }

  public static var allValueStrings: [String] { ["standard", "neural-tangent"] }
  public var word: String { self == .standard ? "standard" : "neural-tangent" }
}

/// How to train. What isn't given is decided by the recipe.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where defaults come from.",
      discussion: "plain is the textbook's algorithm and nothing more: standardised inputs, one-hot categories, "
        + "stochastic gradient descent with momentum. default is the best that this version knows for the time of one "
        + "ordinary training: for a table an ensemble; fast takes a small part of that time, best several times as much. "
        + "--explain-recipe prints what they stand for. A model's configuration names the version too: default@2."))
  var recipe = RecipeReference(.default)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Widths of the hidden layers, with commas: 128,64; none for a linear model.", valueName: "widths"))
  var layers: Widths?

  @Option(help: "The activation between layers.")
  var activation: Activation?

  @Option(
    help: ArgumentHelp(
      "How layers start and learn: standard, or neural-tangent, in which all layers learn alike, whatever their width.",
      valueName: "name"))
  var parametrization: Linear.Parametrization?

  @Flag(inversion: .prefixedNo, help: "Let each activation learn how much of it there is.")
  var parametricActivation: Bool?

  @Option(
    help: ArgumentHelp(
      "What a table's numbers become first: none, or 'periodic(frequencies: 16, outputs: 3, deviation: 0.1)'.",
      valueName: "embedding"), transform: { try NumberEmbedding($0) })
  var embedding: NumberEmbedding?

  @Flag(inversion: .prefixedNo, help: "Put a layer that learns each feature's weight fast before the others.")
  var inputScale: Bool?

  @Flag(inversion: .prefixedNo, help: "Let hidden layers as wide as the one before add to what they are given.")
  var residual: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "Give numbers that are mostly one and the same, or reach far out, a second column: their rank.")
  var skewedRanks: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "So many words of a column of texts, the most frequent, get a column each; 0: texts are left out.",
      valueName: "count"))
  var textWords: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Give numbers whose neighbouring values answer very differently a learned vector for each value.")
  var roughValues: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Categorical columns with more categories become learned vectors, others a column for each category.",
      valueName: "count"))
  var mostOneHot: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of each hidden layer that is dropped in training.", valueName: "share"))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "The loss; by default cross-entropy to classify and mse to regress.",
      discussion: "One of \(LossSetting.names.joined(separator: ", ")); settings in parentheses: 'huber(delta: 2)', "
        + "'cross-entropy(label-smoothing: 0.1)'.", valueName: "loss"),
    transform: { try LossSetting($0) })
  var loss: LossSetting?

  @Option(
    help:
      """
      The optimizer; gd and lbfgs take all rows in each step. lbfgs, for few rows and small networks, finds the length of its \
      steps itself and ends where the loss gets no lower.
      """)
  var optimizer: Recipe.OptimizerName?

  @Option(parsing: .unconditional, help: ArgumentHelp("The learning rate.", valueName: "rate"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Momentum of sgd, nesterov, rmsprop and muon; 0 is plain gradient descent.", valueName: "share"))
  var momentum: Double?

  @Option(
    help: ArgumentHelp(
      "How the learning rate changes in the course of training.",
      discussion: "One of \(ScheduleSetting.names.joined(separator: ", ")); settings in parentheses: "
        + "'cosine-restarts(cycles: 3, growth: 2)', 'warm-up(over: 0.1, then: flat-cosine)', "
        + "'piecewise(points: [[0, 1], [0.5, 0.1]], interpolation: constant)'.", valueName: "schedule"),
    transform: { try ScheduleSetting($0) })
  var schedule: ScheduleSetting?

  @Option(
    help: ArgumentHelp("The same for momentum (β₁ of adam and adamw).", valueName: "schedule"),
    transform: { try ScheduleSetting($0) })
  var momentumSchedule: ScheduleSetting?

  @Option(
    help: ArgumentHelp("The same for weight decay.", valueName: "schedule"), transform: { try ScheduleSetting($0) })
  var decaySchedule: ScheduleSetting?

  @Option(
    help: ArgumentHelp("The same for the share that dropout takes.", valueName: "schedule"),
    transform: { try ScheduleSetting($0) })
  var dropoutSchedule: ScheduleSetting?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An L2 penalty on all parameters; for adamw, lion and muon, decoupled weight decay.", valueName: "strength"))
  var weightDecay: Double?

  @Flag(help: "Let weight decay leave biases and scales alone.")
  var noBiasDecay = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Judge and keep a moving average of the parameters, of about the last 1 / (1 − share) steps: 0.999.",
      valueName: "share"))
  var average: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Shorten gradients whose norm is larger: 1.", valueName: "norm"))
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Hold each element of the gradient within ± this.", valueName: "bound"))
  var clipValue: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Rows in a batch.", valueName: "rows"))
  var batchSize: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the training rows, at most.", valueName: "count"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the rows that watches over training; 0: none. By default 0.2, and 0 for the plain recipe.",
      valueName: "share"))
  var validation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train so many networks, each watched over by another part of the rows, and average what they predict; 1: one network. "
        + "Then --validation and --refit have no part in it.",
      valueName: "count"))
  var members: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "End after so many epochs without a better one on the validation rows, and keep the best.", valueName: "epochs"))
  var earlyStopping: Int?

  @Option(help: "What the best epoch is best in on the validation rows.")
  var monitor: Recipe.Monitor?

  @Flag(
    inversion: .prefixedNo,
    help: "Once the validation rows have chosen the best epoch, train again from the start on all rows up to it.")
  var refit: Bool?

  @Option(help: ArgumentHelp("β₂ of adam, adamw, nadam and lion; β of rmsprop.", valueName: "share"))
  var beta2: Double?

  @Option(help: "How numbers are scaled.")
  var scaling: NumberScaling.Kind?

  @Flag(help: "Take features and target as they stand.")
  var noStandardize = false

  /// The recipe with what was asked for instead of its defaults.
  var resolved: Recipe {
    var recipe = self.recipe.recipe
    if let layers { recipe.layers = layers.widths }
    if let activation { recipe.activation = activation }
    if let parametrization { recipe.parametrization = parametrization }
    if let parametricActivation { recipe.parametricActivation = parametricActivation }
    if let embedding { recipe.embedding = embedding }
    if let inputScale { recipe.scalesInputs = inputScale }
    if let residual { recipe.residual = residual }
    if let mostOneHot { recipe.mostOneHot = mostOneHot }
    if let skewedRanks { recipe.ranksSkewed = skewedRanks }
    if let textWords { recipe.mostWords = textWords }
    if let roughValues { recipe.codesRoughValues = roughValues }
    recipe.loss = loss
    if let optimizer, optimizer != recipe.optimizer {
      // The recipe's rate, decay and β₂ are its own optimizer's.
      recipe = recipe.with(optimizer)
    }
    if let dropout { recipe.dropout = dropout }
    if let learningRate { recipe.learningRate = learningRate }
    if let momentum { recipe.momentum = momentum }
    if let schedule { recipe.schedule = schedule }
    if let momentumSchedule { recipe.momentumSchedule = momentumSchedule }
    if let decaySchedule { recipe.decaySchedule = decaySchedule }
    if let dropoutSchedule { recipe.dropoutSchedule = dropoutSchedule }
    if let weightDecay { recipe.weightDecay = weightDecay }
    if noBiasDecay { recipe.undecayed = [.bias, .scale] }
    if let average { recipe.average = average }
    if let clipNorm { recipe.clipNorm = clipNorm }
    if let clipValue { recipe.clipValue = clipValue }
    if let batchSize { recipe.batchSize = batchSize }
    if let epochs { recipe.epochs = epochs }
    if let validation { recipe.validation = validation }
    // Who asks for validation rows, or for a second training on all rows, gets one network.
    if let members { recipe.members = members } else if validation != nil || refit == true { recipe.members = 1 }
    if let earlyStopping {
      recipe.patience = earlyStopping
      recipe.keepsBest = true
      // Who asks for the best epoch's parameters gets these, unless a refit is asked for too.
      recipe.refits = false
      // It needs rows to judge by.
      if validation == nil && recipe.validation == 0 { recipe.validation = 0.2 }
    }
    if let monitor { recipe.monitor = monitor }
    if let refit { recipe.refits = refit }
    if let beta2 { recipe.beta2 = beta2 }
    if let scaling { recipe.scaling = scaling }
    if noStandardize {
      recipe.scaling = .none
      recipe.standardizesTarget = false
    }
    return recipe
  }

  static let usersOfMomentum: [Recipe.OptimizerName] = [.sgd, .nesterov, .rmsprop, .muon]

  /// What was asked for and has no effect.
  var idle: [String] {
    let optimizer = resolved.optimizer
    var notes: [String] = []
    if momentum != nil, !Self.usersOfMomentum.contains(optimizer) {
      notes.append(
        "--momentum is for sgd, nesterov, rmsprop and muon; the optimizer is \(optimizer.rawValue), which has no use "
          + "for it")
    }
    if noBiasDecay, resolved.weightDecay == 0 { notes.append("--no-bias-decay has nothing to do without weight decay") }
    if batchSize != nil, optimizer.takesAllRows {
      notes.append("\(optimizer.rawValue) takes all rows in each step, whatever --batch-size says")
    }
    if learningRate != nil, optimizer == .lbfgs {
      notes.append("lbfgs finds the length of each step itself, whatever --learning-rate says")
    }
    return notes
  }

  func validate() throws {
    if let objection = resolved.objection { throw ValidationError(objection) }
  }
}

/// `128,64`, or `none`.
struct Widths: ExpressibleByArgument {
  let widths: [Int]

  init?(argument: String) {
    if argument.isEmpty || argument == "none" {
      widths = []
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { part in
      Int(part.drop { $0 == " " })
    }
    guard !parts.contains(nil) else { return nil }
    widths = parts.map { $0! }
  }
}
