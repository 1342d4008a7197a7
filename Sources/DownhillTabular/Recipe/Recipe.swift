public import DownhillNetwork

/// Everything that decides how a network is made and trained, but for the data: named defaults, and what was asked for
/// instead of them.
///
/// What is nil suits the task and the number of rows once these are known; a model's recipe has the numbers.
public struct Recipe: Sendable, Codable, Equatable {
  public var name: Name
  /// Of what the name stands for: it grows when a release chooses other defaults. nil: 1.
  public var version: Int?
  /// Widths of the hidden layers; none: a linear model; nil: as suits the number of rows.
  public var layers: [Int]?
  /// nil: as suits the task.
  public var activation: Activation?
  /// How hidden layers and the output layer start and learn.
  public var parametrization: Linear.Parametrization?
  /// Whether each activation learns how much of it there is: `ParametricActivation`.
  public var parametricActivation: Bool?
  /// What each number of a table becomes before the first layer.
  public var embedding: NumberEmbedding?
  /// Whether a `Scale`, which learns fast, stands before the first hidden layer.
  public var scalesInputs: Bool?
  /// Whether hidden layers as wide as the one before add to what they are given.
  public var residual: Bool?
  /// Columns with more categories than this become vectors that are learned, the others a column for each category; nil:
  /// all of them a column for each, unless the recipe's name says otherwise.
  public var mostOneHot: Int?
  /// So many words of a column of texts, the most frequent, get a column each; 0: texts are left out.
  public var mostWords: Int?
  /// Whether numbers that are mostly one and the same, or reach far out, get a second column: their rank.
  public var ranksSkewed: Bool?
  /// Whether numbers whose answers jump from one value to the next get a learned vector for each value besides.
  public var codesRoughValues: Bool?
  /// The share of each hidden layer's outputs that is dropped in training; nil: as suits the task.
  public var dropout: Double?
  /// nil: what suits the task: softmax and cross-entropy to classify, identity and mean squared error to regress.
  public var loss: LossSetting?
  public var optimizer: OptimizerName
  /// Of a layer 256 wide, whatever the parametrization: see `neuralTangentRate`. nil: as suits the task.
  public var learningRate: Double?
  /// α of `sgd`, `nesterov`, `rmsprop` and `muon`; 0: none.
  public var momentum: Double
  /// β₂ of the optimizers that have one; β of `rmsprop`.
  public var beta2: Double
  public var schedule: ScheduleSetting
  /// Of momentum (β₁ of `adam` and its kin), of weight decay and of dropout; nil: as they are.
  public var momentumSchedule: ScheduleSetting?
  public var decaySchedule: ScheduleSetting?
  public var dropoutSchedule: ScheduleSetting?
  /// λ: an L2 penalty (for `lbfgs`, λ/2 ‖θ‖² on the loss), but decoupled for `adamw`, `lion` and `muon`.
  public var weightDecay: Double
  /// The kinds of parameters that weight decay leaves alone; nil: none.
  public var undecayed: [ParameterKind]?
  /// β of a moving average of the parameters, which is judged and kept instead of these; nil: none.
  public var average: Double?
  /// Bounds on the norm and on each element of the gradient; nil: none.
  public var clipNorm: Double?
  public var clipValue: Double?
  /// Rows in a batch; `gd` and `lbfgs` take all of them whatever this is; nil: as suits the number of rows.
  public var batchSize: Int?
  /// nil: as suits the number of rows.
  public var epochs: Int?
  /// Epochs without a better one on the validation rows after which training ends; nil: it doesn't.
  public var patience: Int?
  /// Whether the parameters of the best epoch on the validation rows are the result, rather than the last.
  public var keepsBest: Bool
  /// What the best epoch is best in.
  public var monitor: Monitor
  /// Whether, once the validation rows have chosen the best epoch, the network is trained again from the start for as
  /// many epochs on all rows, these among them. The schedule is what it was.
  public var refits: Bool
  public var scaling: NumberScaling.Kind
  /// Whether a regression's target is standardised.
  public var standardizesTarget: Bool
  /// The share of the rows that validation takes; 0: none.
  public var validation: Double
  /// How many networks are trained, each on all rows but a fold of its own that it is validated on; their predictions are averaged.
  /// 1: one, which is validated on `validation` of the rows; nil: as the recipe's name says.
  public var members: Int?
  /// Whether an ensemble's probabilities are given the temperature that suits the rows which each member has not learned from.
  public var calibrated: Bool?
  var calibrates: Bool { calibrated ?? true }

