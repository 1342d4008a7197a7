import DownhillCompute
import DownhillNetwork
import Testing

@Suite struct LossTests {
  static let batches = [1, 2, 17, 257]

  @Test(arguments: batches, [false, true])
  func crossEntropyOfClasses(rows: Int, weighted: Bool) throws {
    let classes = Targets.classes((0..<rows).map { Int32(($0 * 7) % 5) })
    try check(.crossEntropy, last: Softmax(), outputs: 5, targets: classes, rows: rows, weighted: weighted)
  }

  @Test(arguments: batches, [false, true])
  func crossEntropyOfDistributions(rows: Int, weighted: Bool) throws {
    let labels = positive(rows: rows, columns: 4, seed: 8, rowsSumTo1: true)
    try check(.crossEntropy, last: Softmax(), outputs: 4, targets: .values(labels), rows: rows, weighted: weighted)
  }

  @Test(arguments: batches, [false, true])
  func negativeLogLikelihood(rows: Int, weighted: Bool) throws {
    let classes = Targets.classes((0..<rows).map { Int32(($0 * 7) % 5) })
    try check(.negativeLogLikelihood, last: LogSoftmax(), outputs: 5, targets: classes, rows: rows, weighted: weighted)
    let labels = positive(rows: rows, columns: 4, seed: 8, rowsSumTo1: true)
    try check(
      .negativeLogLikelihood, last: LogSoftmax(), outputs: 4, targets: .values(labels), rows: rows, weighted: weighted)
  }

  @Test func negativeLogLikelihoodRefusesProbabilities() throws {
    let network = Network(inputs: 3) { Softmax() }
    let samples = Samples(inputs: Matrix(rows: 2, columns: 3), targets: .classes([0, 1]))
    #expect {
      _ = try TrainingStep(network, loss: .negativeLogLikelihood, samples: samples, batchSize: 2)
    } throws: { "\($0)".contains("end with LogSoftmax()") }
  }

  @Test(arguments: batches, [false, true])
  func binaryCrossEntropy(rows: Int, weighted: Bool) throws {
    let labels = positive(rows: rows, columns: 3, seed: 8, rowsSumTo1: true)
    try check(
      .binaryCrossEntropy, last: Sigmoid(), outputs: 3, targets: .values(labels), rows: rows, weighted: weighted)
    let classes = Targets.classes((0..<rows).map { Int32($0 % 2) })
    try check(.binaryCrossEntropy, last: Sigmoid(), outputs: 1, targets: classes, rows: rows, weighted: weighted)
  }

  @Test(arguments: batches, [false, true])
  func meanSquaredError(rows: Int, weighted: Bool) throws {
    let values = normal(rows: rows, columns: 3, seed: 8)
    try check(.meanSquaredError, last: Identity(), outputs: 3, targets: .values(values), rows: rows, weighted: weighted)
  }

  /// The loss alone, from probabilities or values; and behind the last layer that it is fused with.
  private func check(
    _ loss: some Loss, last: any Layer, outputs: Int, targets: Targets, rows: Int, weighted: Bool
  ) throws {
    let weights = weighted ? (0..<rows).map { Float($0 % 4) * 0.5 + 0.25 } : nil
    let predictions = positive(rows: rows, columns: outputs, seed: 9, rowsSumTo1: outputs > 1)
    let alone = try checkDerivative(of: loss, predictions: predictions, targets: targets, weights: weights)
    #expect(alone.passes(), "alone: \(alone)")
    let network = Network(inputs: Shape([outputs]), layers: [last])
    let samples = Samples(inputs: normal(rows: rows, columns: outputs, seed: 10), targets: targets, weights: weights)
    let fused = try network.checkGradient(loss: loss, samples: samples)
    #expect(fused.passes(), "fused: \(fused)")

    // Fused or not, it is the same number.
    let predictor = try Predictor(network, parameters: network.zeroParameters())
    let (outputsSeen, value) = try predictor.evaluate(samples, loss: loss)
    let plain = Network(inputs: Shape([outputs])) { LeakyReLU(slope: 1) }
    let direct = try Predictor(plain, parameters: plain.zeroParameters()).evaluate(
      Samples(inputs: outputsSeen, targets: targets, weights: weights), loss: loss)
    #expect(abs(value - direct.loss) <= 1e-5 * abs(value))
  }

  @Test func lossesOfHopelessPredictionsStayFinite() throws {
    let network = Network(inputs: 2) { Softmax() }
    let logits = Matrix([[1000, -1000], [-1000, 1000], [0, 0]])
    let (_, loss) = try Predictor(network, parameters: network.zeroParameters()).evaluate(
      Samples(inputs: logits, targets: .classes([1, 1, 0])), loss: .crossEntropy)
    #expect(abs(loss - (2000 + 0 + 0.6931471805599453) / 3) < 1e-9)

    let sigmoid = Network(inputs: 1) { Sigmoid() }
    let (_, binary) = try Predictor(sigmoid, parameters: sigmoid.zeroParameters()).evaluate(
      Samples(inputs: Matrix([[-500], [500]]), targets: .classes([1, 1])), loss: .binaryCrossEntropy)
    #expect(binary == 250)
  }

  @Test func lossesWithoutFusionStayFinite() throws {
    let check = try checkDerivative(
      of: CrossEntropy(), predictions: Matrix([[0.5, 0.5], [0.9, 0.1]]), targets: .classes([0, 1]))
    #expect(check.passes())
    let network = Network(inputs: 2) { ReLU() }
    let (_, loss) = try Predictor(network, parameters: network.zeroParameters()).evaluate(
      Samples(inputs: Matrix([[0, 1]]), targets: .classes([0])), loss: .crossEntropy)
    #expect(loss.isFinite && loss > 80)
  }

  static let misfits: [(any Loss, Targets, String)] = [
    (CrossEntropy(), .classes([0, 3, 1]), "the class of sample 1 is 3"),
    (CrossEntropy(), .classes([0, -1, 1]), "the class of sample 1 is -1"),
    (CrossEntropy(), .values(Matrix(rows: 3, columns: 2)), "2 columns"),
    (MeanSquaredError(), .classes([0, 1, 2]), "takes numbers as targets"),
    (BinaryCrossEntropy(), .classes([0, 1, 1]), "takes one output"),
  ]

  @Test(arguments: misfits)
  func targetsThatDontFitAreRefused(loss: any Loss, targets: Targets, fragment: String) {
    let network = Network(inputs: 3) { Softmax() }
    let samples = Samples(inputs: Matrix(rows: 3, columns: 3), targets: targets)
    #expect {
      _ = try TrainingStep(network, loss: loss, samples: samples, batchSize: 3)
    } throws: { "\($0)".contains(fragment) }
  }
}

func normal(rows: Int, columns: Int, seed: UInt64) -> Matrix {
  var random = RandomStream(seed: seed, purpose: .check)
  return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in Float(random.normal()) })
}

/// Numbers between 0.1 and 0.9, or rows of such that sum to 1.
func positive(rows: Int, columns: Int, seed: UInt64, rowsSumTo1: Bool) -> Matrix {
  var random = RandomStream(seed: seed, purpose: .check)
  return Matrix(
    (0..<rows).map { _ in
      let row = (0..<columns).map { _ in Float(0.1 + 0.8 * random.uniform()) }
      return rowsSumTo1 ? row.map { $0 / row.reduce(0, +) } : row
    })
}
