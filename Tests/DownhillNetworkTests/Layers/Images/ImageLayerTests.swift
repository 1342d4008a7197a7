import DownhillCompute
import DownhillNetwork
import Testing

@Suite struct ImageLayerTests {
  /// Layers for images with settings that reach each of their branches.
  static let layers: [any Layer] = [
    Convolution2D(3, kernel: 1), Convolution2D(4, kernel: 3, padding: .same),
    Convolution2D(33, kernel: 2, bias: false), Convolution2D(2, kernel: Size2D(3, 2), stride: 2, padding: .all(1)),
    Convolution2D(2, kernel: 2, stride: Size2D(3, 1), padding: .same),
    Convolution2D(4, kernel: 3, padding: .explicit(top: 2, bottom: 0, left: 1, right: 3), groups: 2),
    Convolution2D(2, kernel: 1, stride: 2, groups: 2),
    MaxPooling2D(2), MaxPooling2D(3, stride: 1, padding: .same), MaxPooling2D(Size2D(1, 2), padding: .same),
    AveragePooling2D(2), AveragePooling2D(3, stride: 2, padding: .all(1)),
    AveragePooling2D(3, stride: 1, padding: .same, countsPadding: false),
    GlobalAveragePooling(), Flatten(), Dropout2D(0.4), Dropout2D(0),
  ]

  static let shapes: [Shape] = [[4, 4, 2], [3, 5, 18], [7, 6, 4]]

  @Test(arguments: layers.indices, shapes)
  func everyLayerForImagesKeepsWhatLayerPromises(index: Int, inputs: Shape) throws {
    let violations = try check(Self.layers[index], inputs, batches: [1, 2, 7])
    #expect(violations.isEmpty, "\(violations.map(\.description).joined(separator: "\n"))")
  }

  private func check(_ layer: some Layer, _ inputs: Shape, batches: [Int]) throws -> [ConformanceViolation] {
    try checkConformance(of: layer, inputs: [inputs], batches: batches, seed: 3)
  }

  @Test func gradientsOfConvolutionalNetworksAgreeWithDifferences() throws {
    let network = Network(inputs: [8, 7, 2]) {
      Convolution2D(6, kernel: 3, padding: .same)
      GELU()
      AveragePooling2D(2, padding: .same, countsPadding: false)
      Residual {
        Convolution2D(6, kernel: 3, padding: .same, groups: 2)
        Tanh()
        Dropout2D(0.2)
      }
      AveragePooling2D(3, stride: 2, padding: .all(1))
      Convolution2D(5, kernel: 2)
      SiLU()
      Flatten()
      Dropout(0.1)
      Linear(3)
    }
    let samples = Samples(
      inputs: normal(rows: 9, columns: 112, seed: 4), targets: .values(normal(rows: 9, columns: 3, seed: 5)))
    let check = try network.checkGradient(loss: .meanSquaredError, samples: samples, elements: 64)
    #expect(check.passes(), "\(network)\n\(check)")
  }

  @Test(arguments: [1, 5, 64]) func stepsOnOneAndOnThreeThreadsGiveTheSameBits(batch: Int) throws {
    let network = Self.classifier
    func train(threads: Int) throws -> ([Float], [Double]) {
      let samples = Samples(
        inputs: normal(rows: batch, columns: 256, seed: 8), targets: .classes((0..<batch).map { Int32($0 % 4) }))
      let step = try TrainingStep(
        network, loss: .crossEntropy, samples: samples, batchSize: batch, rule: UpdateRule(Descent()), seed: 2,
        workers: WorkerPool(exactly: threads))
      step.parameters = try network.initialParameters(seed: 1)
      let rows = [Int32](0..<Int32(batch))
      let losses = (0..<12).map { number in
        rows.withUnsafeBufferPointer { step.run(rows: $0, step: number, settings: UpdateSettings(rate: 0.05)) }
      }
      return (step.parameters.vector.elements, losses)
    }
    let (one, three) = (try train(threads: 1), try train(threads: 3))
    #expect(one.0.map(\.bitPattern) == three.0.map(\.bitPattern) && one.1 == three.1)
    #expect(one.1.last! < one.1[0])
  }

  @Test func rowsPredictedAloneOrTogetherHaveTheSameBits() throws {
    let network = Self.classifier
    let predictor = try Predictor(network, parameters: network.initialParameters(seed: 1))
    let inputs = normal(rows: 70, columns: 256, seed: 8)
    let together = try predictor.predict(inputs)
    for row in [0, 37, 69] {
      let alone = try predictor.predict(Matrix(rows: 1, columns: 256, elements: inputs.row(row)))
      #expect(alone.row(0).map(\.bitPattern) == together.row(row).map(\.bitPattern))
    }
  }