  public enum Name: String, Sendable, Codable, CaseIterable {
    /// The article's algorithm and nothing more.
    case plain
    /// The best of `default` that fits in a small part of its time.
    case fast
    /// The best that this version knows for the time of one ordinary training.
    case `default`
    /// What more time makes of it.
    case best
  }

  public enum Monitor: String, Sendable, Codable, CaseIterable {
    case loss
    /// Accuracy or RMSE; the loss where it is equal.
    case metric
  }

  public enum OptimizerName: String, Sendable, Codable, CaseIterable {
    case gd, sgd, nesterov, adagrad, rmsprop, adam, adamw, nadam, lion, muon, lbfgs

    /// Whether each step takes all rows.
    public var takesAllRows: Bool { self == .gd || self == .lbfgs }
  }
}

extension Recipe {
  /// As this release has it.
  public init(_ name: Name) {
    switch name {
    case .plain: self = .plain
    case .fast, .default, .best:
      self = .default
      self.name = name
    }
  }

  /// Stochastic gradient descent with momentum on standardised inputs.
  public static let plain = Recipe(
    name: .plain, layers: [128, 64], activation: .relu, dropout: 0, loss: nil, optimizer: .sgd, learningRate: 0.005,
    momentum: 0.9, beta2: 0.999, schedule: .constant, weightDecay: 0, batchSize: 32, epochs: 100, patience: nil,
    keepsBest: false, monitor: .loss, refits: false, scaling: .standard, standardizesTarget: true, validation: 0)

  /// An ensemble of networks like RealMLP (Holzmüller et al., "Better by default", arXiv 2407.04491), for tables; for images,
  /// and for layers that are declared, one ordinary network. `settled` has the parts, and docs/RECIPES.md what each is worth.
  public static let `default` = Recipe(
    name: .default, version: latestVersion, layers: nil, activation: nil, dropout: nil, loss: nil, optimizer: .adamw,
    learningRate: nil,
    momentum: 0.9, beta2: 0.95, schedule: .warmUpCosine, weightDecay: 0.02, batchSize: nil, epochs: nil, patience: nil,
    keepsBest: true, monitor: .loss, refits: true, scaling: .robust, standardizesTarget: true, validation: 0.2)

  public static let fast = Recipe(.fast)
  public static let best = Recipe(.best)

  /// More numbers than this stay as they are, whatever `embedding` says: the network would become very wide.
  static let mostEmbedded = 512

  /// Of all recipes but `plain`. 1 was one network of two hidden layers, for tables too.
  public static let latestVersion = 2

  /// In the neural tangent parametrization weights are √inputs times as large, and so are the steps that change them as much:
  /// this is the factor for layers that are 256 wide.
  static let neuralTangentRate = 16.0
}

extension Recipe {
  /// A learning rate that an optimizer often does well with.
  public static func usualRate(of optimizer: OptimizerName) -> Double {
    switch optimizer {
    case .gd: 0.1
    case .sgd, .nesterov: 0.005
    case .adagrad: 0.01
    case .rmsprop, .adam, .adamw, .nadam, .muon: 0.001
    case .lion: 0.0003
    // The length that its searches try first.
    case .lbfgs: 1
    }
  }

  /// The recipe with another optimizer, and with what that often does well with.
  public func with(_ optimizer: OptimizerName) -> Recipe {
    var recipe = self
    recipe.optimizer = optimizer
    recipe.learningRate = Self.usualRate(of: optimizer)
    switch optimizer {
    case .adamw, .muon: recipe.weightDecay = 0.01
    case .lion: recipe.weightDecay = 0.1
    default: recipe.weightDecay = 0
    }
    recipe.beta2 = optimizer == .lion || optimizer == .rmsprop ? 0.99 : 0.999
    recipe.momentum = optimizer == .rmsprop ? 0 : optimizer == .muon ? 0.95 : 0.9
    if optimizer == .lbfgs { (recipe.schedule, recipe.dropout) = (.constant, 0) }
    return recipe
  }
}
