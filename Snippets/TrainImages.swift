// A small convolutional network learns to tell clothes apart.
//
//     swift run -c release TrainImages /usr/share/datasets/fashion-mnist
//
// The folder has the four IDX files of Fashion-MNIST (Debian: dataset-fashion-mnist) or of another set of that kind.
import Downhill

let folder = CommandLine.arguments.dropFirst().first ?? "/usr/share/datasets/fashion-mnist"

func samples(_ part: String) throws -> Samples {
  let images = try IDXArray(contentsOf: "\(folder)/\(part)-images-idx3-ubyte.gz")
  let labels = try IDXArray(contentsOf: "\(folder)/\(part)-labels-idx1-ubyte.gz")
  // Pixels with about mean 0 and deviation 1.
  let pixels = images.values.map { (Float($0) / 255 - 0.286) / 0.353 }
  return Samples(
    inputs: Matrix(rows: images.count, columns: images.elementCount, elements: pixels),
    targets: .classes(labels.values.map { Int32($0) }))
}

let network = Network(inputs: [28, 28, 1]) {
  Convolution2D(32, kernel: 3, padding: .same)
  MaxPooling2D(2)
  ReLU()
  Convolution2D(64, kernel: 3, padding: .same)
  MaxPooling2D(2)
  ReLU()
  Flatten()
  Dropout(0.25)
  Linear(30)
  ReLU()
  Linear(10)
  Softmax()
}
print(network)

var options = TrainingOptions()
options.optimizer = Adam()
options.learningRate = 0.002
options.schedule = LinearWarmUp(over: 0.1, then: CosineSchedule())
options.batchSize = .rows(64)
options.epochs = 10
options.metrics = [ClassificationMetric.accuracy]
options.seed = 1
// The test images are only looked at: nothing is chosen by them.
_ = try Trainer(network, loss: .crossEntropy, options: options).train(samples("train"), validation: samples("t10k")) {
  if case .epoch(let epoch) = $0 {
    print("epoch \(epoch.epoch): loss \(epoch.loss), test accuracy \(epoch.metrics[0].value), \(epoch.seconds) s")
  }
}
