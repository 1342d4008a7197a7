import DownhillCompute
import DownhillNetwork
import Testing

@Suite("Embeddings") struct EmbeddingTests {
  static let network = Network(inputs: 4) {
    Concatenate {
      Branch(columns: 0..<2) { Embedding(categories: [3, 5], width: 4) }
      Branch(columns: 2..<4) { PeriodicEmbedding(frequencies: 6, outputs: 2, deviation: 0.5) }
    }
    Linear(3)
    Softmax()
  }

  private func samples(rows: Int, code: Float? = nil) -> Samples {
    var random = RandomStream(seed: 3, purpose: .check)
    var inputs = Matrix(rows: rows, columns: 4, elements: (0..<rows * 4).map { _ in Float(random.normal()) })
    for row in 0..<rows { (inputs[row, 0], inputs[row, 1]) = (Float(row % 3), Float(row % 5)) }
    if let code { inputs[rows - 1, 1] = code }
    return Samples(inputs: inputs, targets: .classes((0..<rows).map { Int32($0 % 3) }))
  }

  @Test("A code that the table doesn't have is an error where it comes in", arguments: [5, -1, 0.5, .nan, .infinity])
  func unknownCodesAreRefused(code: Float) throws {
    let samples = samples(rows: 9, code: code)
    func isMeant(_ error: any Error) -> Bool {
      "\(error)".contains("row 8 has \(code) in column 1") && "\(error)".contains("from 0 to 4")
    }
    #expect {
      _ = try TrainingStep(Self.network, loss: .crossEntropy, samples: samples, batchSize: 9)
    } throws: { isMeant($0) }
    let predictor = try Predictor(Self.network, parameters: Self.network.initialParameters(seed: 1))
    #expect { _ = try predictor.predict(samples.inputs) } throws: { isMeant($0) }
  }

  @Test("Where rows come in unseen, such a code is taken as 0", arguments: [5, -1, .nan, .infinity])
  func unknownCodesAreZeroInside(code: Float) throws {
    let network = Network(inputs: 2) { Embedding(categories: 5, width: 3) }
    let predictor = try Predictor(network, parameters: network.initialParameters(seed: 1))
    func predict(_ codes: [Float]) -> [Float] {
      var output = [Float](repeating: 9, count: 6)
      var span = output.mutableSpan
      predictor.predict(row: codes.span, into: &span)
      return output
    }
    #expect(predict([code, 2]) == predict([0, 2]) && predict([0, 2]) != predict([1, 2]))
  }

  @Test("Gradients of embeddings in a network agree with differences", arguments: [3, 40])
  func gradientsAgree(rows: Int) throws {
    // Codes can't be moved a little; the other inputs and all parameters can.
    let check = try Self.network.checkGradient(loss: .crossEntropy, samples: samples(rows: rows), elements: 30)
    #expect(check.passes(), "\(check)")
  }

  @Test("Training gives the same bits on one thread and on several")
  func bitsDoNotDependOnThreads() throws {
    let gradients = try [1, 4].map { threads in
      let step = try TrainingStep(
        Self.network, loss: .crossEntropy, samples: samples(rows: 3_000), batchSize: 3_000,
        workers: WorkerPool(exactly: threads))
      step.parameters = try Self.network.initialParameters(seed: 8)
      [Int32](0..<3_000).withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }
      return step.gradient.vector.elements
    }
    #expect(gradients[0] == gradients[1] && gradients[0].contains { $0 != 0 })
  }

  @Test("A periodic embedding has its vectors first, then the row; its parameters are named by their layers")
  func periodicEmbeddingIsMadeOfLayers() throws {
    let network = Network(inputs: 3) { PeriodicEmbedding() }
    #expect(
      try network.parameterShapes().map { "\($0.name) \($0.shape)" } == [
        "0.0.frequencies [3, 16]", "0.0.phases [3, 16]", "0.1.weights [48, 3]", "0.1.bias [9]",
      ])
    let row: [Float] = [0.25, -3, 7]
    let output = try Predictor(network, parameters: network.initialParameters(seed: 1)).predict(Matrix([row])).row(0)
    #expect(output.count == 12 && Array(output.suffix(3)) == row)
    let plain = Network(inputs: 3) { PeriodicEmbedding(keepsValue: false) }
    #expect(
      try Predictor(plain, parameters: plain.initialParameters(seed: 1)).predict(Matrix([row])).row(0)
        == Array(output.prefix(9)))
    #expect(plain.description.contains("PeriodicEmbedding(frequencies: 16, outputs: 3, keepsValue: false)  // 3 → 9"))
  }
}
