import DownhillCompute
import DownhillNetwork
import Testing

@Suite struct PlanTests {
  static let networks: [Network] = [
    Network(inputs: 6) { Linear(3) },
    Network(inputs: 6) {
      Linear(9)
      Tanh()
      Linear(3)
    },
    // In place, kept inputs, dropout masks, a parameterless start.
    Network(inputs: 6) {
      Tanh()
      Linear(17)
      GELU()
      Dropout(0.3)
      Linear(8, bias: false)
      Mish()
      Linear(5)
      ELU()
      SiLU()
      Linear(3)
      Sigmoid()
      Identity()
    },
    // A meeting point in the middle, and two of them in a row.
    Network(inputs: 6) {
      Linear(7)
      Centering()
      Tanh()
      Linear(3)
    },
    Network(inputs: 6) {
      Centering()
      Linear(7)
      Centering()
      Centering()
      SiLU()
      Scaling()
      Linear(3)
      Scaling()
    },
  ]

  @Test(arguments: networks.indices, [1, 2, 33, 257])
  func gradientsOfWholeNetworksAgreeWithDifferences(index: Int, rows: Int) throws {
    let samples = Samples(
      inputs: normal(rows: rows, columns: 6, seed: 4), targets: .values(normal(rows: rows, columns: 3, seed: 5)))
    let check = try Self.networks[index].checkGradient(loss: .meanSquaredError, samples: samples, elements: 32)
    #expect(check.passes(), "\(Self.networks[index])\n\(check)")
  }

  @Test(arguments: [1, 2, 5])
  func gradientsOfKinkedNetworksAgreeWithDifferences(rows: Int) throws {
    let network = Network(inputs: 6) {
      Linear(9)
      ReLU()
      Dropout(0.3)
      Linear(7)
      LeakyReLU()
      Linear(3)
      Softmax()
    }
    let samples = Samples(
      inputs: normal(rows: rows, columns: 6, seed: 4), targets: .classes((0..<rows).map { Int32($0 % 3) }))
    let check = try network.checkGradient(loss: .crossEntropy, samples: samples)
    #expect(check.passes(), "\(check)")
  }

