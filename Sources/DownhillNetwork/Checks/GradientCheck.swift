public import DownhillCompute

/// What a comparison of derivatives with central differences found.
public struct GradientCheck: Sendable, CustomStringConvertible {
  /// One of the things that the loss was differentiated with respect to.
  public struct Finding: Sendable {
    /// `inputs`, or the name of a parameter.
    public let name: String
    /// ‖a − n‖ / max(‖a‖, ‖n‖) for the derivatives a and the central differences n over the elements compared; at
    /// least 0.002 |L| an element in the denominator, where a gradient is near 0.
    public let relativeError: Double
    /// How many elements were compared, and how many left out because of a kink near by.
    public let compared: Int
    public let skipped: Int
    /// The element where the two are furthest apart.
    public let worst: (element: Int, derivative: Double, difference: Double)?
  }

  public let findings: [Finding]

  /// The largest relative error.
  public var relativeError: Double { findings.map(\.relativeError).max() ?? 0 }

  /// Whether every derivative agrees with its differences, and enough of its elements could be compared.
  public func passes(tolerance: Double = 1e-3) -> Bool {
    findings.allSatisfy { $0.relativeError <= tolerance && $0.skipped <= $0.compared }
  }

  public var description: String {
    findings.map { finding in
      var line = "\(finding.name): relative error \(Float(finding.relativeError)) over \(finding.compared) elements"
      if finding.skipped > 0 { line += ", \(finding.skipped) left out near kinks" }
      if let worst = finding.worst {
        line += "; worst at element \(worst.element): derivative \(Float(worst.derivative)), "
        line += "difference \(Float(worst.difference))"
      }
      return line
    }.joined(separator: "\n")
  }
}

extension Network {
  /// Compares the gradient of the loss with central differences, with respect to θ and to the inputs.
  ///
  /// With activations that have a kink, take a few rows only: each row has its own kinks, and where many are close by,
  /// differences tell nothing.
  ///
  /// - Parameters:
  ///   - samples: one batch of all of them.
  ///   - parameters: where in θ's space; nil: initial parameters, every one of them moved a little away from 0.
  ///   - elements: how many elements of each parameter to compare, drawn by `seed`; all where there are no more.
  public func checkGradient(
    loss: any Loss, samples: Samples, parameters: Parameters? = nil, elements: Int = 64, seed: UInt64 = 1
  ) throws(NetworkError) -> GradientCheck {
    let step = try TrainingStep(
      self, loss: loss, samples: samples, batchSize: max(1, samples.count), seed: seed, keepsInputError: true)
    let start: Parameters
    if let parameters { start = parameters } else { start = try checkParameters(seed: seed) }
    step.parameters = start
    return step.check(elements: elements, seed: seed)
  }

  /// Initial parameters, moved away from the zeros that biases start from.
  func checkParameters(seed: UInt64) throws(NetworkError) -> Parameters {
    var parameters = try initialParameters(seed: seed)
    var random = RandomStream(seed: seed, purpose: .check)
    let base = parameters.vector.uniqueBase()
    for index in 0..<parameters.count { base[index] += Float(0.1 * random.normal()) }
    return parameters
  }
}

/// Compares a layer's two derivatives with central differences, for random inputs and parameters.
///
/// - Parameters:
///   - inputs: the shape of an input row.
///   - rows: the size of the batch.
public func checkDerivatives(
  of layer: some Layer, inputs: Shape, rows: Int, elements: Int = 64, seed: UInt64 = 1
) throws(NetworkError) -> GradientCheck {
  // Behind a layer: one that looks at a network's input would not have any numbers.
  let network = Network(inputs: inputs, layers: layer is any SelectiveLayer ? [PassThrough(), layer] : [layer])
  let outputs = try network.outputs().count
  let samples = Samples(
    inputs: .normal(rows: rows, columns: inputs.count, seed: seed, index: 1),
    targets: .values(.normal(rows: rows, columns: outputs, seed: seed, index: 2)))
  return try network.checkGradient(loss: Projection(), samples: samples, elements: elements, seed: seed)
}

/// Compares a loss's derivative with respect to the prediction with central differences.
public func checkDerivative(
  of loss: some Loss, predictions: Matrix, targets: Targets, weights: [Float]? = nil, elements: Int = 64,
  seed: UInt64 = 1
) throws(NetworkError) -> GradientCheck {
  let network = Network(inputs: Shape([predictions.columns]), layers: [PassThrough()])
  return try network.checkGradient(
    loss: loss, samples: Samples(inputs: predictions, targets: targets, weights: weights), elements: elements,
    seed: seed)
}