  static let classifier = Network(inputs: [16, 16, 1]) {
    Convolution2D(20, kernel: 3, padding: .same)
    ReLU()
    MaxPooling2D(2)
    Convolution2D(24, kernel: 3)
    MaxPooling2D(2)
    ReLU()
    Flatten()
    Dropout(0.1)
    Linear(4)
    Softmax()
  }

  @Test func wholeChannelsAreDropped() throws {
    let network = Network(inputs: [5, 4, 100]) { Dropout2D(0.25) }
    let ones = Matrix(rows: 50, columns: 2000, elements: [Float](repeating: 1, count: 100_000))
    let recorder = Recorder()
    let step = try TrainingStep(
      network, loss: Recording(recorder: recorder),
      samples: Samples(inputs: ones, targets: .values(Matrix(rows: 50, columns: 2000))), batchSize: 50, seed: 3)
    let rows = [Int32](0..<50)
    rows.withUnsafeBufferPointer { _ = step.differentiate(rows: $0, step: 0) }
    var dropped = 0
    for image in 0..<50 {
      for channel in 0..<100 {
        let pixels = (0..<20).map { recorder.seen[image * 2000 + $0 * 100 + channel] }
        #expect(Set(pixels).count == 1 && [0, 1 / 0.75].contains(pixels[0]))
        if pixels[0] == 0 { dropped += 1 }
      }
    }
    // The standard deviation of the share is 0.006.
    #expect(abs(Double(dropped) / 5_000 - 0.25) < 0.03)
  }

  @Test func shapesFollowTheUsualFormulas() throws {
    let network = Network(inputs: [28, 28, 1]) {
      Convolution2D(16, kernel: 5, stride: 2, padding: .same)
      MaxPooling2D(3, stride: 2)
      Convolution2D(8, kernel: Size2D(3, 1), padding: .explicit(top: 1, bottom: 0, left: 0, right: 2), groups: 4)
      GlobalAveragePooling()
    }
    #expect(try network.outputs() == 8)
    let lines = network.description.split(separator: "\n")
    #expect(
      lines[1]
        == "  Convolution2D(16, kernel: 5, stride: 2, padding: .same)     // [28, 28, 1] → [14, 14, 16], 416 parameters"
    )
    #expect(lines[2] == "  MaxPooling2D(3, stride: 2)                                  // [14, 14, 16] → [6, 6, 16]")
    #expect(
      lines[3].hasPrefix(
        "  Convolution2D(8, kernel: Size2D(3, 1), padding: .explicit(top: 1, bottom: 0, left: 0, right: 2), groups: 4)")
    )
    #expect(lines[3].hasSuffix("// [6, 6, 16] → [5, 8, 8], 104 parameters"))
  }

  static let misfits: [(layer: any Layer, inputs: Shape, fragment: String)] = [
    (Convolution2D(0, kernel: 3), [8, 8, 4], "at least one channel"),
    (Convolution2D(4, kernel: 0), [8, 8, 4], "kernel of 1 to"),
    (Convolution2D(4, kernel: 3, stride: 0), [8, 8, 4], "stride of 1 to"),
    (Convolution2D(4, kernel: 3, padding: .all(-1)), [8, 8, 4], "padding of 0 to"),
    (Convolution2D(4, kernel: 9), [8, 8, 4], "windows of 9 × 9 pixels don't fit into images of 8 × 8"),
    (Convolution2D(4, kernel: 3), 64, "rows of the shape [height, width, channels]; these have the shape 64"),
    (Convolution2D(6, kernel: 3, groups: 4), [8, 8, 4], "4 channels in and 6 out into 4 equal groups"),
    (Convolution2D(1 << 40, kernel: 3), [8, 8, 4], "more memory"),
    (Convolution2D(.max, kernel: 3), [8, 8, 4], "more memory"),
    (MaxPooling2D(2), 64, "[height, width, channels]"),
    (MaxPooling2D(2, padding: .all(2)), [8, 8, 4], "less padding"),
    (AveragePooling2D(0), [8, 8, 4], "kernel of 1 to"),
    (GlobalAveragePooling(), 9, "[height, width, channels]"),
    (Dropout2D(1), [8, 8, 4], "below 1"), (Dropout2D(0.5), 8, "[height, width, channels]"),
    (Linear(3), [8, 8, 4], "put Flatten() before it"),
  ]

  @Test(arguments: misfits)
  func whatDoesNotFitIsRefused(layer: any Layer, inputs: Shape, fragment: String) {
    #expect {
      try Network(inputs: inputs, layers: [layer]).validate()
    } throws: { "\($0)".contains(fragment) && "\($0)".contains("layer 0") }
  }
}
