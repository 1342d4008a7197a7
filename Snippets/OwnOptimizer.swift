// An optimizer of one's own, with the same standing as the package's: every parameter moves by η against the sign of the
// gradient's moving mean (Bernstein et al., "signSGD: compressed optimisation for non-convex problems", 2018).
import Downhill

struct Signum: Optimizer {
  var momentum = 0.9

  /// m
  var stateVectors: Int { 1 }

  /// m ← αm + (1 − α)g, θ ← θ − η sign m
  func update(_ pass: UpdatePass) {
    let mean = pass.state(0), alpha = Float(momentum * pass.momentumFactor), rate = Float(pass.rate)
    for i in 0..<pass.theta.count {
      mean[i] = alpha * mean[i] + (1 - alpha) * pass.gradient[i]
      pass.theta[i] -= rate * (mean[i] > 0 ? 1 : mean[i] < 0 ? -1 : 0)
    }
  }

  var description: String { "Signum(momentum: \(momentum))" }
}

let violations = checkConformance(of: Signum())
print(violations.isEmpty ? "Signum keeps what Optimizer promises" : "\(violations)")

var options = TrainingOptions()
options.optimizer = Signum()
options.average = MovingAverage(0.99)
options.epochs = 40
let network = Network(inputs: 2) {
  Linear(16)
  Tanh()
  Linear(2)
  Softmax()
}
var random = RandomStream(seed: 1, purpose: .split)
let points = (0..<400).map { _ in [Float(random.uniform() * 2 - 1), Float(random.uniform() * 2 - 1)] }
let samples = Samples(inputs: Matrix(points), targets: .classes(points.map { $0[0] * $0[1] > 0 ? 1 : 0 }))
let result = try Trainer(network, loss: .crossEntropy, options: options).train(samples)
print("loss from \(result.history.first!.loss) to \(result.history.last!.loss)")