  @Test("A prediction is that of the network without its dropout")
  func predictionsKnowNoDropout() throws {
    let dropping = Network(inputs: 6) {
      Dropout(0.1)
      Linear(9)
      Dropout(0.3)
      ReLU()
      Linear(3)
      Dropout(0.5)
    }
    let plain = Network(inputs: 6) {
      Linear(9)
      ReLU()
      Linear(3)
    }
    let inputs = normal(rows: 5, columns: 6, seed: 4)
    let parameters = try plain.initialParameters(seed: 1)
    var same = try dropping.initialParameters(seed: 2)
    same.vector = parameters.vector
    #expect(
      try Predictor(dropping, parameters: same).predict(inputs)
        == Predictor(plain, parameters: parameters).predict(inputs))
  }

  /// Large enough for several tiles in both phases.
  static let wide = Network(inputs: 50) {
    Linear(200)
    ReLU()
    Scaling()
    Linear(130)
    Centering()
    GELU()
    Dropout(0.2)
    Linear(3)
    Softmax()
  }

  @Test(arguments: [2, 3, 5])
  func threadsChangeNoBit(threads: Int) throws {
    func train(threads: Int) throws -> (losses: [Double], parameters: [Float]) {
      let pool = WorkerPool(exactly: threads)
      let samples = Samples(
        inputs: normal(rows: 600, columns: 50, seed: 1), targets: .classes((0..<600).map { Int32($0 % 3) }))
      let step = try TrainingStep(
        Self.wide, loss: .crossEntropy, samples: samples, batchSize: 250, rule: UpdateRule(Descent()), seed: 3,
        workers: pool)
      step.parameters = try Self.wide.initialParameters(seed: 2)
      var order = [Int32](0..<600)
      var losses: [Double] = []
      for number in 0..<8 {
        var random = RandomStream(seed: 1, purpose: .shuffle, step: number)
        random.shuffle(&order)
        order[0..<(number % 2 == 0 ? 250 : 170)].withUnsafeBufferPointer { rows in
          losses.append(step.run(rows: rows, step: number, settings: UpdateSettings(rate: 0.1)))
        }
      }
      return (losses, step.parameters.vector.elements)
    }
    let one = try train(threads: 1), many = try train(threads: threads)
    #expect(one.losses == many.losses)
    #expect(one.parameters == many.parameters)
    #expect(one.losses.last! < one.losses.first!)
  }

  @Test func anOperationOnTheWholeGradientComesBeforeTheUpdate() throws {
    let network = Self.networks[1]
    let samples = Samples(
      inputs: normal(rows: 20, columns: 6, seed: 4), targets: .values(normal(rows: 20, columns: 3, seed: 5)))
    let step = try TrainingStep(
      network, loss: .meanSquaredError, samples: samples, batchSize: 20, rule: UpdateRule(Descent()))
    let start = try network.initialParameters(seed: 1)
    step.parameters = start
    let rows = [Int32](0..<20)
    rows.withUnsafeBufferPointer { rows in
      step.differentiate(rows: rows, step: 0)
      let gradient = step.gradient.vector.elements
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      step.run(rows: rows, step: 0, settings: UpdateSettings(rate: 1), wholeGradient: UnitNorm())
      for (index, element) in step.parameters.vector.elements.enumerated() {
        #expect(abs(element - (start.vector[index] - gradient[index] / norm)) < 1e-6)
      }
    }
  }

  @Test func aWeightOfTwoCountsARowTwice() throws {
    let network = Self.networks[1]
    let inputs = normal(rows: 4, columns: 6, seed: 4), targets = normal(rows: 4, columns: 3, seed: 5)
    func gradient(rows: [Int32], weights: [Float]?) throws -> (Double, [Float]) {
      let step = try TrainingStep(
        network, loss: .meanSquaredError,
        samples: Samples(inputs: inputs, targets: .values(targets), weights: weights), batchSize: 8)
      step.parameters = try network.initialParameters(seed: 1)
      let loss = rows.withUnsafeBufferPointer { step.differentiate(rows: $0, step: 0) }
      return (loss, step.gradient.vector.elements)
    }
    let (loss, weighted) = try gradient(rows: [0, 1, 2, 3], weights: [1, 2, 0, 3])
    let (sameLoss, repeated) = try gradient(rows: [0, 1, 1, 3, 3, 3], weights: nil)
    #expect(abs(loss - sameLoss) < 1e-6)
    #expect(zip(weighted, repeated).allSatisfy { abs($0 - $1) < 1e-6 })
    let (nothing, still) = try gradient(rows: [2], weights: [1, 2, 0, 3])
    #expect(nothing == 0 && still.allSatisfy { $0 == 0 })
  }

  @Test func noParameterIsUpdatedBeforeADerivativeThatReadsIt() throws {
    let network = Network(inputs: 3) { TwoFactors() }
    let samples = Samples(
      inputs: normal(rows: 20, columns: 3, seed: 4), targets: .values(normal(rows: 20, columns: 3, seed: 5)))
    let step = try TrainingStep(
      network, loss: .meanSquaredError, samples: samples, batchSize: 20, rule: UpdateRule(Descent()))
    let start = try network.initialParameters(seed: 1)
    step.parameters = start
    [Int32](0..<20).withUnsafeBufferPointer { rows in
      step.differentiate(rows: rows, step: 0)
      let gradient = step.gradient
      step.run(rows: rows, step: 0, settings: UpdateSettings(rate: 0.5))
      #expect(step.gradient == gradient)
      for index in 0..<start.count {
        #expect(step.parameters.vector[index] == start.vector[index] - 0.5 * gradient.vector[index])
      }
    }
    let check = try network.checkGradient(loss: .meanSquaredError, samples: samples)
    #expect(check.passes(), "\(check)")
  }

  @Test func predictionsOfManyRowsAreThoseOfEachRow() throws {
    let network = Self.networks[2]
    let parameters = try network.initialParameters(seed: 1)
    let inputs = normal(rows: 2500, columns: 6, seed: 4)
    let all = try Predictor(network, parameters: parameters, workers: WorkerPool(exactly: 3)).predict(inputs)
    let single = try Predictor(network, parameters: parameters)
    for row in [0, 63, 64, 2047, 2048, 2499] {
      #expect(try single.predict(Matrix([inputs.row(row)])).row(0) == all.row(row))
    }
    #expect(try single.predict(Matrix(rows: 0, columns: 6)).rows == 0)
    #expect(throws: NetworkError.self) { try single.predict(Matrix(rows: 1, columns: 5)) }
  }
}

