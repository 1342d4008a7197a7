import DownhillCompute
import DownhillNetwork
import Testing

@Suite("Clipping") struct ClippingTests {
  private static let network = Network(inputs: 50) {
    Linear(200)
    GELU()
    Linear(150)
    Tanh()
    Linear(3)
  }

  /// θ before and after a step at a rate of 1, and the gradient.
  private func step(
    _ clipping: Clipping, threads: Int = 1, operation: (any GradientOperation)? = nil
  ) throws -> (start: [Float], gradient: [Float], end: [Float]) {
    let samples = Samples(
      inputs: normal(rows: 250, columns: 50, seed: 1), targets: .values(normal(rows: 250, columns: 3, seed: 2)))
    let step = try TrainingStep(
      Self.network, loss: .meanSquaredError, samples: samples, batchSize: 250,
      rule: UpdateRule(Descent(), clipping: clipping), workers: WorkerPool(exactly: threads))
    step.parameters = try Self.network.initialParameters(seed: 1)
    let start = step.parameters.vector.elements
    let rows = [Int32](0..<250)
    let gradient = rows.withUnsafeBufferPointer { rows in
      step.differentiate(rows: rows, step: 0)
      let gradient = step.gradient.vector.elements
      step.run(rows: rows, step: 0, settings: UpdateSettings(rate: 1), wholeGradient: operation)
      return gradient
    }
    return (start, gradient, step.parameters.vector.elements)
  }

  private func norm(_ x: [Float]) -> Double { x.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }

  private func expectSteps(
    _ found: (start: [Float], gradient: [Float], end: [Float]), _ step: (Double) -> Double
  ) {
    for (index, start) in found.start.enumerated() {
      let expected = Double(start) - step(Double(found.gradient[index]))
      #expect(abs(Double(found.end[index]) - expected) < 1e-6)
    }
  }

  @Test func aGradientThatIsTooLongIsShortened() throws {
    let found = try step(Clipping(norm: 0.01))
    let norm = norm(found.gradient)
    #expect(norm > 0.02)
    expectSteps(found) { $0 * 0.01 / norm }
  }

  @Test func elementsAreHeldWithinTheBound() throws {
    let found = try step(Clipping(value: 0.002))
    #expect(found.gradient.contains { abs($0) > 0.004 } && found.gradient.contains { abs($0) < 0.001 })
    expectSteps(found) { min(max($0, -0.002), 0.002) }
  }

  @Test func theNormComesFirst() throws {
    let found = try step(Clipping(norm: 0.1, value: 0.002))
    let norm = norm(found.gradient)
    expectSteps(found) { min(max($0 * 0.1 / norm, -0.002), 0.002) }
  }

  @Test func theNormIsThatAfterAnOperationOnTheGradient() throws {
    let found = try step(Clipping(norm: 0.5), operation: Tripling())
    let norm = norm(found.gradient)
    #expect(3 * norm > 0.5)
    expectSteps(found) { 3 * $0 * 0.5 / (3 * norm) }
  }

  @Test(arguments: [2, 3, 5]) func threadsChangeNoBit(threads: Int) throws {
    let clipping = Clipping(norm: 0.01, value: 0.001)
    #expect(try step(clipping, threads: threads).end == step(clipping).end)
  }

  @Test func boundsThatMakeNoSenseAreObjectedTo() {
    #expect(Clipping().objection == nil && Clipping(norm: 1, value: 1).objection == nil)
    for bound in [0, -1, Double.nan, .infinity] {
      #expect(Clipping(norm: bound).objection == "a gradient's norm is clipped to a bound above 0, not \(bound)")
      #expect(Clipping(value: bound).objection == "a gradient's value is clipped to a bound above 0, not \(bound)")
    }
  }
}

private final class Tripling: GradientOperation {
  func apply(to gradient: MutableVectorView) {
    for index in 0..<gradient.count { gradient[index] *= 3 }
  }
}
