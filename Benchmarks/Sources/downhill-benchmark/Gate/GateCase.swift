import ArgumentParser
import Downhill

/// Work whose instructions are counted.
enum GateCase: String, CaseIterable, ExpressibleByArgument {
  case smallestStep = "step-4-16-3@32"
  case smallStep = "step-16-64-64-3@32"
  case adamStep = "step-16-64-64-3@32-adam"
  case geluStep = "step-16-64-64-3@32-gelu"
  case dropoutStep = "step-16-64-64-3@32-dropout"
  case wideStep = "step-784-128-10@64"
  case epoch = "epoch-4-16-3@32"
  case predictedRow = "predict-16-64-64-3@1"
  case table = "csv-500x8"
  case quotedTable = "csv-500x8-quoted"
  case encoding = "encode-500x8"

  /// How often the shorter of two runs does it: some million instructions.
  var count: Int {
    switch self {
    case .smallestStep: 200
    case .smallStep, .adamStep, .geluStep, .dropoutStep: 40
    case .wideStep: 3
    case .epoch: 10
    case .predictedRow: 500
    case .table, .quotedTable: 2
    case .encoding: 10
    }
  }

  func makeWork() throws -> any Work {
    let small = [16, 64, 64, 3]
    return switch self {
    case .smallestStep: try StepWork(WorkRequest(step: [4, 16, 3], batch: 32))
    case .smallStep: try StepWork(WorkRequest(step: small, batch: 32))
    case .adamStep: try StepWork(WorkRequest(step: small, batch: 32, optimizer: .adam))
    case .geluStep: try StepWork(WorkRequest(step: small, batch: 32, activation: .gelu))
    case .dropoutStep: try StepWork(WorkRequest(step: small, batch: 32, dropout: 0.2))
    case .wideStep: try StepWork(WorkRequest(step: [784, 128, 10], batch: 64))
    case .epoch: TrainingWork(synthetic: WorkRequest(step: [4, 16, 3], batch: 32, rows: 640))
    case .predictedRow: try PredictionWork(WorkRequest(step: small, batch: 1))
    case .table: TextTableWork(quotes: false)
    case .quotedTable: TextTableWork(quotes: true)
    case .encoding: try EncodingWork()
    }
  }
}
