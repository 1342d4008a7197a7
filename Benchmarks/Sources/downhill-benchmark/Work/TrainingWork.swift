import Downhill

/// Whole trainings by `Trainer`: of synthetic rows for some epochs, or of IDX images from the first to the last epoch.
final class TrainingWork: Work {
  private let network: Network
  private let samples: Samples
  private let test: Samples?
  private let options: TrainingOptions
  /// Whether a training has a fixed number of epochs, or one for each count.
  private let isWhole: Bool
  private var parameters: Parameters?

  /// A count is an epoch; what a training sets up is part of the first.
  init(synthetic request: WorkRequest) {
    let layers = request.layers
    network = classifier(layers, activation: request.activation, dropout: request.dropout)
    samples = randomSamples(rows: request.rows, inputs: layers[0], classes: layers[layers.count - 1])
    test = nil
    options = Self.options(request)
    isWhole = false
  }

  /// A count is a training of all epochs.
  /// - Throws: `TableError` where the folder hasn't the four files of MNIST's kind.
  init(images request: WorkRequest) throws {
    network = classifier(request.layers, activation: request.activation)
    let folder = request.images ?? "."
    samples = try Self.images(folder, "train")
    test = try Self.images(folder, "t10k")
    options = Self.options(request)
    isWhole = true
  }

  private static func options(_ request: WorkRequest) -> TrainingOptions {
    var options = TrainingOptions()
    options.optimizer = request.optimizerInUse
    options.learningRate = request.rate
    options.batchSize = .rows(request.batch)
    options.epochs = request.epochs
    options.threads = request.threads
    return options
  }

  /// Pixels from 0 to 1.
  private static func images(_ folder: String, _ part: String) throws -> Samples {
    let images = try IDXArray(contentsOf: "\(folder)/\(part)-images-idx3-ubyte.gz")
    let labels = try IDXArray(contentsOf: "\(folder)/\(part)-labels-idx1-ubyte.gz")
    return Samples(
      inputs: Matrix(
        rows: images.count, columns: images.elementCount, elements: images.values.lazy.map { Float($0) / 255 }),
      targets: .classes(labels.values.map { Int32($0) }))
  }

  func run(count: Int) throws {
    var options = options
    if !isWhole { options.epochs = count }
    for _ in 0..<(isWhole ? count : 1) {
      parameters = try Trainer(network, loss: .crossEntropy, options: options).train(samples).parameters
    }
  }

  /// Bytes of the samples and of θ, the gradient and one vector of an optimizer; accuracy on the test images.
  func facts() throws -> [String: Double] {
    var facts = ["dataBytes": 4 * Double(samples.count * samples.inputs.columns)]
    if let parameters { facts["parameterBytes"] = 4 * Double(parameters.count) }
    if let parameters, let test, case .classes(let classes) = test.targets {
      let outputs = try Predictor(network, parameters: parameters).predict(test.inputs)
      let right = classes.indices.count { row in
        let output = outputs.row(row)
        return output.firstIndex(of: output.max() ?? 0) == Int(classes[row])
      }
      facts["accuracy"] = Double(right) / Double(classes.count)
    }
    return facts
  }
}
