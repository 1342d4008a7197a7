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

  @Test("The derivatives of losses of classes agree with differences", arguments: batches, [false, true])
  func lossesOfClasses(rows: Int, weighted: Bool) throws {
    let targets = Targets.classes((0..<rows).map { Int32(($0 * 7) % 5) })
    let losses: [any Loss] = [
      CrossEntropy(labelSmoothing: 0.1), CrossEntropy(classWeights: [1, 0.5, 2, 3, 0.25]),
      CrossEntropy(labelSmoothing: 0.2, classWeights: [1, 0.5, 2, 0, 0.25]),
      FocalCrossEntropy(), FocalCrossEntropy(gamma: 0.5, classWeights: [1, 0.5, 2, 3, 0.25]),
      FocalCrossEntropy(gamma: 0),
    ]
    for loss in losses {
      try check(loss, last: Softmax(), outputs: 5, targets: targets, rows: rows, weighted: weighted)
    }
  }

  @Test("The derivatives of losses of distributions agree with differences", arguments: batches, [false, true])
  func lossesOfDistributions(rows: Int, weighted: Bool) throws {
    let labels = Targets.values(positive(rows: rows, columns: 4, seed: 8, rowsSumTo1: true))
    let loss = CrossEntropy(labelSmoothing: 0.1, classWeights: [1, 0.5, 2, 3])
    try check(loss, last: Softmax(), outputs: 4, targets: labels, rows: rows, weighted: weighted)
  }

  @Test("The derivatives of losses of several answers agree with differences", arguments: batches, [false, true])
  func lossesOfAnswers(rows: Int, weighted: Bool) throws {
    let labels = Targets.values(positive(rows: rows, columns: 3, seed: 8, rowsSumTo1: true))
    let classes = Targets.classes((0..<rows).map { Int32($0 % 2) })
    let several: [any Loss] = [
      BinaryCrossEntropy(positiveWeights: [0.5, 3, 1]), BinaryFocalCrossEntropy(),
      BinaryFocalCrossEntropy(gamma: 0.5, alpha: 0.25),
    ]
    for loss in several {
      try check(loss, last: Sigmoid(), outputs: 3, targets: labels, rows: rows, weighted: weighted)
    }
    let one: [any Loss] = [BinaryCrossEntropy(positiveWeights: [4]), BinaryFocalCrossEntropy(gamma: 1, alpha: 0.75)]
    for loss in one {
      try check(loss, last: Sigmoid(), outputs: 1, targets: classes, rows: rows, weighted: weighted)
    }
  }

  @Test("The derivatives of losses of numbers agree with differences", arguments: batches, [false, true])
  func lossesOfNumbers(rows: Int, weighted: Bool) throws {
    let losses: [any Loss] = [MeanAbsoluteError(), Huber(), Huber(delta: 0.25)]
    for outputs in [1, 3] {
      let values = Targets.values(normal(rows: rows, columns: outputs, seed: 8))
      for loss in losses {
        try check(loss, last: Identity(), outputs: outputs, targets: values, rows: rows, weighted: weighted)
      }
      let counts = Targets.values(
        Matrix(
          rows: rows, columns: outputs,
          elements: normal(rows: rows, columns: outputs, seed: 8).elements.map { abs($0 * 3).rounded() }))
      try check(Poisson(), last: Identity(), outputs: outputs, targets: counts, rows: rows, weighted: weighted)
    }
    let one = Targets.values(normal(rows: rows, columns: 1, seed: 8))
    try check(Quantile(0.1, 0.5, 0.9), last: Identity(), outputs: 3, targets: one, rows: rows, weighted: weighted)
    try check(Quantile(0.75), last: Identity(), outputs: 1, targets: one, rows: rows, weighted: weighted)
  }

  @Test("Rows of a class that weighs twice count as if they were there twice")
  func classWeightsAreCopies() throws {
    let network = Network(inputs: 3) {
      Linear(2)
      Softmax()
    }
    let parameters = try network.initialParameters(seed: 3)
    let inputs = normal(rows: 9, columns: 3, seed: 1)
    let classes: [Int32] = [0, 1, 1, 0, 0, 0, 1, 0, 0]
    let copies = (0..<9).flatMap { classes[$0] == 1 ? [$0, $0] : [$0] }
    let twice = Samples(
      inputs: Matrix(
        rows: copies.count, columns: 3, elements: copies.flatMap { row in (0..<3).map { inputs[row, $0] } }),
      targets: .classes(copies.map { classes[$0] }))
    let predictor = try Predictor(network, parameters: parameters)
    let expected = try predictor.evaluate(twice, loss: .crossEntropy).loss
    let weighted = try predictor.evaluate(
      Samples(inputs: inputs, targets: .classes(classes)), loss: .crossEntropy(classWeights: [1, 2])
    ).loss
    #expect(abs(weighted - expected) < 1e-7)

    // And the mean of an epoch is that of the whole, however batches are cut.
    let step = try TrainingStep(
      network, loss: .crossEntropy(classWeights: [1, 2]), samples: Samples(inputs: inputs, targets: .classes(classes)),
      batchSize: 4)
    step.parameters = parameters
    var (sum, total) = (0.0, 0.0)
    for batch in [[Int32](0..<4), [4, 5], [6, 7, 8]] {
      sum += batch.withUnsafeBufferPointer { step.differentiate(rows: $0, step: 0) } * step.totalWeight
      total += step.totalWeight
    }
    #expect(total == 12 && abs(sum / total - expected) < 1e-7)
  }

  /// The loss alone, from probabilities or values; and behind the last layer that it is fused with.
  private func check(
    _ loss: some Loss, last: some Layer, outputs: Int, targets: Targets, rows: Int, weighted: Bool
  ) throws {
    let weights = weighted ? (0..<rows).map { Float($0 % 4) * 0.5 + 0.25 } : nil
    let predictions = positive(rows: rows, columns: outputs, seed: 9, rowsSumTo1: outputs > 1)
    let alone = try checkDerivative(of: loss, predictions: predictions, targets: targets, weights: weights)
    #expect(alone.passes(), "\(loss) alone: \(alone)")
    let network = Network(inputs: Shape([outputs]), layers: [last])
    let samples = Samples(inputs: normal(rows: rows, columns: outputs, seed: 10), targets: targets, weights: weights)
    let fused = try network.checkGradient(loss: loss, samples: samples)
    #expect(fused.passes(), "\(loss) fused: \(fused)")

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
    (CrossEntropy(labelSmoothing: 1), .classes([0, 1, 1]), "at least 0 and below 1"),
    (CrossEntropy(classWeights: [1, 2]), .classes([0, 1, 1]), "2 weights for 3 classes"),
    (CrossEntropy(classWeights: [1, 2, -1]), .classes([0, 1, 1]), "at least 0, not -1"),
    (CrossEntropy(classWeights: [0, 0, 0]), .classes([0, 1, 1]), "all 0"),
    (BinaryCrossEntropy(positiveWeights: [1]), .values(Matrix(rows: 3, columns: 3)), "1 weights for 3 outputs"),
    (FocalCrossEntropy(gamma: -1), .classes([0, 1, 1]), "γ is at least 0"),
    (FocalCrossEntropy(), .values(Matrix(rows: 3, columns: 3)), "takes classes"),
    (BinaryFocalCrossEntropy(alpha: 2), .values(Matrix(rows: 3, columns: 3)), "α is from 0 to 1"),
    (Huber(delta: 0), .values(Matrix(rows: 3, columns: 3)), "δ is above 0"),
    (MeanAbsoluteError(), .classes([0, 1, 2]), "takes numbers as targets"),
    (Quantile(0.1, 1), .values(Matrix(rows: 3, columns: 1)), "below 1, not 1.0"),
    (Quantile(0.1, 0.9), .values(Matrix(rows: 3, columns: 1)), "2 levels of quantiles, and the network has 3 outputs"),
    (Quantile(0.1, 0.5, 0.9), .values(Matrix(rows: 3, columns: 2)), "2 columns"),
    (Poisson(), .values(Matrix([[0, 1, 2], [0, -1, 2], [0, 1, 2]])), "sample 1 has -1.0"),
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