extension TrainingStep {
  /// Compares the gradient at θ as it is, for the batch of all samples.
  func check(elements: Int, seed: UInt64) -> GradientCheck {
    let order = [Int32](0..<Int32(source.samples.count))
    return order.withUnsafeBufferPointer { rows in
      let value = differentiate(rows: rows, step: 0)
      let (gradient, inputError) = (self.gradient, self.inputError!)
      let function = { self.runPhaseOne(rows, 0) }
      var findings: [GradientCheck.Finding] = []
      let inputs = source.mutableInputs().base
      findings.append(compare("inputs", inputError.elements, inputs, value, function, elements: elements, seed: seed))
      for entry in parameterLayout.entries where entry.isTrained {
        let derivative = Array(gradient.vector.elements[entry.range])
        withParameter(entry.offset) { place in
          findings.append(compare(entry.name, derivative, place, value, function, elements: elements, seed: seed))
        }
      }
      return GradientCheck(findings: findings)
    }
  }

  private func compare(
    _ name: String, _ derivative: [Float], _ place: UnsafeMutablePointer<Float>, _ value: Double,
    _ function: @escaping () -> Double, elements: Int, seed: UInt64
  ) -> GradientCheck.Finding {
    var random = RandomStream(seed: seed, purpose: .check, index: 3)
    let chosen = random.permutation(of: derivative.count).prefix(elements).map(Int.init)
    let square = chosen.reduce(0.0) { $0 + Double(derivative[$1]) * Double(derivative[$1]) }
    let scale = (square / Double(max(1, chosen.count))).squareRoot()
    let difference = CentralDifference(middle: value, scale: scale, function: function)
    var (apart, ofDerivative, ofDifference, compared) = (0.0, 0.0, 0.0, 0)
    var worst: (element: Int, derivative: Double, difference: Double)?
    for element in chosen {
      guard let numeric = difference.derivative(place + element) else { continue }
      let analytic = Double(derivative[element])
      compared += 1
      apart += (analytic - numeric) * (analytic - numeric)
      ofDerivative += analytic * analytic
      ofDifference += numeric * numeric
      // A derivative that is not a number is as far away as can be.
      if worst.map({ !(abs(analytic - numeric) <= abs($0.derivative - $0.difference)) }) ?? true {
        worst = (element, analytic, numeric)
      }
    }
    // Rounding of the loss makes differences of about 1e-6 |L|; a gradient as small as that can't be told from 0.
    let floor = 2e-3 * max(abs(value), 1e-6) * Double(max(1, compared)).squareRoot()
    let size = max(ofDerivative, ofDifference).squareRoot()
    let error = apart == 0 ? 0 : apart.squareRoot() / max(size, floor)
    return GradientCheck.Finding(
      name: name, relativeError: error.isNaN ? .infinity : error, compared: compared,
      skipped: chosen.count - compared, worst: worst)
  }
}

extension Matrix {
  /// Standard normal numbers.
  static func normal(rows: Int, columns: Int, seed: UInt64, index: Int) -> Matrix {
    var random = RandomStream(seed: seed, purpose: .check, index: index)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in Float(random.normal()) })
  }
}

/// lᵢ = Σₖ cᵢₖ ŷᵢₖ with coefficients c in the targets' place: a loss whose derivative is known.
struct Projection: Loss {
  func evaluate(_ pass: LossPass) -> Double {
    guard case .values(let coefficients) = pass.target else { preconditionFailure("coefficients are values") }
    var sum = 0.0
    for row in 0..<pass.prediction.rows {
      for column in 0..<pass.prediction.columns {
        sum += Double(coefficients[row, column]) * Double(pass.prediction[row, column])
        pass.error?[row, column] = pass.scale * coefficients[row, column]
      }
    }
    return sum
  }
  var description: String { "Projection()" }
}

/// f(x) = x, but not `Identity`, so that no loss is fused with it.
struct PassThrough: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape { input }
  func forward(_ pass: ForwardPass) { pass.output.copy(pass.input) }
  func inputDerivative(_ pass: InputDerivativePass) { pass.inputError.copy(pass.outputError) }
  var inputDerivativeReads: LayerReads { [] }
  var description: String { "PassThrough()" }
}
