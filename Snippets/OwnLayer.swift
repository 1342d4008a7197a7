// A layer of one's own, with the same standing as the package's: y = x², element by element.
import Downhill

struct Square: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }

  func forward(_ pass: ForwardPass) { pass.output.multiply(pass.input, pass.input) }

  /// ∂L/∂x = 2x ⊙ ∂L/∂y
  func inputDerivative(_ pass: InputDerivativePass) {
    pass.inputError.multiply(pass.input, pass.outputError)
    pass.inputError.add(pass.inputError.readable, pass.inputError.readable)
  }

  var inputDerivativeReads: LayerReads { [.input] }
  var description: String { "Square()" }
}

// Its derivative against central differences, and everything else that training relies on.
let violations = try checkConformance(of: Square(), inputs: [1, 5, 32])
print(violations.isEmpty ? "Square keeps what Layer promises" : "\(violations)")

let network = Network(inputs: 2) {
  Linear(8)
  Square()
  Linear(2)
  Softmax()
}
print(network)
