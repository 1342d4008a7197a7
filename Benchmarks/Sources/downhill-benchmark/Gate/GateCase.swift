import ArgumentParser
import Downhill

/// Work whose instructions are counted.
enum GateCase: String, CaseIterable, ExpressibleByArgument {
  case smallestStep = "step-4-16-3@32"
  case smallStep = "step-16-64-64-3@32"
  case wideStep = "step-784-128-10@64"
  case predictedRow = "predict-16-64-64-3@1"
  case table = "csv-500x8"

  /// How often the shorter of two runs does it: some million instructions.
  var count: Int {
    switch self {
    case .smallestStep: 200
    case .smallStep: 40
    case .wideStep: 3
    case .predictedRow: 500
    case .table: 2
    }
  }

  func makeWork() throws -> any Work {
    switch self {
    case .smallestStep: try StepWork(WorkRequest(step: [4, 16, 3], batch: 32))
    case .smallStep: try StepWork(WorkRequest(step: [16, 64, 64, 3], batch: 32))
    case .wideStep: try StepWork(WorkRequest(step: [784, 128, 10], batch: 64))
    case .predictedRow: try PredictionWork(WorkRequest(step: [16, 64, 64, 3], batch: 1))
    case .table: TextTableWork()
    }
  }
}

/// Reads a small table of numbers and words from memory.
private final class TextTableWork: Work {
  private let text: String

  init() {
    var random = RandomStream(seed: 0, purpose: .check)
    let words = ["north", "east", "south", "west"]
    let lines = (0..<500).map { row in
      let numbers = (0..<6).map { _ in fixed(random.normal(), 4) }
      return (["\(row % 40)"] + numbers + [words[row % 4]]).joined(separator: ",")
    }
    text = "a,b,c,d,e,f,g,h\n" + lines.joined(separator: "\n") + "\n"
  }

  func run(count: Int) throws {
    for _ in 0..<count { _ = try Table(contentsOf: .text(text)) }
  }
}
