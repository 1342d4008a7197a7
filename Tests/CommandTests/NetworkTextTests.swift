import Downhill
import Testing
import downhill_command

@Suite("Layers in network files") struct NetworkTextTests {
  /// One or more of each kind, with settings that are not the defaults, and how they are written.
  static let layers: [(layer: any Component, text: String)] = [
    (Linear(12), "- Linear: 12"),
    (
      Linear(
        12, bias: false, initializer: .normal(standardDeviation: 0.02), parametrization: .neuralTangent, fitted: true),
      "- Linear: {outputs: 12, bias: false, fitted: true, initializer: {normal: 0.02}, parametrization: neuralTangent}"
    ),
    (Linear(2, initializer: .uniform(-0.5, 1)), "- Linear: {outputs: 2, initializer: {uniform: [-0.5, 1]}}"),
    (Linear(3, initializer: .constant(0.25)), "- Linear: {outputs: 3, initializer: {constant: 0.25}}"),
    (Linear(3, initializer: .lecunNormal), "- Linear: {outputs: 3, initializer: lecunNormal}"),
    (Identity(), "- Identity"), (ReLU(), "- ReLU"), (LeakyReLU(slope: 0.125), "- LeakyReLU: 0.125"),
    (ELU(alpha: 0.5), "- ELU: 0.5"), (SELU(), "- SELU"), (Sigmoid(), "- Sigmoid"), (Tanh(), "- Tanh"),
    (GELU(), "- GELU"), (SiLU(), "- SiLU"), (Mish(), "- Mish"), (Softmax(), "- Softmax"),
    (Dropout(0.3), "- Dropout: 0.3"), (Softplus(beta: 2), "- Softplus: 2"),
    (HardTanh(low: -2, high: 0.5), "- HardTanh: {high: 0.5, low: -2}"), (LogSoftmax(), "- LogSoftmax"),
    (Scale(initializer: .constant(2)), "- Scale: {initializer: {constant: 2}}"),
    (Scale(initializer: .heUniform), "- Scale: heUniform"), (Scale(), "- Scale"),
    (LayerNorm(epsilon: 0.001, affine: false), "- LayerNorm: {affine: false, epsilon: 0.001}"),
    (
      BatchNorm(momentum: 0.25, epsilon: 0.001, affine: false),
      "- BatchNorm: {affine: false, epsilon: 0.001, momentum: 0.25}"
    ),
    (PReLU(slope: 0.5, shared: true), "- PReLU: {shared: true, slope: 0.5}"), (PReLU(slope: 0.5), "- PReLU: 0.5"),
    (ParametricActivation(Mish()), "- ParametricActivation: Mish"),
    (ParametricActivation(LeakyReLU(slope: 0.5)), "- ParametricActivation: {activation: {LeakyReLU: 0.5}}"),
    (Maxout(pieces: 4), "- Maxout: 4"),
    (
      Embedding(categories: [5, 12], width: 8, initializer: .normal(standardDeviation: 0.5)),
      "- Embedding: {categories: [5, 12], width: 8, initializer: {normal: 0.5}}"
    ),
    (Embedding(categories: 1000, width: 8), "- Embedding: {categories: 1000, width: 8}"),
    (Embedding(categories: [7], width: 2), "- Embedding: {categories: [7], width: 2}"),
    (
      PeriodicEmbedding(frequencies: 8, outputs: 4, deviation: 0.5, keepsValue: false),
      "- PeriodicEmbedding: {deviation: 0.5, frequencies: 8, keepsValue: false, outputs: 4}"
    ),
    (Periodic(frequencies: 4, deviation: 2), "- Periodic: {deviation: 2, frequencies: 4}"),
    (PerFeatureLinear(features: 3, outputs: 2), "- PerFeatureLinear: {features: 3, outputs: 2}"),
    (PiecewiseLinear(edges: [[0, 0.5, 1], [-2, 3]]), "- PiecewiseLinear: [[0, 0.5, 1], [-2, 3]]"),
    (Convolution2D(4, kernel: 3), "- Convolution2D: {channels: 4, kernel: 3}"),
    (
      Convolution2D(
        8, kernel: Size2D(3, 5), stride: 2, padding: .same, groups: 2, bias: false, initializer: .heNormal),
      "- Convolution2D: {channels: 8, kernel: [3, 5], bias: false, groups: 2, initializer: heNormal, padding: same, stride: 2}"
    ),
    (Convolution2D(4, kernel: 3, padding: .all(1)), "- Convolution2D: {channels: 4, kernel: 3, padding: 1}"),
    (
      Convolution2D(4, kernel: 3, padding: .explicit(top: 1, bottom: 1, left: 2, right: 2)),
      "- Convolution2D: {channels: 4, kernel: 3, padding: [1, 2]}"
    ),
    (
      Convolution2D(4, kernel: 3, stride: Size2D(2, 1), padding: .explicit(top: 1, bottom: 0, left: 2, right: 3)),
      "- Convolution2D: {channels: 4, kernel: 3, padding: {top: 1, bottom: 0, left: 2, right: 3}, stride: [2, 1]}"
    ),
    (MaxPooling2D(2), "- MaxPooling2D: 2"), (MaxPooling2D(Size2D(2, 3)), "- MaxPooling2D: [2, 3]"),
    (
      MaxPooling2D(3, stride: 2, padding: .all(1)), "- MaxPooling2D: {kernel: 3, padding: 1, stride: 2}"
    ),
    (AveragePooling2D(2), "- AveragePooling2D: 2"),
    (
      AveragePooling2D(Size2D(3, 2), stride: 1, padding: .same, countsPadding: false),
      "- AveragePooling2D: {kernel: [3, 2], countsPadding: false, padding: same, stride: 1}"
    ),
    (GlobalAveragePooling(), "- GlobalAveragePooling"), (Flatten(), "- Flatten"),
    (Dropout2D(0.125), "- Dropout2D: 0.125"),
    (Residual(layers: [Linear(4), ReLU()]), "- Residual:\n    - Linear: 4\n    - ReLU"),
    (
      ParameterGroup(rate: 0.1, decay: 0, of: [.bias, .scale], layers: [Linear(4)]),
      "- ParameterGroup:\n    decay: 0\n    kinds: [bias, scale]\n    rate: 0.1\n    layers:\n      - Linear: 4"
    ),
    (
      Concatenate(branches: [
        Branch(columns: 0..<4, layers: [Tanh()]), Branch(layers: []),
        Branch(layers: [Residual(layers: [Convolution2D(1, kernel: 1)])]),
      ]),
      """
      - Concatenate:
          - Branch:
              columns: 0..<4
              layers:
                - Tanh
          - Branch: []
          - Branch:
              - Residual:
                  - Convolution2D: {channels: 1, kernel: 1}
      """
    ),
    (Branch(columns: 2..<3, layers: []), "- Branch:\n    columns: 2..<3\n    layers: []"),
  ]

