public import DownhillTables

/// What a network is asked for.
public enum LearningTask: String, Sendable, Codable, CaseIterable {
  case classification, regression
}

/// How the target becomes what a network says, and back.
public enum TargetEncoding: Sendable, Codable, Equatable {
  /// One of these labels, ordered by value.
  case classes(labels: [String])
  /// A number: standardised by the training rows unless asked not to, and given back in its own units.
  case value(NumberScaling)

  public var task: LearningTask {
    switch self {
    case .classes: .classification
    case .value: .regression
    }
  }

  /// The labels of a classification; empty for a regression.
  public var labels: [String] {
    if case .classes(let labels) = self { return labels }
    return []
  }

  /// The target's own units in one of the network's.
  public var unit: Double {
    if case .value(let scaling) = self, scaling.scale > 0 { return 1 / scaling.scale }
    return 1
  }

  /// The labels that a target column holds, as indices into this encoding's labels; one past the last label for a label
  /// that isn't among them, −1 for a missing one.
  public func classes(of column: Column) -> [Int32] {
    let places = Dictionary(uniqueKeysWithValues: zip(labels, Int32(0)...))
    let found = column.classes
    let codes = found.labels.map { places[$0] ?? Int32(labels.count) }
    return found.codes.map { $0 < 0 ? -1 : codes[Int($0)] }
  }
}
