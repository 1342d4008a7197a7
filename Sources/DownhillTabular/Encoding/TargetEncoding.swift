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

  /// The same of some rows.
  package func classes(of column: Column, rows: [Int32]) -> [Int32] {
    let unknown = Int32(labels.count)
    let places = Dictionary(uniqueKeysWithValues: zip(labels, Int32(0)...))
    switch column.values {
    case .categories(let codes, let names):
      let classes = names.map { places[$0] ?? unknown }
      return rows.map { row in codes[Int(row)] < 0 ? -1 : classes[Int(codes[Int(row)])] }
    case .numbers(let numbers):
      var classes: [Double: Int32] = [:]
      return rows.map { row in
        let number = numbers[Int(row)]
        if number.isNaN { return -1 }
        if let known = classes[number] { return known }
        let found = places[shortText(of: number == 0 ? 0 : number)] ?? unknown
        classes[number] = found
        return found
      }
    case .texts: return classes(of: column.select(rows: rows))
    }
  }
}
