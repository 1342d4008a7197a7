import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Foundation

/// A training run as PyTorch does it in float64: one file of `Tests/Fixtures/training`, made by
/// `Scripts/fixtures/training_fixtures.py`.
struct ReferenceCase: Decodable {
  let name: String
  let layers: [LayerSettings]
  let loss: String
  let optimizer: OptimizerSettings
  let batchSize: Int
  let inputs: Numbers
  let targets: TargetNumbers
  let weights: [Float]?
  let initialParameters: [String: Numbers]
  let losses: [Double]
  let firstGradient: [String: Numbers]
  let finalParameters: [String: Numbers]
  let clipping: Clipping?
  /// β of a moving average, and where it ended.
  let average: Double?
  let averagedParameters: [String: Numbers]?

  struct Numbers: Decodable {
    let rows: Int
    let columns: Int
    let elements: [Double]
    var matrix: Matrix { Matrix(rows: rows, columns: columns, elements: elements.map { Float($0) }) }
  }

  struct TargetNumbers: Decodable {
    let classes: [Int32]?
    let values: Numbers?
  }

  struct LayerSettings: Decodable {
    let kind: String
    let outputs: Int?
    let bias: Bool?
    let slope: Float?
    let alpha: Float?
  }

  struct OptimizerSettings: Decodable {
    let kind: String
    let rate, momentum, beta1, beta2, epsilon, l2, weightDecay: Double
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/training")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func read(_ name: String) throws -> ReferenceCase {
    try JSONDecoder().decode(ReferenceCase.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
  }

  struct Unknown: Error { let what: String }

  func network() throws -> Network {
    Network(
      inputs: Shape([inputs.columns]),
      layers: try layers.map { layer in
        switch layer.kind {
        case "Linear": Linear(layer.outputs!, bias: layer.bias!)
        case "Identity": Identity()
        case "ReLU": ReLU()
        case "LeakyReLU": LeakyReLU(slope: layer.slope ?? 0.01)
        case "ELU": ELU(alpha: layer.alpha ?? 1)
        case "SELU": SELU()
        case "Sigmoid": Sigmoid()
        case "Tanh": Tanh()
        case "GELU": GELU()
        case "SiLU": SiLU()
        case "Mish": Mish()
        case "Softmax": Softmax()
        default: throw Unknown(what: layer.kind)
        }
      })
  }

  func lossFunction() throws -> any Loss {
    switch loss {
    case "crossEntropy": CrossEntropy()
    case "binaryCrossEntropy": BinaryCrossEntropy()
    case "meanSquaredError": MeanSquaredError()
    default: throw Unknown(what: loss)
    }
  }

  func makeOptimizer() throws -> any Optimizer {
    let settings = optimizer
    let decay: WeightDecay =
      settings.weightDecay > 0 ? .decoupled(settings.weightDecay) : settings.l2 > 0 ? .l2(settings.l2) : .none
    switch settings.kind {
    case "gd", "sgd": return GradientDescent(weightDecay: decay)
    case "momentum": return Momentum(settings.momentum, weightDecay: decay)
    case "nesterov": return Nesterov(settings.momentum, weightDecay: decay)
    case "adam", "adamw":
      return Adam(
        beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon, weightDecay: decay)
    case "adagrad": return AdaGrad(epsilon: settings.epsilon, weightDecay: decay)
    case "rmsprop":
      return RMSProp(
        beta: settings.beta2, momentum: settings.momentum, epsilon: settings.epsilon, weightDecay: decay)
    case "nadam":
      return NAdam(beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon, weightDecay: decay)
    case "lion": return Lion(beta1: settings.beta1, beta2: settings.beta2, weightDecay: decay)
    case "muon":
      return Muon(
        settings.momentum, weightDecay: decay,
        others: Adam(beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon, weightDecay: decay))
    default: throw Unknown(what: settings.kind)
    }
  }

  func updateRule() throws -> UpdateRule {
    UpdateRule(
      try makeOptimizer(), clipping: clipping ?? Clipping(), average: average.map { MovingAverage($0) })
  }

  func samples() -> Samples {
    Samples(
      inputs: inputs.matrix, targets: targets.classes.map { .classes($0) } ?? .values(targets.values!.matrix),
      weights: weights)
  }

  func start(_ network: Network) throws -> Parameters {
    var parameters = try network.zeroParameters()
    for (name, numbers) in initialParameters { parameters[name] = numbers.matrix }
    return parameters
  }
}
