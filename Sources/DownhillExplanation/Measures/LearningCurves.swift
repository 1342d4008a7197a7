public import DownhillTraining

/// How training went, put together of its events: an epoch after the other, of each member of an ensemble.
public struct LearningCurves: Sendable, Equatable {
  public private(set) var members: [[TrainingEvent.Epoch]] = []

  public init() {}

  public mutating func handle(_ event: TrainingEvent) {
    switch event {
    case .member: members.append([])
    case .began: if members.isEmpty { members.append([]) }
    case .epoch(let epoch): if !members.isEmpty { members[members.count - 1].append(epoch) }
    case .step, .checkpoint, .warning, .ended: break
    }
  }

  /// The names of the metrics of validation rows.
  public var metrics: [String] { members.first?.first?.metrics.map(\.name) ?? [] }
}
