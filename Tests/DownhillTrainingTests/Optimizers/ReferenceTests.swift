import DownhillCompute
import DownhillNetwork
import DownhillTraining
import Testing

@Suite struct ReferenceTests {
  @Test func thereAreCases() { #expect(ReferenceCase.names.count >= 40) }

  @Test(arguments: ReferenceCase.names)
  func lossesAndGradientsAgreeWithPyTorchInFloat64(name: String) throws {
    let reference = try ReferenceCase.read(name)
    let network = try reference.network()
    let samples = reference.samples()
    let step = try TrainingStep(
      network, loss: reference.lossFunction(), samples: samples, batchSize: reference.batchSize,
      rule: reference.updateRule())
    step.parameters = try reference.start(network)
    let order = [Int32](0..<Int32(samples.count))
    var first = 0
    var furthest = 0.0
    for (number, expected) in reference.losses.enumerated() {
      let batch = first..<min(order.count, first + reference.batchSize)
      let loss = order[batch].withUnsafeBufferPointer { rows in
        if number == 0 {
          step.differentiate(rows: rows, step: 0)
          compare(step.gradient, reference.firstGradient, tolerance: 1e-5, "gradient")
        }
        return step.run(rows: rows, step: number, settings: UpdateSettings(rate: reference.optimizer.rate))
      }
      furthest = max(furthest, abs(loss - expected) / abs(expected))
      first = batch.upperBound == order.count ? 0 : batch.upperBound
    }
    #expect(furthest < 1e-4, "losses differ by \(furthest)")
    compare(step.parameters, reference.finalParameters, tolerance: 1e-3, "final parameters")
    if let averaged = reference.averagedParameters {
      compare(step.result, averaged, tolerance: 1e-3, "averaged parameters")
    } else {
      #expect(step.result == step.parameters)
    }
  }

  /// Differences measured against the largest element of the whole vector: one element may cancel to almost nothing.
  private func compare(
    _ found: Parameters, _ expected: [String: ReferenceCase.Numbers], tolerance: Double, _ what: String
  ) {
    #expect(Set(found.names) == Set(expected.keys))
    let largest = expected.values.flatMap(\.elements).map { abs($0) }.max()!
    for (name, numbers) in expected {
      let difference = zip(found[name]!.elements, numbers.elements).map { abs(Double($0) - $1) }.max()!
      #expect(difference <= tolerance * largest, "\(what) of \(name) differs by \(difference / largest)")
    }
  }
}
