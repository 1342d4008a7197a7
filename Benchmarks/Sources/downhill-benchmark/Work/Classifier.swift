import Downhill

/// The classifier that all parts are about: an activation between its layers, and dropout where that is above 0; softmax at
/// the end.
func classifier(_ layers: [Int], activation: Activation = .relu, dropout: Double = 0) -> Network {
  Network(inputs: Shape([layers[0]])) {
    for width in layers[1..<layers.count - 1] {
      Linear(width)
      activation.layer
      if dropout > 0 { Dropout(Float(dropout)) }
    }
    Linear(layers[layers.count - 1])
    Softmax()
  }
}

/// A classifier of grey images of 28 × 28: convolutions of 3 × 3, each with half the image's sides behind it, then layers as those
/// of `classifier`, the first number being what comes out of the convolutions.
func imageClassifier(channels: [Int], _ layers: [Int], activation: Activation = .relu) -> Network {
  Network(inputs: [28, 28, 1]) {
    for count in channels {
      Convolution2D(count, kernel: 3, padding: .same)
      MaxPooling2D(2)
      activation.layer
    }
    Flatten()
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