  @Test("every setting of every layer is written, and read again as it was", arguments: layers.indices)
  func roundTrip(index: Int) throws {
    let (layer, text) = Self.layers[index]
    let network = Network(inputs: 1, layers: [layer])
    #expect(NetworkText.text(of: network) == text)
    #expect(try Network(inputs: 1, layers: NetworkFile(text, path: "n.yaml").layers) == network)
  }

  @Test("no layer of the catalog is left out") func complete() {
    let shown = Set(Self.layers.map { type(of: $0.layer).kind })
    #expect(
      LayerCatalog.standard.names.allSatisfy(shown.contains), "\(Set(LayerCatalog.standard.names).subtracting(shown))")
  }

  /// Other ways of writing the same.
  static let spellings: [(yaml: String, layer: any Component)] = [
    ("- Convolution2D: {channels: 4, kernel: {height: 3, width: 3}}", Convolution2D(4, kernel: 3)),
    (
      "- Convolution2D:\n    channels: 4\n    kernel: [1, 3]\n    padding: {explicit: {top: 0, bottom: 0, left: 1, right: 1}}",
      Convolution2D(4, kernel: Size2D(1, 3), padding: .explicit(top: 0, bottom: 0, left: 1, right: 1))
    ),
    ("- Convolution2D: {channels: 4, kernel: 3, padding: {all: 1}}", Convolution2D(4, kernel: 3, padding: .all(1))),
    ("- Convolution2D: {channels: 4, kernel: 3, padding: {same: {}}}", Convolution2D(4, kernel: 3, padding: .same)),
    (
      "- Convolution2D: {channels: 4, kernel: 3, padding: {left: 2}}",
      Convolution2D(4, kernel: 3, padding: .explicit(top: 0, bottom: 0, left: 2, right: 0))
    ),
    ("- MaxPooling2D: {kernel: 2, stride: 2}", MaxPooling2D(2)),
    ("- MaxPooling2D: {kernel: 3, stride: {height: 1, width: 2}}", MaxPooling2D(3, stride: Size2D(1, 2))),
    (
      "- Linear: {outputs: 2, initializer: {normal: {standardDeviation: 0.5}}}",
      Linear(2, initializer: .normal(standardDeviation: 0.5))
    ),
    ("- ParametricActivation: {activation: {ELU: {alpha: 2}}}", ParametricActivation(ELU(alpha: 2))),
    ("- Branch: {columns: [0, 4], layers: []}", Branch(columns: 0..<4, layers: [])),
    ("- Branch: {columns: age, layers: []}", Branch(named: ["age"], layers: [])),
    ("- Branch: {columns: [age, \"4\"], layers: [ReLU]}", Branch(named: ["age", "4"], layers: [ReLU()])),
  ]

  @Test("a setting may be written in the coded form too", arguments: spellings.indices) func spelling(index: Int) throws
  {
    let (yaml, layer) = Self.spellings[index]
    #expect(
      try Network(inputs: 1, layers: NetworkFile(yaml, path: "n.yaml").layers) == Network(inputs: 1, layers: [layer]))
  }
}
