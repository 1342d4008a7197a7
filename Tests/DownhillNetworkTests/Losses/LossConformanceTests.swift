import DownhillCompute
import DownhillNetwork
import Testing

@Suite("The conformance suite of losses")
struct LossConformanceTests {
  private let values = Targets.values(normal(rows: 11, columns: 2, seed: 8))
  private let classes = Targets.classes((0..<11).map { Int32(($0 * 7) % 3) })
  private let numbers = normal(rows: 11, columns: 2, seed: 9)

  @Test("passes the package's losses")
  func standard() throws {
    func check(_ loss: some Loss, _ predictions: Matrix, _ targets: Targets, _ last: any Layer) throws {
      #expect(try checkConformance(of: loss, predictions: predictions, targets: targets, last: last).isEmpty)
    }
    try check(MeanSquaredError(), numbers, values, Identity())
    try check(Huber(delta: 0.7), numbers, values, Identity())
    try check(MeanAbsoluteError(), numbers, values, Identity())
    let probabilities = Matrix(
      rows: 11, columns: 3,
      elements: (0..<11).flatMap { row -> [Float] in
        let a = 0.2 + 0.04 * Float(row), b = 0.5 - 0.03 * Float(row)
        return [a, b, 1 - a - b]
      })
    try check(CrossEntropy(labelSmoothing: 0.1), probabilities, classes, Softmax())
    try check(CrossEntropy(classWeights: [1, 2, 0.5]), probabilities, classes, Softmax())
    try check(FocalCrossEntropy(), probabilities, classes, Softmax())
  }

  @Test("finds a derivative that is off by a factor")
  func wrongDerivative() throws {
    #expect(try found(in: Faulty(fault: .derivative)).contains("central differences"))
  }

  @Test("finds weights that are forgotten")
  func forgottenWeights() throws { #expect(try found(in: Faulty(fault: .weights)).contains("weight is 0")) }

  @Test("finds a result that depends on tiles")
  func tiles() throws { #expect(try found(in: Faulty(fault: .tiles)).contains("tiles of rows")) }

  @Test("finds a sum that depends on who asks")
  func sums() throws { #expect(try found(in: Faulty(fault: .sum)).contains("no derivative is asked for")) }

  @Test("finds a fused loss that is another")
  func fusion() throws { #expect(try found(in: Faulty(fault: .fusion)).contains("fused with")) }

  private func found(in loss: Faulty) throws -> String {
    try checkConformance(of: loss, predictions: numbers, targets: values).map(\.description).joined(separator: "\n")
  }
}

/// Σₖ (ŷᵢₖ − yᵢₖ)², with one thing wrong.
private struct Faulty: Loss {
  enum Fault: String, Codable { case derivative, weights, tiles, sum, fusion }
  let fault: Fault

  func evaluate(_ pass: LossPass) -> Double {
    guard case .values(let targets) = pass.target else { return .nan }
    var sum = 0.0
    for row in 0..<pass.prediction.rows {
      let weight = fault == .weights ? 1 : pass.weight(row)
      for column in 0..<pass.prediction.columns {
        let difference = pass.prediction[row, column] - targets[row, column]
        sum += Double(weight * difference * difference)
        let factor: Float = fault == .derivative ? 1 : 2
        let part: Float = fault == .tiles ? 1 + Float(row) : 1
        pass.error?[row, column] = factor * part * pass.scale * weight * difference
      }
    }
    return fault == .sum && pass.error == nil ? sum / 2 : sum
  }

  func fused(with last: any Layer) -> (any Loss)? { fault == .fusion && last is Identity ? Huber() : nil }
  var description: String { "Faulty(\(fault))" }
}
