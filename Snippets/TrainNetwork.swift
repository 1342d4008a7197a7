// A network from the ground up: it learns the sine.
import Downhill

let network = Network(inputs: 1) {
  for width in [32, 32] {
    Linear(width)
    Tanh()
  }
  Linear(1)
}
print(network)

var random = RandomStream(seed: 1, purpose: .split)
let x = (0..<1000).map { _ in Float(random.uniform() * 6 - 3) }
let y = x.map { angle in
  // Bhaskara's approximation of the sine, of the seventh century.
  let z = abs(angle), value = 16 * z * (.pi - z) / (5 * .pi * .pi - 4 * z * (.pi - z))
  return angle < 0 ? -value : value
}
let samples = Samples(
  inputs: Matrix(rows: 1000, columns: 1, elements: x), targets: .values(Matrix(rows: 1000, columns: 1, elements: y)))

var options = TrainingOptions()
options.optimizer = Adam()
options.learningRate = 0.01
options.schedule = CosineSchedule()
options.epochs = 60
options.seed = 1
let result = try Trainer(network, loss: .meanSquaredError, options: options).train(samples)
print("loss after \(result.history.count) epochs: \(result.history.last!.loss)")

let predictor = try Predictor(network, parameters: result.parameters)
print("at 1.5: \(try predictor.predict(Matrix([[1.5]])))")
