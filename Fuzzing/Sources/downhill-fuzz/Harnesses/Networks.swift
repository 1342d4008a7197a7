import Downhill

/// Network files in YAML. A network that is read is written, and read again to the same.
let networks = Harness(name: "networks", seeds: { networkSeeds.map { Array($0.utf8) } }) { bytes in
  let text = String(decoding: bytes, as: UTF8.self)
  guard let file = attempt({ try NetworkFile(text, path: "input") }) else { return }
  let network = Network(inputs: 6, layers: file.layers)
  let shapes = attempt { try network.parameterShapes() }
  _ = network.description
  let written = NetworkText.text(of: network)
  // One that fits its inputs: others may hold numbers that no file can.
  guard shapes != nil else { return }
  guard let again = attempt({ try NetworkFile(written, path: "written") }) else {
    fatalError("it is written so that it can't be read:\n\(written)")
  }
  require(Network(inputs: 6, layers: again.layers) == network, "it is written as another:\n\(written)")
}

private let networkSeeds = [
  "- Linear: 128\n- ReLU\n- Dropout: 0.2\n- Linear: auto\n- Softmax\n",
  "- Residual:\n    - Linear: {outputs: 6, bias: false}\n    - Tanh\n- Scale: {initializer: ones}\n- LayerNorm\n",
  "- Concatenate:\n    - Branch:\n        columns: 0..<4\n        layers: [Linear: 3]\n    - [SiLU]\n    - BatchNorm\n",
  "- Embedding: {categories: [2, 3], width: 2}\n- Maxout: 2\n- PReLU: 0.1\n- LeakyReLU: 0.02\n- ELU: 2\n",
  "- PeriodicEmbedding\n- PiecewiseLinear: [[0, 1], [0, 2, 3]]\n- PerFeatureLinear: {features: 6, outputs: 2}\n",
  "- Convolution2D: {channels: 2, kernel: 3, padding: same}\n- MaxPooling2D: {kernel: 2, stride: 2}\n- Flatten\n",
  "- &a\n  Linear: 6\n- *a\n- Residual: [*a, *a]\n- Softplus: 2\n- HardTanh\n- GELU\n- Mish\n- LogSoftmax\n",
]
