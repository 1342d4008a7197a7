import AllocationCounter
import DownhillCompute
import DownhillNetwork
import Testing

/// Each test is a process of its own: elsewhere in this one other tests allocate.
@Suite(.enabled(if: allocations_can_be_counted() != 0, "allocations are counted with glibc and no sanitizer"))
struct PredictionAllocationTests {
  @Test func predictingOnOneThreadAllocatesNothing() async {
    await #expect(processExitsWith: .success) { try PredictionCase.runAll(threads: 1) }
  }

  @Test func predictingOnTwoThreadsAllocatesNothing() async {
    await #expect(processExitsWith: .success) { try PredictionCase.runAll(threads: 2) }
  }
}

/// A network whose predictions are counted.
private struct PredictionCase {
  let name: String
  let predictor: Predictor

  static func runAll(threads: Int) throws {
    let pool = WorkerPool(exactly: threads)
    // All threads have begun when this returns.
    pool.run(tiles: threads, of: Meeting(tiles: threads))
    for (name, network) in networks {
      let parameters = try network.initialParameters(seed: 1)
      let test = PredictionCase(
        name: "\(name), \(threads) threads",
        predictor: try Predictor(network, parameters: parameters, workers: pool))
      test.predictRow()
      // One tile, several, and several rounds of tiles.
      for rows in [2, 300, 2_500] { test.predictBatch(rows: rows) }
    }
  }

  private static let networks = [
    (
      "ReLU",
      Network(inputs: 30) {
        Linear(128)
        ReLU()
        Linear(3)
        Softmax()
      }
    ),
    (
      "GELU, dropout and Mish",
      Network(inputs: 30) {
        Linear(128)
        GELU()
        Dropout(0.2)
        Linear(128, bias: false)
        Mish()
        Dropout(0.2)
        Linear(2)
        Sigmoid()
      }
    ),
    (
      "activations that stand alone",
      Network(inputs: 30) {
        SiLU()
        Tanh()
        Linear(64)
        ELU()
        SELU()
        LeakyReLU()
        Linear(1)
      }
    ),
  ]

  private var outputs: Int { (try? predictor.network.outputs().count) ?? 0 }

  func predictRow() {
    let row = Problems.normal(rows: 1, columns: 30, seed: 1).row(0)
    var output = [Float](repeating: .nan, count: outputs)
    expectNoAllocation("a row") {
      output.withUnsafeMutableBufferPointer { output in
        row.withUnsafeBufferPointer { row in
          var output = output.mutableSpan
          predictor.predict(row: row.span, into: &output)
        }
      }
    }
    #expect(output.allSatisfy { $0.isFinite })
  }

  func predictBatch(rows: Int) {
    let inputs = Problems.normal(rows: rows, columns: 30, seed: 1)
    var output = Matrix(rows: rows, columns: outputs, elements: (0..<rows * outputs).map { _ in .nan })
    expectNoAllocation("\(rows) rows") {
      inputs.withView { inputs in output.withMutableView { predictor.predict(inputs, into: $0) } }
    }
    #expect(output.elements.allSatisfy { $0.isFinite })
  }

  /// From the second time on: at first types find out what they conform to.
  private func expectNoAllocation(_ what: String, _ predict: () -> Void) {
    predict()
    allocations_count()
    for _ in 0..<20 { predict() }
    let counted = allocations_counted()
    #expect(counted == 0, "\(name): \(what)")
  }
}
