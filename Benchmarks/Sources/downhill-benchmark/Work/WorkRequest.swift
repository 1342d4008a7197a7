import Downhill

/// What is asked for, in the words of `peers/serving.py`.
struct WorkRequest: Decodable {
  let kind: Kind
  var layers: [Int] = [1, 1]
  /// Of convolutions on images of 28 × 28, before the layers; none: a network without.
  var channels: [Int] = []
  var batch = 1
  var threads = 1
  var activation = Activation.relu
  var optimizer = StepOptimizer.momentum
  /// Behind each activation; 0: none.
  var dropout = 0.0
  var rows = 1
  var epochs = 1
  var rate = 0.01
  var images: String?
  /// The path of ONNX Runtime's, or the name of a BLAS; none where a product is ours.
  var library: String?
  var model: String?
  /// m, n, k of a product.
  var shape: [Int]?

  enum Kind: String, Decodable { case step, predict, epoch, fit, onnxruntime, product }
  enum StepOptimizer: String, Decodable { case momentum, adam }

  private enum CodingKeys: CodingKey {
    case kind, layers, channels, batch, threads, activation, optimizer, dropout, rows, epochs, rate, images, library,
      model
    case shape
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    kind = try values.decode(Kind.self, forKey: .kind)
    layers = try values.decodeIfPresent([Int].self, forKey: .layers) ?? layers
    channels = try values.decodeIfPresent([Int].self, forKey: .channels) ?? channels
    batch = try values.decodeIfPresent(Int.self, forKey: .batch) ?? batch
    threads = try values.decodeIfPresent(Int.self, forKey: .threads) ?? threads
    activation = try values.decodeIfPresent(Activation.self, forKey: .activation) ?? activation
    optimizer = try values.decodeIfPresent(StepOptimizer.self, forKey: .optimizer) ?? optimizer
    dropout = try values.decodeIfPresent(Double.self, forKey: .dropout) ?? dropout
    rows = try values.decodeIfPresent(Int.self, forKey: .rows) ?? rows
    epochs = try values.decodeIfPresent(Int.self, forKey: .epochs) ?? epochs
    rate = try values.decodeIfPresent(Double.self, forKey: .rate) ?? rate
    images = try values.decodeIfPresent(String.self, forKey: .images)
    library = try values.decodeIfPresent(String.self, forKey: .library)
    model = try values.decodeIfPresent(String.self, forKey: .model)
    shape = try values.decodeIfPresent([Int].self, forKey: .shape)
  }

  init(
    step layers: [Int], batch: Int, threads: Int = 1, activation: Activation = .relu,
    optimizer: StepOptimizer = .momentum, dropout: Double = 0, rows: Int = 1
  ) {
    kind = .step
    self.layers = layers
    self.batch = batch
    self.threads = threads
    self.activation = activation
    self.optimizer = optimizer
    self.dropout = dropout
    self.rows = rows
  }

  /// - Throws: `NetworkError` and others where what is asked for can't be made.
  func makeWork() throws -> any Work {
    switch kind {
    case .step: try StepWork(self)
    case .predict: try PredictionWork(self)
    case .epoch: TrainingWork(synthetic: self)
    case .fit: try TrainingWork(images: self)
    case .onnxruntime: try OnnxRuntimeWork(self)
    case .product: try ProductWork(self)
    }
  }

  var network: Network {
    channels.isEmpty
      ? classifier(layers, activation: activation, dropout: dropout)
      : imageClassifier(channels: channels, layers, activation: activation)
  }

  var optimizerInUse: any Optimizer {
    switch optimizer {
    case .momentum: Momentum(0.9)
    case .adam: Adam()
    }
  }
}