/// θ ← θ − η g, written out.
struct Descent: Optimizer {
  func update(_ pass: UpdatePass) {
    for index in 0..<pass.theta.count { pass.theta[index] -= Float(pass.rate) * pass.gradient[index] }
  }
  var description: String { "Descent()" }
}

private final class UnitNorm: GradientOperation {
  func apply(to gradient: MutableVectorView) {
    let norm = (0..<gradient.count).reduce(Float(0)) { $0 + gradient[$1] * gradient[$1] }.squareRoot()
    for index in 0..<gradient.count { gradient[index] /= norm }
  }
}

/// Takes the batch's mean off each column: needs the whole batch.
private struct Centering: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func forward(_ pass: ForwardPass) { center(pass.input, into: pass.output) }
  func inputDerivative(_ pass: InputDerivativePass) { center(pass.outputError, into: pass.inputError) }
  var inputDerivativeReads: LayerReads { [] }
  var rowCoupling: RowCoupling { .wholeBatch }
  var runsInPlace: Bool { true }
  var description: String { "Centering()" }

  private func center(_ x: MatrixView, into y: MutableMatrixView) {
    for column in 0..<x.columns {
      let mean = (0..<x.rows).reduce(Float(0)) { $0 + x[$1, column] } / Float(x.rows)
      for row in 0..<x.rows { y[row, column] = x[row, column] - mean }
    }
  }
}

/// y = s ⊙ x with one s a column: few parameters, so its gradient is cut by rows.
private struct Scaling: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func parameters(for input: Shape) -> [ParameterDeclaration] {
    [ParameterDeclaration("scale", rows: 1, columns: input.count, initializer: .constant(1))]
  }
  func forward(_ pass: ForwardPass) { scale(pass.input, by: pass.parameters[0], into: pass.output) }
  func inputDerivative(_ pass: InputDerivativePass) {
    scale(pass.outputError, by: pass.parameters[0], into: pass.inputError)
  }
  func parameterDerivative(_ pass: ParameterDerivativePass) {
    for column in 0..<pass.input.columns {
      pass.gradient[0, column] = (0..<pass.input.rows).reduce(Float(0)) {
        $0 + pass.input[$1, column] * pass.outputError[$1, column]
      }
    }
  }
  var inputDerivativeReads: LayerReads { [] }
  var gradientCut: GradientCut { .byRows }
  var description: String { "Scaling()" }

  private func scale(_ x: MatrixView, by scale: MatrixView, into y: MutableMatrixView) {
    for row in 0..<x.rows {
      for column in 0..<x.columns { y[row, column] = x[row, column] * scale[0, column] }
    }
  }
}

/// y = a ⊙ b ⊙ x: the derivative with respect to a reads b, and that with respect to b reads a.
private struct TwoFactors: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func parameters(for input: Shape) -> [ParameterDeclaration] {
    ["a", "b"].map { ParameterDeclaration($0, rows: 1, columns: input.count, initializer: .uniform(1, 2)) }
  }
  func forward(_ pass: ForwardPass) { scale(pass.input, by: pass.parameters, into: pass.output) }
  func inputDerivative(_ pass: InputDerivativePass) {
    scale(pass.outputError, by: pass.parameters, into: pass.inputError)
  }
  func parameterDerivative(_ pass: ParameterDerivativePass) {
    let other = pass.parameters[1 - pass.parameter]
    for column in 0..<pass.input.columns {
      pass.gradient[0, column] = (0..<pass.input.rows).reduce(Float(0)) {
        $0 + pass.input[$1, column] * other[0, column] * pass.outputError[$1, column]
      }
    }
  }
  var inputDerivativeReads: LayerReads { [] }
  var parameterDerivativeReads: LayerReads { [.input, .parameters] }
  var description: String { "TwoFactors()" }

  private func scale(_ x: MatrixView, by factors: ParameterViews, into y: MutableMatrixView) {
    for row in 0..<x.rows {
      for column in 0..<x.columns { y[row, column] = x[row, column] * factors[0][0, column] * factors[1][0, column] }
    }
  }
}
