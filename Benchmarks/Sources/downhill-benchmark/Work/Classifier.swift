import Downhill

/// The classifier that all parts are about: an activation between its layers, softmax at the end.
func classifier(_ layers: [Int], activation: Activation = .relu) -> Network {
  Network(inputs: Shape([layers[0]])) {
    for width in layers[1..<layers.count - 1] {
      Linear(width)
      activation.layer
    }
    Linear(layers[layers.count - 1])
    Softmax()
  }
}

/// Normally distributed inputs and evenly distributed classes.
func randomSamples(rows: Int, inputs: Int, classes: Int) -> Samples {
  var random = RandomStream(seed: 0, purpose: .check)
  let elements = (0..<rows * inputs).map { _ in Float(random.normal()) }
  let codes = (0..<rows).map { _ in Int32(Double(classes) * random.uniform()) }
  return Samples(inputs: Matrix(rows: rows, columns: inputs, elements: elements), targets: .classes(codes))
}
